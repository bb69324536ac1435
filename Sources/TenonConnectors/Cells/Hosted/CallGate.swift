internal import CPlatform
internal import Glibc

/// Lets one call at a time onto an instance. A call that has to wait can be cancelled meanwhile, and gives up
/// at its deadline.
///
/// Safe to share (`@unchecked Sendable`): everything is under the mutex.
final class CallGate: @unchecked Sendable {
    enum Refusal { case cancelled, late }

    private struct WaitingCall {
        var id: UInt64
        var isCancelled = false
    }

    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let change = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var isTaken = false
    private var waiting: [WaitingCall] = []

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

    /// Takes the gate. Where it is taken the call counts as waiting from now on, and `wait` has to follow.
    func enter(_ callID: UInt64) -> Bool {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        guard isTaken else {
            isTaken = true
            return true
        }
        waiting.append(WaitingCall(id: callID))
        return false
    }

    /// Waits for the gate until `deadline` (CLOCK_MONOTONIC; 0 for none). A call that got it still counts as
    /// waiting, so that no cancel is lost before `settle`.
    func wait(_ callID: UInt64, until deadline: UInt64) -> Refusal? {
        var time = timespec(tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        var isLate = false
        while true {
            if isCancelled(callID) { return giveUp(callID, .cancelled) }
            if !isTaken { break }
            if isLate { return giveUp(callID, .late) }
            if deadline == 0 {
                pthread_cond_wait(change, lock)
            } else {
                isLate = pthread_cond_timedwait(change, lock, &time) == ETIMEDOUT
            }
        }
        isTaken = true
        return nil
    }

    /// The call has begun: cancels find it in its frame from now on. Answers whether one came before.
    func settle(_ callID: UInt64) -> Bool {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        let wasCancelled = isCancelled(callID)
        waiting.removeAll { $0.id == callID }
        return wasCancelled
    }

    func leave() {
        pthread_mutex_lock(lock)
        isTaken = false
        if !waiting.isEmpty { pthread_cond_broadcast(change) }
        pthread_mutex_unlock(lock)
    }

    /// Cancels a call that waits; false where it does not.
    func cancel(_ callID: UInt64) -> Bool {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        guard let index = waiting.firstIndex(where: { $0.id == callID }) else { return false }
        waiting[index].isCancelled = true
        pthread_cond_broadcast(change)
        return true
    }

    private func isCancelled(_ callID: UInt64) -> Bool {
        waiting.contains { $0.id == callID && $0.isCancelled }
    }

    private func giveUp(_ callID: UInt64, _ refusal: Refusal) -> Refusal {
        waiting.removeAll { $0.id == callID }
        // A wake-up that was meant for this call is another one's now.
        if !isTaken { pthread_cond_broadcast(change) }
        return refusal
    }
}
