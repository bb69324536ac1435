/// Dates and times as RFC 3339 writes them: `2026-01-31T10:30:00.25+01:00`.
package enum RFC3339 {
    /// A moment with what was written about its zone.
    package typealias Moment = (seconds: Int64, nanoseconds: Int32, offset: Int)

    /// Longer texts are no moments.
    private static let maxLength = 64

    /// The moment in Unix seconds and the rest in nanoseconds (digits after the ninth are dropped), with the
    /// offset in seconds east of UTC; nil where the text is not a moment of the years 0001 to 9999 (UTC).
    ///
    /// With `leapSeconds`, 23:59:60 UTC is read, too, as the second after it.
    package static func parse(_ text: String, leapSeconds: Bool = false) -> Moment? {
        guard text.utf8.count <= maxLength else { return nil }
        var scanner = DigitScanner(text)
        guard let days = scanner.date(), scanner.skip("T", or: "t"), let clock = scanner.time(),
            scanner.isAtEnd
        else { return nil }
        let seconds = days * 86_400 + Int64(clock.seconds - clock.offset)
        if clock.isLeapSecond {
            // The offset is a whole number of minutes, so the second after is the first of a minute in UTC.
            guard leapSeconds, (seconds + 1) % 86_400 == 0 else { return nil }
            return moment(seconds + 1, 0, clock.offset)
        }
        return moment(seconds, clock.nanoseconds, clock.offset)
    }

    /// Whether the text is a date, such as `2026-01-31`.
    package static func isDate(_ text: String) -> Bool { day(text) != nil }

    /// Days since 1970-01-01 of a date such as `2026-01-31`, or nil.
    package static func day(_ text: String) -> Int64? {
        guard text.utf8.count == 10 else { return nil }
        var scanner = DigitScanner(text)
        return scanner.date()
    }

    /// Whether the text is a time of day with an offset, such as `10:30:00Z`; a leap second counts where UTC
    /// can have one.
    package static func isTime(_ text: String) -> Bool {
        var scanner = DigitScanner(text)
        return isTime(&scanner)
    }

    /// Whether the text is a date and such a time, of whatever year has four digits.
    package static func isDateTime(_ text: String) -> Bool {
        var scanner = DigitScanner(text)
        return scanner.date() != nil && scanner.skip("T", or: "t") && isTime(&scanner)
    }

    private static func isTime(_ scanner: inout DigitScanner) -> Bool {
        guard let clock = scanner.time(), scanner.isAtEnd else { return false }
        let utc = clock.seconds - clock.offset + 1
        return !clock.isLeapSecond || utc % 86_400 == 0
    }

    /// The text of a moment on a clock `offset` seconds ahead of UTC; `Z` where that is 0. Nanoseconds are
    /// written with 3, 6 or 9 digits, or none. Seconds of an offset, which the form does not have, are cut.
    package static func print(seconds: Int64, nanoseconds: Int32 = 0, offset: Int = 0) -> String {
        let shown = offset / 60 * 60
        let local = LocalTime(unixSeconds: seconds, offset: shown)
        var text = padded(local.year, 4) + "-" + padded(local.month, 2) + "-" + padded(local.day, 2)
        text += "T" + padded(local.hour, 2) + ":" + padded(local.minute, 2) + ":" + padded(local.second, 2)
        return text + fraction(nanoseconds) + zone(shown)
    }

    /// `Z`, `+02:00`, `-03:30`.
    private static func zone(_ offset: Int) -> String {
        guard offset != 0 else { return "Z" }
        let minutes = abs(offset) / 60
        return (offset < 0 ? "-" : "+") + padded(minutes / 60, 2) + ":" + padded(minutes % 60, 2)
    }

    private static func fraction(_ nanoseconds: Int32) -> String {
        guard nanoseconds > 0 else { return "" }
        let number = Int(nanoseconds)
        if number % 1_000_000 == 0 { return "." + padded(number / 1_000_000, 3) }
        if number % 1000 == 0 { return "." + padded(number / 1000, 6) }
        return "." + padded(number, 9)
    }

    private static func moment(_ seconds: Int64, _ nanoseconds: Int32, _ offset: Int) -> Moment? {
        guard (Self.first...Self.last).contains(seconds) else { return nil }
        return (seconds, nanoseconds, offset)
    }

    /// Unix seconds of 0001-01-01T00:00:00Z.
    package static let first: Int64 = -62_135_596_800
    /// Unix seconds of 9999-12-31T23:59:59Z.
    package static let last: Int64 = 253_402_300_799

    package static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number.magnitude)
        let zeros = String(repeating: "0", count: max(0, width - digits.utf8.count))
        return (number < 0 ? "-" : "") + zeros + digits
    }
}
