internal import Synchronization

/// How long a caller looks for the answer of its call by itself before it leaves that to the reactor: at most
/// 20 µs, and not at all for a while where the connector is slower than that anyway.
final class SpinBudget: Sendable {
    private static let longest: UInt64 = 20_000
    private static let maxMisses = 64

    private let misses = Atomic<Int>(0)
    private let skipped = Atomic<Int>(0)

    /// Nanoseconds to spin now.
    func nanoseconds() -> UInt64 {
        let missed = misses.load(ordering: .relaxed)
        guard missed >= 4 else { return Self.longest }
        // After many misses only every so many calls try again.
        let turn = skipped.wrappingAdd(1, ordering: .relaxed).newValue
        return turn % min(missed, Self.maxMisses) == 0 ? Self.longest : 0
    }

    func hit() { misses.store(0, ordering: .relaxed) }
    func miss() { misses.wrappingAdd(1, ordering: .relaxed) }
}
