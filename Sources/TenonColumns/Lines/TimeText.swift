internal import TenonModel

/// Dates and times as RFC 3339 writes them.
package enum TimeText {
    package static func date(_ days: Int32) -> String { CivilDate(daysSinceEpoch: Int64(days)).description }

    /// `10:30:00`, with a fraction where there is one.
    package static func time(_ microseconds: Int64) -> String {
        let seconds = microseconds / 1_000_000
        let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(
            separator: ":")
        let fraction = microseconds % 1_000_000
        guard fraction != 0 else { return clock }
        return fraction % 1000 == 0
            ? clock + "." + padded(fraction / 1000, 3) : clock + "." + padded(fraction, 6)
    }

    package static func timestamp(_ microseconds: Int64, isUTC: Bool) -> String {
        let day = microseconds.flooredDivision(by: 86_400_000_000)
        // Wraps twice at the earliest moments, and so is right there too.
        let rest = microseconds &- day &* 86_400_000_000
        return "\(CivilDate(daysSinceEpoch: day))T\(time(rest))\(isUTC ? "Z" : "")"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    // MARK: Reading

    package static func date(_ text: UnsafeRawBufferPointer) -> Int32? {
        var reader = DigitReader(text)
        guard let days = reader.date(), reader.isAtEnd else { return nil }
        return Int32(exactly: days)
    }

    package static func time(_ text: UnsafeRawBufferPointer) -> Int64? {
        var reader = DigitReader(text)
        guard let time = reader.time(), reader.isAtEnd else { return nil }
        return time
    }

    /// Microseconds; a zone is needed where `isUTC`, and not allowed where not.
    package static func timestamp(_ text: UnsafeRawBufferPointer, isUTC: Bool) -> Int64? {
        var reader = DigitReader(text)
        guard let days = reader.date(), reader.skip("T") || reader.skip("t") || reader.skip(" "),
            let time = reader.time()
        else { return nil }
        let local = days * 86_400_000_000 + time
        guard isUTC else { return reader.isAtEnd ? local : nil }
        guard let offset = reader.zone(), reader.isAtEnd else { return nil }
        return local - offset
    }
}

private struct DigitReader {
    private let text: UnsafeRawBufferPointer
    private var position = 0

    init(_ text: UnsafeRawBufferPointer) { self.text = text }

    var isAtEnd: Bool { position == text.count }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func digits(_ count: Int) -> Int64? {
        guard position + count <= text.count else { return nil }
        var value: Int64 = 0
        for _ in 0..<count {
            let digit = text[position] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int64(digit)
            position += 1
        }
        return value
    }

    /// Days since 1970-01-01; only dates that exist.
    mutating func date() -> Int64? {
        guard let year = digits(4), skip("-"), let month = digits(2), skip("-"), let day = digits(2),
            (1...12).contains(month), day >= 1
        else { return nil }
        let date = CivilDate(year: year, month: month, day: day)
        guard CivilDate(daysSinceEpoch: date.daysSinceEpoch) == date else { return nil }
        return date.daysSinceEpoch
    }

    mutating func time() -> Int64? {
        guard let hour = digits(2), skip(":"), let minute = digits(2), skip(":"), let second = digits(2),
            hour < 24,
            minute < 60, second < 60
        else { return nil }
        var microseconds = (hour * 3600 + minute * 60 + second) * 1_000_000
        guard skip(".") else { return microseconds }
        var unit: Int64 = 100_000
        let start = position
        while let digit = digits(1) {
            // Digits beyond microseconds must not be lost in silence.
            guard unit > 0 || digit == 0 else { return nil }
            microseconds += digit * unit
            unit /= 10
        }
        return position > start ? microseconds : nil
    }

    mutating func zone() -> Int64? {
        if skip("Z") || skip("z") { return 0 }
        let isNegative = skip("-")
        guard isNegative || skip("+"), let hour = digits(2), skip(":"), let minute = digits(2), hour < 24,
            minute < 60
        else { return nil }
        return (isNegative ? -1 : 1) * (hour * 3600 + minute * 60) * 1_000_000
    }
}
