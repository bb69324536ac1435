internal import Glibc
internal import Synchronization

/// What was found out about files that have not changed since: a pipeline asks twice for each one.
final class SniffedFiles: Sendable {
    static let shared = SniffedFiles()
    private static let maxFiles = 1024

    /// A file in one of its states, looked at in one way; nil where it cannot be told, or is so new that it may
    /// change again without a later time.
    struct Identity: Hashable {
        private let path: String
        private let configuration: FilesConfiguration
        private let numbers: [Int]

        init?(_ path: String, _ configuration: FilesConfiguration) {
            var status = stat()
            guard stat(path, &status) == 0, time(nil) > status.st_ctim.tv_sec + 1 else { return nil }
            self.path = path
            self.configuration = configuration
            numbers = [
                Int(truncatingIfNeeded: status.st_dev), Int(truncatingIfNeeded: status.st_ino),
                status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec,
                status.st_ctim.tv_nsec,
            ]
        }
    }

    private let known = Mutex<[Identity: SniffedFile]>([:])

    subscript(identity: Identity?) -> SniffedFile? {
        get { identity.flatMap { identity in known.withLock { $0[identity] } } }
        set {
            guard let identity else { return }
            known.withLock { known in
                if known.count >= Self.maxFiles { known = [:] }
                known[identity] = newValue
            }
        }
    }
}
