internal import Glibc
internal import TenonConnectorKit

/// What tells one state of a file from another.
struct FileIdentity: Equatable, Sendable {
    var size: Int
    /// Nanoseconds since 1970.
    var modified: Int
    var inode: UInt64
}

/// A file opened for reading by position.
final class SourceFile: Sendable {
    let file: SourceFileName
    let identity: FileIdentity
    private let descriptor: Int32

    init(_ file: SourceFileName) throws(ConnectorError) {
        let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw systemFailure(errno, "opened", file.name) }
        do throws(ConnectorError) {
            identity = try Self.identity(of: descriptor, file)
        } catch {
            close(descriptor)
            throw error
        }
        self.file = file
        self.descriptor = descriptor
        // Only a hint: reads are right without it.
        _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    }

    deinit { close(descriptor) }

    /// Reads from `offset` on, `count` bytes or all that the file had when it was opened.
    func read(
        into memory: UnsafeMutablePointer<UInt8>, offset: Int, count: Int
    ) throws(ConnectorError) -> Int {
        let wanted = min(count, identity.size - offset)
        var done = 0
        while done < wanted {
            let got = pread(descriptor, memory + done, wanted - done, off_t(offset + done))
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw systemFailure(errno, "read", file.name) }
            // Shorter than at the opening.
            guard got > 0 else { throw changed() }
            done += got
        }
        return max(0, done)
    }

    /// In bytes; 0 where there is no such file.
    static func size(of file: SourceFileName) -> Int {
        var state = stat()
        return stat(file.path, &state) == 0 ? Int(state.st_size) : 0
    }

    /// Throws where the file is no longer what it was when it was opened.
    func checkUnchanged() throws(ConnectorError) {
        guard try Self.identity(of: descriptor, file) == identity else { throw changed() }
    }

    private func changed() -> ConnectorError {
        ConnectorError(
            .conflict,
            "The file \"\(file.name)\" changed while it was read. Read it again when it is complete.",
            effect: .notApplied)
    }

    private static func identity(
        of descriptor: Int32, _ file: SourceFileName
    ) throws(ConnectorError) -> FileIdentity {
        var state = stat()
        guard fstat(descriptor, &state) == 0 else { throw systemFailure(errno, "looked at", file.name) }
        guard state.st_mode & S_IFMT == S_IFREG else {
            throw ConnectorError(
                .invalidArgument, "\"\(file.name)\" is not a regular file.", effect: .notApplied)
        }
        let modified = state.st_mtim
        return FileIdentity(
            size: Int(state.st_size), modified: modified.tv_sec &* 1_000_000_000 &+ modified.tv_nsec,
            inode: UInt64(state.st_ino))
    }
}
