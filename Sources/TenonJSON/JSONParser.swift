/// Reads one JSON document (RFC 8259): strict syntax, exact numbers, no lone surrogates, bounded depth.
package struct JSONParser {
    /// What becomes of a key that occurs twice in one object.
    package enum DuplicateKeys: Sendable {
        case refuse
        case lastWins
    }

    private let bytes: [UInt8]
    private let maxDepth: Int
    private let duplicateKeys: DuplicateKeys
    private var position = 0

    private init(_ bytes: [UInt8], maxDepth: Int, duplicateKeys: DuplicateKeys) {
        self.bytes = bytes
        self.maxDepth = maxDepth
        self.duplicateKeys = duplicateKeys
    }

    /// Parses UTF-8 `bytes`; white space around the document is allowed, anything else is not.
    package static func parse(
        _ bytes: [UInt8], maxDepth: Int = 64, duplicateKeys: DuplicateKeys = .refuse
    ) throws(JSONError) -> JSON {
        var parser = JSONParser(bytes, maxDepth: maxDepth, duplicateKeys: duplicateKeys)
        parser.skipSpace()
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.position == bytes.count else { throw parser.error("unexpected text after the document") }
        return value
    }

    package static func parse(
        _ text: String, maxDepth: Int = 64, duplicateKeys: DuplicateKeys = .refuse
    ) throws(JSONError) -> JSON {
        try parse(Array(text.utf8), maxDepth: maxDepth, duplicateKeys: duplicateKeys)
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func error(_ problem: String, at offset: Int? = nil) -> JSONError {
        let offset = offset ?? position
        let before = bytes[..<min(offset, bytes.count)]
        let line = before.count { $0 == 0x0A } + 1
        let column = before.count - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
        return JSONError(problem: problem, offset: offset, line: line, column: column)
    }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
        }
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSON {
        guard let byte = current else { throw error("unexpected end") }
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw error("unexpected character")
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count, String(decoding: bytes[position..<end], as: UTF8.self) == "\(word)" else {
            throw error("expected \(word)")
        }
        position = end
        return value
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSON {
        guard depth < maxDepth else { throw error("nested deeper than \(maxDepth)") }
        position += 1
        var elements: [JSON] = []
        skipSpace()
        if current == UInt8(ascii: "]") {
            position += 1
            return .array(elements)
        }
        while true {
            skipSpace()
            elements.append(try value(depth: depth + 1))
            skipSpace()
            switch current {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "]"):
                position += 1
                return .array(elements)
            default: throw error("expected , or ] in an array")
            }
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSON {
        guard depth < maxDepth else { throw error("nested deeper than \(maxDepth)") }
        position += 1
        var object = JSONObject()
        skipSpace()
        if current == UInt8(ascii: "}") {
            position += 1
            return .object(object)
        }
        while true {
            skipSpace()
            let start = position
            guard current == UInt8(ascii: "\"") else { throw error("expected a key") }
            let key = try string()
            if duplicateKeys == .refuse, object.position(of: key) != nil {
                throw error("the key \"\(key)\" occurs twice", at: start)
            }
            skipSpace()
            guard current == UInt8(ascii: ":") else { throw error("expected : after a key") }
            position += 1
            skipSpace()
            object[key] = try value(depth: depth + 1)
            skipSpace()
            switch current {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "}"):
                position += 1
                return .object(object)
            default: throw error("expected , or } in an object")
            }
        }
    }

    // MARK: Strings

    private mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
            position += 1
        }
        if current == UInt8(ascii: "\"") {
            defer { position += 1 }
            return try text(bytes[start..<position], at: start)
        }
        var unescaped = Array(bytes[start..<position])
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return try text(unescaped[...], at: start)
            case UInt8(ascii: "\\"): try escape(into: &unescaped)
            case 0..<0x20: throw error("a control character in a string must be escaped")
            default:
                unescaped.append(byte)
                position += 1
            }
        }
        throw error("a string has no end", at: start)
    }

    private func text(_ utf8: ArraySlice<UInt8>, at start: Int) throws(JSONError) -> String {
        guard let text = String(validating: utf8, as: UTF8.self) else {
            throw error("a string is not valid UTF-8", at: start)
        }
        return text
    }

    private mutating func escape(into unescaped: inout [UInt8]) throws(JSONError) {
        position += 1
        guard let byte = current else { throw error("unexpected end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unescaped.append(byte)
        case UInt8(ascii: "b"): unescaped.append(0x08)
        case UInt8(ascii: "f"): unescaped.append(0x0C)
        case UInt8(ascii: "n"): unescaped.append(0x0A)
        case UInt8(ascii: "r"): unescaped.append(0x0D)
        case UInt8(ascii: "t"): unescaped.append(0x09)
        case UInt8(ascii: "u"): unescaped.append(contentsOf: try unicodeEscape().utf8)
        default: throw error("unknown escape", at: position - 1)
        }
    }

    private mutating func unicodeEscape() throws(JSONError) -> String {
        let first = try fourHexDigits()
        if let scalar = Unicode.Scalar(first) { return String(Character(scalar)) }
        guard first < 0xDC00, current == UInt8(ascii: "\\"), position + 1 < bytes.count,
            bytes[position + 1] == UInt8(ascii: "u")
        else { throw error("a lone surrogate", at: position - 6) }
        position += 2
        let second = try fourHexDigits()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw error("a lone surrogate", at: position - 6) }
        return String(Character(scalar))
    }

    private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error("expected four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    // MARK: Numbers

    private mutating func number() throws(JSONError) -> JSON {
        let start = position
        if current == UInt8(ascii: "-") { position += 1 }
        let integerDigits = skipDigits()
        let leading = bytes[position - integerDigits..<position].first
        guard integerDigits > 0 else { throw error("expected a digit") }
        guard integerDigits == 1 || leading != UInt8(ascii: "0") else {
            throw error("a number must not begin with 0", at: start)
        }
        var isInteger = true
        if current == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            guard skipDigits() > 0 else { throw error("expected a digit after the point") }
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            isInteger = false
            position += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
            guard skipDigits() > 0 else { throw error("expected a digit in the exponent") }
        }
        return ExactNumber.value(
            of: String(decoding: bytes[start..<position], as: UTF8.self), isInteger: isInteger)
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position - start
    }
}

/// Chooses the case of `JSON` that carries a number exactly.
private enum ExactNumber {
    static func value(of text: String, isInteger: Bool) -> JSON {
        if isInteger {
            if text == "-0" { return .double(-0.0) }
            if let value = Int64(text) { return .int(value) }
            if let value = UInt64(text) { return .uint(value) }
            return .number(text)
        }
        guard let value = Double(text), value.isFinite else { return .number(text) }
        let digits = decimalDigits(of: text)
        // Up to 15 significant digits survive the way through a double (DBL_DIG); above that it must be seen.
        let survives =
            digits.count <= 15 ? value != 0 || digits.isEmpty : digits == decimalDigits(of: "\(value)")
        return survives && value.isNormalOrZero ? .double(value) : .number(text)
    }

    /// The significant digits of the mantissa, without zeros at either end.
    private static func decimalDigits(of text: String) -> [UInt8] {
        let mantissa = text.utf8.prefix { $0 != UInt8(ascii: "e") && $0 != UInt8(ascii: "E") }
        var digits = mantissa.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return Array(digits.drop { $0 == UInt8(ascii: "0") })
    }
}

extension Double {
    fileprivate var isNormalOrZero: Bool { isNormal || isZero }
}

/// Where and why a text is not JSON.
package struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    package var problem: String
    /// In bytes from the start.
    package var offset: Int
    /// From 1; the column counts bytes.
    package var line: Int
    package var column: Int

    package var description: String { "\(problem) (line \(line), column \(column))" }
}
