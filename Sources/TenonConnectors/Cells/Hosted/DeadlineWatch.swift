internal import Synchronization

/// Cancels calls in the host that are past their deadline, with the reactor as its clock. A call whose
/// deadline is not the nearest costs two atomic operations.
final class DeadlineWatch: ReactorTarget {
    private let instances: [HostedInstance]
    /// When the reactor was asked to look.
    private let nextLook = Atomic<UInt64>(.max)
    private let registration = Atomic<UInt64>(0)

    init(_ instances: [HostedInstance]) { self.instances = instances }

    func start() { registration.store(Reactor.shared.add(self), ordering: .relaxed) }
    func stop() { Reactor.shared.remove(registration.load(ordering: .relaxed)) }

    /// A call has said its deadline to its instance: it or a look that comes sees the other, whatever the
    /// order.
    func expect(_ deadline: UInt64) {
        if lower(deadline) { Reactor.shared.wake(at: deadline) }
    }

    func ready(channel: UInt64) {}

    func tick(now: UInt64) -> UInt64? {
        nextLook.store(.max, ordering: .sequentiallyConsistent)
        let next = instances.reduce(UInt64.max) { min($0, $1.cancelIfLate(now: now)) }
        guard next != .max else { return nil }
        _ = lower(next)
        return next
    }

    private func lower(_ time: UInt64) -> Bool {
        var seen = nextLook.load(ordering: .sequentiallyConsistent)
        while time < seen {
            let (isExchanged, found) = nextLook.compareExchange(
                expected: seen, desired: time, ordering: .sequentiallyConsistent)
            if isExchanged { return true }
            seen = found
        }
        return false
    }
}
