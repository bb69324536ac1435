package import TenonModel

/// When the clocks of a place show what: its offsets from UTC, past and to come.
package struct TimeZoneRules: Sendable {
    /// The name it was asked for: `Europe/Berlin`, `UTC`, `+02:00`.
    package let name: String
    private let table: ZoneTable

    /// The zone of a name of the IANA database, of `UTC` (or `Z`), or of a fixed offset such as `+02:00`.
    /// Throws `time.unknown-zone`, with the name that was probably meant.
    package static func named(_ name: String) throws(TenonError) -> TimeZoneRules {
        if name == "UTC" || name == "Z" { return .utc }
        if let offset = fixedOffset(name) {
            return TimeZoneRules(name: name, table: ZoneTable(fixedOffset: offset))
        }
        return TimeZoneRules(name: name, table: try ZoneDatabase.shared.table(name))
    }

    package static let utc = TimeZoneRules(name: "UTC", table: ZoneTable(fixedOffset: 0))

    /// The names of the IANA database on this machine, sorted; only "UTC" where there is none.
    package static var known: [String] { ZoneDatabase.shared.names }

    /// The zone that a zone file's bytes (TZif, RFC 9636) describe, or nil where they are damaged or count leap
    /// seconds.
    package init?(name: String, file: [UInt8]) {
        guard let table = ZoneFile.read(file) else { return nil }
        self.init(name: name, table: table)
    }

    init(name: String, table: ZoneTable) {
        self.name = name
        self.table = table
    }

    /// Seconds east of UTC.
    package func offset(at unixSeconds: Int64) -> Int { table.segment(at: unixSeconds).offset }

    /// The time without a change of the offset that `unixSeconds` is in.
    package func segment(at unixSeconds: Int64) -> ZoneSegment { table.segment(at: unixSeconds) }

    /// The next moment at which the offset changes, or nil where it never does again.
    package func nextTransition(after unixSeconds: Int64) -> Int64? {
        let end = table.segment(at: unixSeconds).end
        return end == .max ? nil : end
    }

    /// From here on everything repeats after `cycleSeconds`, weekdays and dates as well; nil where no offset
    /// changes any more from some moment on.
    package var cycleStart: Int64? { table.cycleStart }

    /// Seconds of 400 years.
    package static let cycleSeconds: Int64 = 146_097 * 86_400

    /// What a clock there shows.
    package func local(at unixSeconds: Int64) -> LocalTime {
        LocalTime(unixSeconds: unixSeconds, offset: offset(at: unixSeconds))
    }

    /// `+02:00`, `-05:30` or `02:00` as seconds east, up to 18 hours.
    private static func fixedOffset(_ name: String) -> Int? {
        let sign = name.utf8.first
        let hasSign = sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-")
        guard name.utf8.count == (hasSign ? 6 : 5) else { return nil }
        var scanner = DigitScanner(hasSign ? String(name.dropFirst()) : name)
        guard let hours = scanner.number(2), scanner.skip(":"), let minutes = scanner.number(2),
            minutes < 60, hours * 60 + minutes <= 18 * 60
        else { return nil }
        return (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 3600 + minutes * 60)
    }
}

/// A time in which the clocks of a zone keep one offset.
package struct ZoneSegment: Equatable, Sendable {
    /// Unix seconds of its first second; `Int64.min` where there is none before.
    package var start: Int64
    /// Unix seconds of the first second after it; `Int64.max` where there is none.
    package var end: Int64
    /// Seconds east of UTC.
    package var offset: Int
    /// The offset before `start`; equal to `offset` where there is none.
    package var offsetBefore: Int
    /// The offset from `end` on; equal to `offset` where there is none.
    package var offsetAfter: Int
}
