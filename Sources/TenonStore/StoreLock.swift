internal import Glibc
internal import TenonModel

/// The lock that keeps a second host away from a data directory. The kernel releases it when the process
/// ends.
final class StoreLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock of `directory`, or throws `store.locked` with the process id of the holder.
    init(directory: String) throws(TenonError) {
        let path = directory + "/tenon.lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw TenonError(.storeUnavailable, "Cannot open \(path): \(systemMessage(errno)).")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.holder(descriptor)
            Glibc.close(descriptor)
            throw TenonError(
                .storeLocked,
                "Another host\(holder) uses the data directory \(directory). Stop it, or choose another --data."
            )
        }
        let text = Array("\(getpid())\n".utf8)
        // Only for people who look: the lock itself is what counts.
        _ = ftruncate(descriptor, 0)
        _ = pwrite(descriptor, text, text.count, 0)
    }

    deinit { Glibc.close(descriptor) }

    private static func holder(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 20)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let digits = bytes.prefix(max(0, count)).prefix {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        }
        return digits.isEmpty ? "" : " (process \(String(decoding: digits, as: UTF8.self)))"
    }
}

/// The system's words for an error number.
func systemMessage(_ number: Int32) -> String { String(cString: strerror(number)) }
