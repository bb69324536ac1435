internal import CPlatform
internal import TenonTransport

/// Waits for the next call: for a short while by asking again and again, then asleep. Waking a sleeping
/// thread on another core costs more than a whole call, so the while grows where calls follow each other
/// closely and shrinks where not.
struct AdaptiveSpin {
    private var budget: UInt64 = 0
    private static let longest: UInt64 = 50_000
    private static let shortest: UInt64 = 2000
    /// Calls that come this soon after falling asleep were worth a spin.
    private static let close: UInt64 = 200_000

    mutating func receive(_ socket: FrameSocket) throws(FrameError) -> FrameSocket.Frame {
        let start = tp_monotonic_nanoseconds()
        if budget > 0 {
            repeat {
                if let frame = try socket.receive(wait: false) {
                    budget = min(Self.longest, budget * 2)
                    return frame
                }
                tp_pause()
            } while tp_monotonic_nanoseconds() &- start < budget
            budget = budget / 2 < Self.shortest ? 0 : budget / 2
        }
        while true {
            guard let frame = try socket.receive(wait: true) else { continue }
            if tp_monotonic_nanoseconds() &- start < Self.close { budget = max(budget, Self.longest / 2) }
            return frame
        }
    }
}
