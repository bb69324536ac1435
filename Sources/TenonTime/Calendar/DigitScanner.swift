/// Reads the parts of dates and times, character by character.
struct DigitScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    /// A time of day; `seconds` counts a leap second as the one before it.
    struct Clock {
        var seconds: Int
        var nanoseconds: Int32
        var offset: Int
        var isLeapSecond: Bool
    }

    var isAtEnd: Bool { position == bytes.count }

    /// Steps over one character, which may be one of two.
    mutating func skip(_ character: Unicode.Scalar, or other: Unicode.Scalar? = nil) -> Bool {
        guard let next, next == UInt8(ascii: character) || other.map({ next == UInt8(ascii: $0) }) == true
        else { return false }
        position += 1
        return true
    }

    /// Exactly `count` digits.
    mutating func number(_ count: Int) -> Int? {
        var value = 0
        for _ in 0..<count {
            guard let digit else { return nil }
            value = value * 10 + digit
            position += 1
        }
        return value
    }

    /// `2026-01-31` as days since 1970-01-01.
    mutating func date() -> Int64? {
        guard let year = number(4), skip("-"), let month = number(2), skip("-"), let day = number(2) else {
            return nil
        }
        return LocalTime(year: year, month: month, day: day)?.daysSinceEpoch
    }

    /// `10:30:00.25Z`.
    mutating func time() -> Clock? {
        guard let hour = number(2), hour < 24, skip(":"), let minute = number(2), minute < 60, skip(":"),
            let second = number(2), second <= 60, let nanoseconds = fraction(), let offset = offset()
        else { return nil }
        let isLeapSecond = second == 60
        return Clock(
            seconds: hour * 3600 + minute * 60 + min(second, 59), nanoseconds: nanoseconds, offset: offset,
            isLeapSecond: isLeapSecond)
    }

    /// `Z` or `+02:00`, in seconds east.
    mutating func offset() -> Int? {
        if skip("Z", or: "z") { return 0 }
        let isWest = next == UInt8(ascii: "-")
        guard skip("+", or: "-"), let hour = number(2), hour < 24, skip(":"), let minute = number(2),
            minute < 60
        else { return nil }
        return (isWest ? -1 : 1) * (hour * 3600 + minute * 60)
    }

    /// `.25`, or nothing: 0.
    private mutating func fraction() -> Int32? {
        guard skip(".") else { return 0 }
        var value: Int32 = 0
        var count = 0
        while let digit {
            if count < 9 { value = value * 10 + Int32(digit) }
            count += 1
            position += 1
        }
        guard count > 0 else { return nil }
        for _ in min(count, 9)..<9 { value *= 10 }
        return value
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private var digit: Int? {
        guard let next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) else { return nil }
        return Int(next - UInt8(ascii: "0"))
    }
}
