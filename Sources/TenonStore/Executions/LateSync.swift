internal import Glibc

/// Brings to the disk, within a tenth of a second, what relaxed commits have only handed to the operating
/// system.
final class LateSync: @unchecked Sendable {
    private static let delayNanoseconds: UInt64 = 100_000_000

    // Invariant: all below is only touched while `condition` is locked.
    private let condition = Condition()
    private let path: String
    private var isNeeded = false
    private var isStopping = false
    private var thread: pthread_t?

    init(path: String) { self.path = path }

    func needed() {
        condition.lock()
        defer { condition.unlock() }
        guard !isNeeded else { return }
        isNeeded = true
        if thread == nil { thread = startThread { [self] in run() } }
        condition.signal()
    }

    /// Returns when everything is on the disk and the thread has ended.
    func stop() {
        let running = condition.withLock {
            isStopping = true
            condition.signal()
            defer { thread = nil }
            return thread
        }
        if let running { pthread_join(running, nil) }
    }

    private func run() {
        // Nothing but this class holds locks on the log, and POSIX locks of SQLite are not on this file, so
        // that closing it harms nobody.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        condition.lock()
        while !(isStopping && !isNeeded) {
            guard isNeeded else {
                condition.wait()
                continue
            }
            let deadline = monotonicNanoseconds() + Self.delayNanoseconds
            while !isStopping, condition.wait(until: deadline) {}
            isNeeded = false
            condition.unlock()
            fdatasync(descriptor)
            condition.lock()
        }
        condition.unlock()
    }
}
