internal import Crypto
internal import Glibc
internal import TenonModel

/// Reading and writing whole files, with the system's own words where it fails.
enum FileBytes {
    struct Failure: Error {
        let message: String
    }

    private static func failure(_ path: String) -> Failure {
        Failure(message: "\(path): \(String(cString: strerror(errno)))")
    }

    static func read(_ path: String, atMost limit: Int) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        try eachPiece(descriptor, path) { piece throws(Failure) in
            guard bytes.count + piece.count <= limit else {
                throw Failure(message: "\(path): larger than \(limit) bytes")
            }
            bytes.append(contentsOf: piece)
        }
        return bytes
    }

    /// Creates the file, which must not exist, and syncs it.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(Failure) {
        let output = try FileOutput(path: path, mode: mode)
        try bytes.withUnsafeBytes { pointer in
            Result { () throws(Failure) in try output.append(pointer) }
        }.get()
        try output.finish()
    }

    /// Copies a file that may be `limit` bytes long at most and answers the digest of what was copied.
    static func copy(_ path: String, to target: String, atMost limit: Int) throws(Failure) -> (
        TenonModel.Digest, byteCount: Int64
    ) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        let output = try FileOutput(path: target, mode: 0o600)
        var hash = SHA256()
        var byteCount: Int64 = 0
        try eachPiece(descriptor, path) { piece throws(Failure) in
            byteCount += Int64(piece.count)
            guard byteCount <= Int64(limit) else {
                throw Failure(message: "\(path): larger than \(limit) bytes")
            }
            hash.update(bufferPointer: piece)
            try output.append(piece)
        }
        try output.finish()
        return (TenonModel.Digest(HexText.encode(hash.finalize())), byteCount)
    }

    static func digest(of path: String) throws(Failure) -> TenonModel.Digest {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        var hash = SHA256()
        try eachPiece(descriptor, path) { piece throws(Failure) in hash.update(bufferPointer: piece) }
        return TenonModel.Digest(HexText.encode(hash.finalize()))
    }

    private static func eachPiece(
        _ descriptor: Int32, _ path: String, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { piece.deallocate() }
        while true {
            let count = Glibc.read(descriptor, piece.baseAddress, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path) }
            guard count > 0 else { return }
            try body(UnsafeRawBufferPointer(rebasing: piece[..<count]))
        }
    }
}

/// A new file being written.
final class FileOutput {
    private let path: String
    private let descriptor: Int32

    init(path: String, mode: mode_t) throws(FileBytes.Failure) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else {
            throw FileBytes.Failure(message: "\(path): \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    func append(_ bytes: UnsafeRawBufferPointer) throws(FileBytes.Failure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(
                descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw FileBytes.Failure(message: "\(path): \(String(cString: strerror(errno)))")
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Makes what was written durable.
    func finish() throws(FileBytes.Failure) {
        guard fsync(descriptor) == 0 else {
            throw FileBytes.Failure(message: "\(path): \(String(cString: strerror(errno)))")
        }
    }
}
