internal import TenonModel
internal import TenonTime

/// A moment as people write it: RFC 3339, or without offset a date or time of a zone.
enum MomentText {
    static let form = "a time such as 2026-11-24, 2026-11-24T02:00 or 2026-11-24T02:00:00+01:00"

    /// Nil where the text is no moment. A local time that a zone skips is the moment of the change, one that
    /// occurs twice the first.
    static func moment(_ text: String, in zone: TimeZoneRules) -> Timestamp? {
        if let exact = RFC3339.parse(text) {
            return Timestamp(seconds: exact.seconds, nanoseconds: exact.nanoseconds)
        }
        // The offset that is missing is written, so that one reader knows all forms.
        let completed = ["T00:00:00Z", ":00Z", "Z"].lazy.compactMap { RFC3339.parse(text + $0) }.first
        guard let local = completed else { return nil }
        let seconds: Int64 =
            switch zone.instants(LocalTime(secondsFromEpochAsIfUTC: local.seconds)) {
            case .one(let instant): instant
            case .two(let first, _): first
            case .none(_, let transition): transition
            }
        return Timestamp(seconds: seconds, nanoseconds: local.nanoseconds)
    }
}

extension Timestamp {
    /// The seconds are those of a year up to 9999, which no product here overflows.
    fileprivate init(seconds: Int64, nanoseconds: Int32) {
        self.init(microseconds: seconds * 1_000_000 + Int64(nanoseconds) / 1000)
    }
}
