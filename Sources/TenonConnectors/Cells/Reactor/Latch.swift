internal import CPlatform
internal import Glibc

/// A value that is set once and waited for by threads that may block.
///
/// Safe to share (`@unchecked Sendable`): the value is under the mutex.
final class Latch<Value: Sendable>: @unchecked Sendable {
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let change = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var value: Value?

    init() {
        pthread_mutex_init(lock, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(change, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(change)
        pthread_mutex_destroy(lock)
        change.deallocate()
        lock.deallocate()
    }

    /// The first value stays.
    func set(_ newValue: Value) {
        pthread_mutex_lock(lock)
        if value == nil { value = newValue }
        pthread_cond_broadcast(change)
        pthread_mutex_unlock(lock)
    }

    func wait() -> Value {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        while true {
            if let value { return value }
            pthread_cond_wait(change, lock)
        }
    }

    /// Waits until `deadline` (CLOCK_MONOTONIC); nil where nothing came.
    func wait(until deadline: UInt64) -> Value? {
        var time = timespec(tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        while value == nil {
            if pthread_cond_timedwait(change, lock, &time) == ETIMEDOUT { return value }
        }
        return value
    }
}
