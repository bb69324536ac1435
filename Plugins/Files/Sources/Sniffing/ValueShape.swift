internal import TenonConnectorKit

/// What a text looks like, as strict as the reader of typed columns is: "007" and integers beyond 64 bits are
/// text.
enum ValueShape {
    /// The narrowest type that holds the text exactly.
    static func kind(of text: UnsafeRawBufferPointer) -> ColumnKind {
        guard let first = text.first else { return .utf8 }
        switch first {
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return number(text) ?? time(text) ?? .utf8
        case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "T"), UInt8(ascii: "F"):
            return isBool(text) ? .bool : .utf8
        default: return .utf8
        }
    }

    /// The type that holds both texts of the one and of the other.
    static func common(_ one: ColumnKind, _ other: ColumnKind) -> ColumnKind {
        switch (one, other) {
        case _ where one == other: one
        case (.int64, .float64), (.float64, .int64): .float64
        default: .utf8
        }
    }

    static func isBool(_ text: UnsafeRawBufferPointer) -> Bool {
        func matches(_ word: StaticString) -> Bool {
            guard text.count == word.utf8CodeUnitCount else { return false }
            for index in 0..<text.count where text[index] | 0x20 != word.utf8Start[index] { return false }
            return true
        }
        return matches("true") || matches("false")
    }

    /// int64 or float64, where the text is a number of JSON that the type holds.
    static func number(_ text: UnsafeRawBufferPointer) -> ColumnKind? {
        var scanner = JSONScanner(text)
        let token: JSONScanner.Token
        do throws(JSONScanError) {
            token = try scanner.number()
        } catch {
            return nil
        }
        guard token.end == text.count else { return nil }
        let value = String(decoding: text, as: UTF8.self)
        if !token.isComplex {
            // "-0" is no integer that could be written back.
            return value == "-0" ? nil : Int64(value) == nil ? nil : .int64
        }
        guard let double = Double(value), double.isFinite else { return nil }
        return significantDigits(text) <= 17 ? .float64 : nil
    }

    private static func significantDigits(_ text: UnsafeRawBufferPointer) -> Int {
        var count = 0
        for byte in text {
            if byte | 0x20 == UInt8(ascii: "e") { break }
            guard byte &- UInt8(ascii: "0") < 10 else { continue }
            if count > 0 || byte != UInt8(ascii: "0") { count += 1 }
        }
        return count
    }

    /// date32 or a timestamp in the form of RFC 3339 (also with a space between), in microseconds at most.
    static func time(_ text: UnsafeRawBufferPointer) -> ColumnKind? {
        guard text.count >= 10, let year = digits(text, 0, 4), text[4] == UInt8(ascii: "-"),
            let month = digits(text, 5, 2), text[7] == UInt8(ascii: "-"), let day = digits(text, 8, 2),
            (1...12).contains(month), day >= 1, day <= dayCount(year, month)
        else { return nil }
        if text.count == 10 { return .date32 }
        guard text.count >= 19, text[10] == UInt8(ascii: "T") || text[10] == UInt8(ascii: " "),
            let hour = digits(text, 11, 2), text[13] == UInt8(ascii: ":"),
            let minute = digits(text, 14, 2), text[16] == UInt8(ascii: ":"),
            let second = digits(text, 17, 2), hour < 24, minute < 60, second < 60
        else { return nil }
        var position = 19
        if position < text.count, text[position] == UInt8(ascii: ".") {
            let start = position + 1
            position = start
            while position < text.count, text[position] &- UInt8(ascii: "0") < 10 { position += 1 }
            guard (1...6).contains(position - start) else { return nil }
        }
        if position == text.count { return .timestamp(isUTC: false) }
        return isZone(text, position) ? .timestamp(isUTC: true) : nil
    }

    private static func isZone(_ text: UnsafeRawBufferPointer, _ start: Int) -> Bool {
        if text[start] == UInt8(ascii: "Z") { return start + 1 == text.count }
        guard text[start] == UInt8(ascii: "+") || text[start] == UInt8(ascii: "-"), start + 6 == text.count,
            let hours = digits(text, start + 1, 2), text[start + 3] == UInt8(ascii: ":"),
            let minutes = digits(text, start + 4, 2)
        else { return false }
        return hours < 24 && minutes < 60
    }

    private static func digits(_ text: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> Int? {
        var value = 0
        for index in start..<start + count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
        }
        return value
    }

    private static func dayCount(_ year: Int, _ month: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
