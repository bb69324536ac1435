package import TenonModel
package import TenonTime

/// Texts for the ends of a range of time, as people write them.
package enum BoundText {
    /// A moment with an offset, or a date or time on the clocks of the zone: `2026-12-31`, `2026-12-31T18:00`,
    /// `2026-12-31T18:00:00Z`. A date that is an end is the last microsecond of its day. Nil where the text is
    /// none of them.
    package static func moment(_ text: String, in zone: TimeZoneRules, isEnd: Bool) -> Timestamp? {
        if let moment = RFC3339.parse(text) ?? RFC3339.parse(withSeconds(text)) {
            return timestamp(moment.seconds, moment.nanoseconds)
        }
        if let day = RFC3339.day(text) {
            let midnight = instant((day + (isEnd ? 1 : 0)) * 86_400, zone)
            return Timestamp(wholeSeconds: midnight) + .microseconds(isEnd ? -1 : 0)
        }
        let local = RFC3339.parse(text + "Z") ?? RFC3339.parse(text + ":00Z")
        return local.map { timestamp(instant($0.seconds, zone), $0.nanoseconds) }
    }

    /// `2026-12-31T18:00+02:00` with seconds, which RFC 3339 asks for.
    private static func withSeconds(_ text: String) -> String {
        let head = "2026-12-31T18:00".utf8.count
        guard let place = text.utf8.index(text.startIndex, offsetBy: head, limitedBy: text.endIndex) else {
            return text
        }
        return String(text[..<place]) + ":00" + String(text[place...])
    }

    private static func timestamp(_ seconds: Int64, _ nanoseconds: Int32) -> Timestamp {
        Timestamp(wholeSeconds: seconds) + .microseconds(Int64(nanoseconds / 1000))
    }

    /// The moment at which clocks show a time: the first in a fold, the end of a gap.
    private static func instant(_ local: Int64, _ zone: TimeZoneRules) -> Int64 {
        switch zone.instants(LocalTime(secondsFromEpochAsIfUTC: local)) {
        case .one(let instant): instant
        case .two(let first, _): first
        case .none(_, let transition): transition
        }
    }
}
