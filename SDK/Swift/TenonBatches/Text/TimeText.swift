/// Dates and times as RFC 3339 writes them.
public enum TimeText {
    @usableFromInline static let dayMicroseconds: Int64 = 86_400_000_000

    // MARK: Reading

    /// Days since 1970-01-01 of `2026-01-31`; nil for other text and dates that do not exist.
    public static func date32(_ text: UnsafeRawBufferPointer) -> Int32? {
        guard text.count == 10, let days = days(text) else { return nil }
        return Int32(truncatingIfNeeded: days)
    }

    /// Microseconds since midnight of `10:30:00`, with a fraction if need be; nil for other text.
    public static func time64(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard let (microseconds, end) = time(text, from: 0), end == text.count else { return nil }
        return microseconds
    }

    /// Microseconds since 1970-01-01 of `2026-01-31T10:30:00Z`: `T`, `t` or a space in the middle, a fraction
    /// if need be. A zone is needed where `isUTC`, and not allowed where not.
    public static func timestamp(_ text: UnsafeRawBufferPointer, isUTC: Bool) -> Int64? {
        guard text.count >= 19, let days = days(text) else { return nil }
        let separator = text[10]
        guard separator | 0x20 == UInt8(ascii: "t") || separator == UInt8(ascii: " "),
            let (time, end) = time(text, from: 11)
        else { return nil }
        let local = days &* dayMicroseconds &+ time
        guard isUTC else { return end == text.count ? local : nil }
        guard let offset = zone(text, from: end) else { return nil }
        return local &- offset
    }

    /// The date in the first ten bytes, which must be there.
    private static func days(_ text: UnsafeRawBufferPointer) -> Int64? {
        let word = text.loadUnaligned(as: UInt64.self)
        let day = UInt64(text.loadUnaligned(fromByteOffset: 8, as: UInt16.self))
        guard word & 0xFF00_00FF_0000_0000 == 0x2D00_002D_0000_0000 else { return nil }
        let digits = word & 0xFFFF_FFFF | (word >> 40 & 0xFFFF) << 32 | day << 48
        guard DigitWord.isAllDigits(digits) else { return nil }
        let pairs = DigitWord.pairs(digits)
        return CivilDays.days(year: pairs.first * 100 + pairs.second, month: pairs.third, day: pairs.fourth)
    }

    /// The time from `start` on, and where it ends.
    private static func time(_ text: UnsafeRawBufferPointer, from start: Int) -> (Int64, end: Int)? {
        guard start + 8 <= text.count else { return nil }
        let word = text.loadUnaligned(fromByteOffset: start, as: UInt64.self)
        guard word & 0x0000_FF00_00FF_0000 == 0x0000_3A00_003A_0000 else { return nil }
        let digits = word & 0xFFFF | (word >> 24 & 0xFFFF) << 16 | (word >> 48) << 32 | 0x3030 << 48
        guard DigitWord.isAllDigits(digits) else { return nil }
        let (hour, minute, second, _) = DigitWord.pairs(digits)
        guard hour < 24, minute < 60, second < 60 else { return nil }
        let microseconds = Int64(hour &* 3600 &+ minute &* 60 &+ second) &* 1_000_000
        let end = start + 8
        guard end < text.count, text[end] == UInt8(ascii: ".") else { return (microseconds, end) }
        guard let (fraction, last) = fraction(text, from: end + 1) else { return nil }
        return (microseconds + fraction, last)
    }

    private static func fraction(_ text: UnsafeRawBufferPointer, from start: Int) -> (Int64, end: Int)? {
        var microseconds: Int64 = 0
        var unit: Int64 = 100_000
        var index = start
        while index < text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            // Digits beyond microseconds must not be lost in silence.
            guard unit > 0 || digit == 0 else { return nil }
            microseconds += Int64(digit) * unit
            unit /= 10
            index += 1
        }
        return index > start ? (microseconds, index) : nil
    }

    /// The offset of the zone that ends the text, in microseconds.
    private static func zone(_ text: UnsafeRawBufferPointer, from start: Int) -> Int64? {
        if start + 1 == text.count, text[start] | 0x20 == UInt8(ascii: "z") { return 0 }
        guard start + 6 == text.count, text[start + 3] == UInt8(ascii: ":") else { return nil }
        let isNegative = text[start] == UInt8(ascii: "-")
        guard isNegative || text[start] == UInt8(ascii: "+") else { return nil }
        var digits: [Int64] = []
        for index in [1, 2, 4, 5] {
            let digit = text[start + index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            digits.append(Int64(digit))
        }
        let (hour, minute) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3])
        guard hour < 24, minute < 60 else { return nil }
        return (isNegative ? -1 : 1) * (hour * 3600 + minute * 60) * 1_000_000
    }

    // MARK: Writing

    /// What must be writable where a date or time is written, though they have at most 36 bytes.
    @inlinable public static var room: Int { 64 }

    /// Writes `2026-01-31` and answers how many bytes it has.
    public static func write(date32 days: Int32, to target: UnsafeMutablePointer<UInt8>) -> Int {
        write(days: Int64(days), to: target)
    }

    /// Writes `10:30:00`, with 3 or 6 digits of a fraction where there is one, and answers how many bytes it
    /// has.
    public static func write(time64 microseconds: Int64, to target: UnsafeMutablePointer<UInt8>) -> Int {
        // What is no time of a day must not leave the room; it is written as the time that it would be.
        let time = microseconds % dayMicroseconds
        let whole = UInt64(time < 0 ? time + dayMicroseconds : time)
        let seconds = whole / 1_000_000
        let fraction = whole - seconds * 1_000_000
        let number = seconds / 3600 * 1_000_000 + seconds / 60 % 60 * 10_000 + seconds % 60 * 100
        let digits = DigitWord.digits(number) | DigitWord.zeros
        let clock =
            digits & 0xFFFF | (digits >> 16 & 0xFFFF) << 24 | (digits >> 32 & 0xFFFF) << 48
            | 0x0000_3A00_003A_0000
        let raw = UnsafeMutableRawPointer(target)
        raw.storeBytes(of: clock, as: UInt64.self)
        guard fraction != 0 else { return 8 }
        target[8] = UInt8(ascii: ".")
        raw.storeBytes(
            of: DigitWord.digits(fraction * 100) | DigitWord.zeros, toByteOffset: 9, as: UInt64.self)
        return fraction % 1000 == 0 ? 12 : 15
    }

    /// Writes `2026-01-31T10:30:00`, with a fraction where there is one and a `Z` where `isUTC`, and answers
    /// how many bytes it has.
    public static func write(
        timestamp microseconds: Int64, isUTC: Bool, to target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        let quotient = microseconds / dayMicroseconds
        let day = microseconds % dayMicroseconds < 0 ? quotient - 1 : quotient
        var count = write(days: day, to: target)
        target[count] = UInt8(ascii: "T")
        // Wraps twice at the earliest moments, and so is right there too.
        count += 1 + write(time64: microseconds &- day &* dayMicroseconds, to: target + count + 1)
        target[count] = UInt8(ascii: "Z")
        return isUTC ? count + 1 : count
    }

    private static func write(days: Int64, to target: UnsafeMutablePointer<UInt8>) -> Int {
        let (year, month, day) = CivilDays.date(days)
        let raw = UnsafeMutableRawPointer(target)
        let isShort = year >= 0 && year < 10_000
        let number = UInt64(month &* 100 &+ day)
        let digits = DigitWord.digits((isShort ? UInt64(truncatingIfNeeded: year) &* 10_000 : 0) &+ number)
        let text = digits | DigitWord.zeros
        let dashed = text & 0xFFFF_FFFF | (text >> 32 & 0xFFFF) << 40 | 0x2D00_002D_0000_0000
        var shift = 0
        if !isShort { shift = write(longYear: year, to: target) - 4 }
        let first = shift > 0 ? dashed >> 32 : dashed
        raw.storeBytes(of: first, toByteOffset: shift > 0 ? shift + 4 : 0, as: UInt64.self)
        raw.storeBytes(
            of: UInt16(truncatingIfNeeded: text >> 48), toByteOffset: shift + 8, as: UInt16.self)
        return shift + 10
    }

    /// A year that does not have four digits: more of them, or a sign before at least four.
    private static func write(longYear year: Int64, to target: UnsafeMutablePointer<UInt8>) -> Int {
        guard year < 0 else { return NumberText.write(year, to: target) }
        target[0] = UInt8(ascii: "-")
        var count = 1
        var limit: Int64 = 1000
        while year > -limit, limit > 1 {
            target[count] = UInt8(ascii: "0")
            count += 1
            limit /= 10
        }
        return count + NumberText.write(year.magnitude, to: target + count)
    }
}
