internal import TenonTime

/// How a time is written: `yyyy-MM-dd HH:mm`.
///
/// Letters stand for parts (`yyyy`, `yy`, `MM`, `M`, `dd`, `d`, `HH`, `H`, `mm`, `m`, `ss`, `s`, `SSS`,
/// `DDD`, `XXX` or `Z` for the offset); text between single quotes and everything that is no letter stands for
/// itself.
struct TimePattern {
    enum Part: Equatable {
        case text(String)
        case year(digits: Int)
        case month(Int), day(Int), dayOfYear(Int), hour(Int), minute(Int), second(Int), fraction(Int)
        case offset
    }

    static let maxLength = 100
    let parts: [Part]

    init(_ text: String) throws(FunctionMistake) {
        guard text.utf8.count <= Self.maxLength else {
            throw FunctionMistake("a pattern has at most \(Self.maxLength) characters")
        }
        let scalars = Array(text.unicodeScalars)
        var parts: [Part] = []
        var position = 0
        while position < scalars.count {
            let scalar = scalars[position]
            if scalar == "'" {
                parts.append(.text(try Self.quoted(scalars, &position)))
            } else if scalar.properties.isAlphabetic {
                let run = scalars[position...].prefix { $0 == scalar }
                position += run.count
                guard let part = Self.part(scalar, run.count) else {
                    let name = String(String.UnicodeScalarView(run))
                    throw FunctionMistake(
                        "\"\(name)\" is no part of a time; known are yyyy, MM, dd, DDD, HH, mm, ss, SSS and XXX"
                    )
                }
                parts.append(part)
            } else {
                parts.append(.text(String(scalar)))
                position += 1
            }
        }
        self.parts = parts
    }

    /// A form by which times are read.
    init(reading text: String) throws(FunctionMistake) {
        try self.init(text)
        guard let part = partOnlyWritten else { return }
        throw FunctionMistake("\"\(part)\" is only written; no time can be read by it")
    }

    /// Two quotes stand for one.
    private static func quoted(
        _ scalars: [Unicode.Scalar], _ position: inout Int
    ) throws(FunctionMistake) -> String {
        var text = String.UnicodeScalarView()
        position += 1
        while position < scalars.count {
            let scalar = scalars[position]
            position += 1
            guard scalar == "'" else {
                text.append(scalar)
                continue
            }
            guard position < scalars.count, scalars[position] == "'" else {
                return text.isEmpty ? "'" : String(text)
            }
            text.append("'")
            position += 1
        }
        throw FunctionMistake("a pattern has a quote without an end")
    }

    private static func part(_ letter: Unicode.Scalar, _ count: Int) -> Part? {
        switch (letter, count) {
        case ("y", 2), ("y", 4): .year(digits: count)
        case ("M", 1...2): .month(count)
        case ("d", 1...2): .day(count)
        case ("D", 1), ("D", 3): .dayOfYear(count)
        case ("H", 1...2): .hour(count)
        case ("m", 1...2): .minute(count)
        case ("s", 1...2): .second(count)
        case ("S", 1...9): .fraction(count)
        case ("X", 3), ("Z", 1): .offset
        default: nil
        }
    }

    // MARK: Writing

    func text(_ time: LocalTime, nanoseconds: Int32, offset: Int) -> String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .year(2): Self.padded(time.year % 100, 2)
            case .year(let digits): Self.padded(time.year, digits)
            case .month(let digits): Self.padded(time.month, digits)
            case .day(let digits): Self.padded(time.day, digits)
            case .dayOfYear(let digits): Self.padded(time.dayOfYear, digits)
            case .hour(let digits): Self.padded(time.hour, digits)
            case .minute(let digits): Self.padded(time.minute, digits)
            case .second(let digits): Self.padded(time.second, digits)
            case .fraction(let digits): String(Self.padded(Int(nanoseconds), 9).prefix(digits))
            case .offset: Self.offsetText(offset)
            }
        }.joined()
    }

    private static func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number.magnitude)
        let zeros = String(repeating: "0", count: max(0, digits - text.utf8.count))
        return (number < 0 ? "-" : "") + zeros + text
    }

    private static func offsetText(_ offset: Int) -> String {
        if offset == 0 { return "Z" }
        let minutes = abs(offset) / 60
        return (offset < 0 ? "-" : "+") + padded(minutes / 60, 2) + ":" + padded(minutes % 60, 2)
    }

    // MARK: Reading

    /// The first part that no time can be read by.
    private var partOnlyWritten: String? {
        parts.lazy.compactMap { part -> String? in
            if case .dayOfYear(let digits) = part { String(repeating: "D", count: digits) } else { nil }
        }.first
    }

    /// A time as a text shows it.
    struct Reading {
        var time: LocalTime
        var nanoseconds: Int32
        /// Seconds east of UTC, where the text says so.
        var offset: Int?
    }

    /// Nil where the text is not of this form, or no time of the calendar.
    func read(_ text: String) -> Reading? {
        var rest = Array(text.utf8)[...]
        var values: [String: Int] = [:]
        var offset: Int?
        for part in parts {
            switch part {
            case .text(let text):
                guard rest.starts(with: text.utf8) else { return nil }
                rest = rest.dropFirst(text.utf8.count)
            case .offset:
                guard let found = Self.takeOffset(&rest) else { return nil }
                offset = found
            default:
                guard let (name, least, most) = part.digits, let value = Self.takeNumber(&rest, least...most)
                else { return nil }
                values[name] = name == "fraction" ? value * Self.powers[9 - most] : value
            }
        }
        guard rest.isEmpty, var year = values["year"] else { return nil }
        if parts.contains(.year(digits: 2)) { year += year < 70 ? 2000 : 1900 }
        let time = LocalTime(
            year: year, month: values["month"] ?? 1, day: values["day"] ?? 1, hour: values["hour"] ?? 0,
            minute: values["minute"] ?? 0, second: values["second"] ?? 0)
        guard let time else { return nil }
        return Reading(time: time, nanoseconds: Int32(values["fraction"] ?? 0), offset: offset)
    }

    private static let powers = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000]

    private static func takeNumber(_ rest: inout ArraySlice<UInt8>, _ counts: ClosedRange<Int>) -> Int? {
        let digits = rest.prefix(counts.upperBound).prefix(while: \.isDigit)
        guard counts.contains(digits.count) else { return nil }
        rest = rest.dropFirst(digits.count)
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    private static func takeOffset(_ rest: inout ArraySlice<UInt8>) -> Int? {
        guard let sign = rest.popFirst() else { return nil }
        if sign == UInt8(ascii: "Z") { return 0 }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), let hours = takeNumber(&rest, 2...2)
        else { return nil }
        if rest.first == UInt8(ascii: ":") { rest = rest.dropFirst() }
        guard let minutes = takeNumber(&rest, 2...2), hours < 24, minutes < 60 else { return nil }
        return (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 3600 + minutes * 60)
    }
}

extension TimePattern.Part {
    /// The name of a number, and the least and most digits that it is read with. The day of a year is only
    /// written.
    fileprivate var digits: (name: String, least: Int, most: Int)? {
        switch self {
        case .year(let digits): ("year", digits, digits)
        case .month(let digits): ("month", digits, 2)
        case .day(let digits): ("day", digits, 2)
        case .hour(let digits): ("hour", digits, 2)
        case .minute(let digits): ("minute", digits, 2)
        case .second(let digits): ("second", digits, 2)
        case .fraction(let digits): ("fraction", digits, digits)
        case .text, .offset, .dayOfYear: nil
        }
    }
}
