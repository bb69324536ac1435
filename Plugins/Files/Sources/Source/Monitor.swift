internal import Glibc

/// A lock with a condition that threads wait for.
final class Monitor: @unchecked Sendable {
    // Unchecked: both stand at an address of their own from init to deinit and are made for many threads.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func locked<Answer>(_ body: () throws -> Answer) rethrows -> Answer {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }

    /// Lets the lock go until `notify`; may also return without one. Only inside `locked`.
    func wait() { pthread_cond_wait(condition, mutex) }

    /// The same, for about `milliseconds` at most.
    func wait(milliseconds: Int) {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let nanoseconds = now.tv_nsec + milliseconds * 1_000_000
        var end = timespec(
            tv_sec: now.tv_sec + nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000)
        pthread_cond_timedwait(condition, mutex, &end)
    }

    /// Wakes all that wait.
    func notify() { pthread_cond_broadcast(condition) }
}

/// A thread that runs a body and can be waited for.
struct WorkerThread: @unchecked Sendable {
    // Unchecked: the id of a thread may be used anywhere; `join` is called once, by the thread's owner.
    private let thread: pthread_t

    /// Nil where the system gives no more threads.
    init?(_ body: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(ThreadBody(body))
        var started: pthread_t = 0
        let status = pthread_create(&started, nil, { Self.run($0) }, box.toOpaque())
        guard status == 0 else {
            box.release()
            return nil
        }
        thread = started
    }

    /// Waits until the body has returned.
    func join() { pthread_join(thread, nil) }

    private static func run(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let context else { return nil }
        Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().body()
        return nil
    }
}

private final class ThreadBody {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}
