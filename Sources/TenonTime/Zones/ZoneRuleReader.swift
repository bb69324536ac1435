/// Reads the POSIX rule at the end of a zone file.
struct ZoneRuleReader {
    private static let maxLength = 256
    private let bytes: [UInt8]
    private var position = 0

    /// Nil where the bytes are no rule.
    static func read(_ bytes: [UInt8]) -> ZoneRule? {
        guard bytes.count <= maxLength else { return nil }
        var reader = ZoneRuleReader(bytes: bytes)
        guard let rule = reader.rule(), reader.position == bytes.count else { return nil }
        return rule
    }

    private mutating func rule() -> ZoneRule? {
        guard name(), let west = time(hours: 24) else { return nil }
        if position == bytes.count { return ZoneRule(standard: -west, summer: nil) }
        guard name() else { return nil }
        var summer = 3600 - west
        if next != UInt8(ascii: ",") {
            guard let west = time(hours: 24) else { return nil }
            summer = -west
        }
        guard let start = day(), let end = day() else { return nil }
        return ZoneRule(standard: -west, summer: .init(offset: summer, start: start, end: end))
    }

    /// Three letters or more, or anything in angle brackets.
    private mutating func name() -> Bool {
        if skip("<") {
            while let next, next != UInt8(ascii: ">") { position += 1 }
            return skip(">")
        }
        let start = position
        while let next, (next | 0x20) >= UInt8(ascii: "a"), (next | 0x20) <= UInt8(ascii: "z") {
            position += 1
        }
        return position - start >= 3
    }

    /// `-1`, `5:30`, `-3:30:15` in seconds.
    private mutating func time(hours limit: Int) -> Int? {
        let isNegative = skip("-")
        if !isNegative { _ = skip("+") }
        guard var seconds = number(upTo: limit).map({ $0 * 3600 }) else { return nil }
        for unit in [60, 1] where skip(":") {
            guard let part = number(upTo: 59) else { return nil }
            seconds += part * unit
        }
        return isNegative ? -seconds : seconds
    }

    /// `,M3.5.0/2`, `,J60`, `,59`.
    private mutating func day() -> ZoneRule.Day? {
        guard skip(","), let date = date() else { return nil }
        guard skip("/") else { return ZoneRule.Day(date: date, time: 7200) }
        return time(hours: 167).map { ZoneRule.Day(date: date, time: $0) }
    }

    private mutating func date() -> ZoneRule.Date? {
        if skip("J") { return number(upTo: 365).flatMap { $0 > 0 ? .julian($0) : nil } }
        guard skip("M") else { return number(upTo: 365).map { .zeroBased($0) } }
        guard let month = number(upTo: 12), month > 0, skip("."), let week = number(upTo: 5), week > 0,
            skip("."), let weekday = number(upTo: 6)
        else { return nil }
        return .weekday(month: month, week: week, weekday: weekday)
    }

    private mutating func number(upTo limit: Int) -> Int? {
        let start = position
        var value = 0
        while let next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) {
            value = value * 10 + Int(next - UInt8(ascii: "0"))
            guard value <= limit else { return nil }
            position += 1
        }
        return position > start ? value : nil
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }
}
