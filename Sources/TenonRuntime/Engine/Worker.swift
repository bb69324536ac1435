internal import Glibc
internal import Synchronization
internal import TenonStore

/// One thread of the engine.
final class Worker: Sendable {
    /// When the call began that the thread is in, in nanoseconds of CLOCK_MONOTONIC; 0 where it is in none.
    let callBegan = Atomic<UInt64>(0)
    let isSpare: Bool

    init(isSpare: Bool) { self.isSpare = isSpare }

    func isBlocked(at now: UInt64) -> Bool {
        let began = callBegan.load(ordering: .relaxed)
        return began != 0 && now &- began > Engine.blockedAfterNanoseconds && now > began
    }
}
