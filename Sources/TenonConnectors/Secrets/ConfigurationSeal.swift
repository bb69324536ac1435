internal import Crypto
internal import Foundation
internal import Glibc
internal import TenonJSON
internal import TenonModel
internal import TenonStore

/// Seals configurations as a whole, and secrets (AES-256-GCM), each bound to its owner, so that a sealed
/// text cannot be moved to another.
struct ConfigurationSeal: Sendable {
    /// Stands before every sealed text, so that the way of sealing can change.
    private static let format: UInt8 = 1
    private static let keyBytes = 32
    private let key: SymmetricKey

    /// Reads the key of the data directory, or makes it where nothing has been sealed yet.
    init(dataDirectory: String, isNew: Bool) throws(TenonError) {
        let path = DataDirectory.keys(in: dataDirectory) + "/master.key"
        do throws(FileBytes.Failure) {
            if isNew, access(path, F_OK) != 0 { try Self.makeKey(at: path) }
            try Self.checkMode(of: path)
            let bytes = try FileBytes.read(path, atMost: Self.keyBytes)
            guard bytes.count == Self.keyBytes else {
                throw FileBytes.Failure(message: "\(path) does not hold \(Self.keyBytes) bytes")
            }
            key = SymmetricKey(data: bytes)
        } catch {
            throw TenonError(
                .secretsKey,
                "The key of the sealed configurations cannot be used: \(error.message). "
                    + "Put keys/master.key back from a copy of the data directory.")
        }
    }

    private static func makeKey(at path: String) throws(FileBytes.Failure) {
        let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        let temporary = "\(path).\(getpid())"
        unlink(temporary)
        try FileBytes.write(bytes, to: temporary, mode: 0o600)
        guard rename(temporary, path) == 0 else {
            throw FileBytes.Failure(message: "\(path): \(String(cString: strerror(errno)))")
        }
        FolderTree.sync(String(path.dropLast("/master.key".count)))
    }

    private static func checkMode(of path: String) throws(FileBytes.Failure) {
        var facts = stat()
        guard stat(path, &facts) == 0 else {
            throw FileBytes.Failure(message: "\(path): \(String(cString: strerror(errno)))")
        }
        guard facts.st_mode & 0o077 == 0 else {
            throw FileBytes.Failure(message: "\(path) can be read by others than its owner (make it 0600)")
        }
    }

    func sealed(_ configuration: JSON, owner: String) throws(TenonError) -> [UInt8] {
        do {
            let box = try AES.GCM.seal(
                JSONWriter.bytes(configuration), using: key, authenticating: Array(owner.utf8))
            // `combined` is nil only for a nonce of another size than the one made here.
            guard let combined = box.combined else { throw CryptoKitError.incorrectParameterSize }
            return [Self.format] + Array(combined)
        } catch {
            throw TenonError(.secretsKey, "Nothing can be sealed: \(error).")
        }
    }

    func opened(_ sealed: [UInt8], owner: String) throws(TenonError) -> JSON {
        do {
            guard sealed.first == Self.format else { throw CryptoKitError.incorrectParameterSize }
            let box = try AES.GCM.SealedBox(combined: sealed.dropFirst())
            let bytes = try AES.GCM.open(box, using: key, authenticating: Array(owner.utf8))
            return try JSONParser.parse([UInt8](bytes))
        } catch {
            throw TenonError(
                .secretsUnreadable,
                "What is sealed for \(owner) cannot be opened with this key. Put keys/master.key and tenon.db "
                    + "back from the same copy of the data directory.")
        }
    }
}
