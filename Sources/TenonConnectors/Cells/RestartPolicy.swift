/// Decides when a cell that ended is started again.
///
///     running --ended--> waiting (10 ms, doubled each time up to 30 s) --started--> running
///     5 ends within 60 s: degraded, tried again every 30 s; 60 s of quiet forget what was
struct RestartPolicy: Sendable {
    struct Decision: Equatable, Sendable {
        var delayNanoseconds: UInt64
        var isDegraded: Bool
    }

    static let firstDelay: UInt64 = 10_000_000
    static let longestDelay: UInt64 = 30_000_000_000
    static let window: UInt64 = 60_000_000_000
    static let endsInWindow = 5

    private var ends: [UInt64] = []

    /// The cell ended, or could not be started, at `now` (monotonic nanoseconds).
    mutating func ended(at now: UInt64) -> Decision {
        ends.removeAll { now &- $0 > Self.window }
        ends.append(now)
        if ends.count >= Self.endsInWindow {
            if ends.count > Self.endsInWindow { ends.removeFirst() }
            return Decision(delayNanoseconds: Self.longestDelay, isDegraded: true)
        }
        let delay = min(Self.longestDelay, Self.firstDelay << UInt64(ends.count - 1))
        return Decision(delayNanoseconds: delay, isDegraded: false)
    }
}
