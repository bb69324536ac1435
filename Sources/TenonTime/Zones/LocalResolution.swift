/// The moments at which the clocks of a zone show a local time.
package enum LocalResolution: Equatable, Sendable {
    case one(Int64)
    /// The clocks were set back over it and show it twice.
    case two(first: Int64, second: Int64)
    /// The clocks were set forward over it and never show it. `before` is the moment read with the offset that
    /// ended, `transition` the moment at which they were set.
    case none(before: Int64, transition: Int64)
}

extension TimeZoneRules {
    /// No clock is further from UTC than this, in seconds (RFC 9636 allows 26 hours).
    static let farthestOffset = 26 * 3600

    /// The moments at which the clocks show `local`, in Unix seconds.
    package func instants(_ local: LocalTime) -> LocalResolution {
        let shown = local.secondsFromEpochAsIfUTC
        let last = shown.clampedAdding(Int64(Self.farthestOffset))
        var segment = segment(at: shown.clampedAdding(-Int64(Self.farthestOffset)))
        var found: [Int64] = []
        var gap: LocalResolution?
        while true {
            let instant = shown.clampedAdding(-Int64(segment.offset))
            if instant >= segment.start && instant < segment.end { found.append(instant) }
            guard segment.end < last else { break }
            let after = shown.clampedAdding(-Int64(segment.offsetAfter))
            if instant >= segment.end && after < segment.end {
                gap = .none(before: instant, transition: segment.end)
            }
            segment = self.segment(at: segment.end)
        }
        guard let first = found.first, let second = found.last else {
            return gap ?? .one(shown.clampedAdding(-Int64(segment.offset)))
        }
        return first == second ? .one(first) : .two(first: first, second: second)
    }
}
