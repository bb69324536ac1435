/// Why a text is not JSON.
public enum JSONScanError: Error, Equatable, Sendable {
    case unexpectedEnd
    case unexpectedCharacter
    case tooDeep
    case invalidNumber
    case invalidEscape
    case controlCharacter

    /// What is wrong, in words.
    @inlinable public var problem: String {
        switch self {
        case .unexpectedEnd: "the text ends too early"
        case .unexpectedCharacter: "an unexpected character"
        case .tooDeep: "nested too deeply"
        case .invalidNumber: "a malformed number"
        case .invalidEscape: "a malformed escape or a lone surrogate in a string"
        case .controlCharacter: "a control character in a string"
        }
    }
}

/// Walks over JSON text (RFC 8259) without building values; the bytes must be valid UTF-8 and outlive the
/// scanner.
@frozen
public struct JSONScanner {
    public enum Kind: Sendable { case null, bool, number, string, array, object }

    /// A part of the text.
    @frozen
    public struct Token {
        public let start: Int
        public let end: Int
        /// Of a string: it contains escapes. Of a number: it has a fraction or an exponent.
        public let isComplex: Bool

        @inlinable
        init(start: Int, end: Int, isComplex: Bool) {
            self.start = start
            self.end = end
            self.isComplex = isComplex
        }
    }

    public let bytes: UnsafeRawBufferPointer
    public var position: Int

    @inlinable
    public init(_ bytes: UnsafeRawBufferPointer, position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    /// The bytes of a token; a string's without its quotes.
    @inlinable
    public func bytes(of token: Token) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[token.start..<token.end])
    }

    @inlinable
    public mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    /// Whether nothing but white space is left.
    @inlinable
    public mutating func isAtEnd() -> Bool {
        skipSpace()
        return position == bytes.count
    }

    /// Skips white space and says what begins.
    @inlinable
    public mutating func peek() throws(JSONScanError) -> Kind {
        skipSpace()
        guard position < bytes.count else { throw .unexpectedEnd }
        switch bytes[position] {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        default: throw .unexpectedCharacter
        }
    }

    /// Skips white space, then `byte` if it comes next.
    @inlinable
    public mutating func skip(_ byte: UInt8) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    @inlinable
    public mutating func expect(_ byte: UInt8) throws(JSONScanError) {
        guard skip(byte) else { throw position < bytes.count ? .unexpectedCharacter : .unexpectedEnd }
    }

    // MARK: Values

    @inlinable
    public mutating func null() throws(JSONScanError) { try word("null") }

    @inlinable
    public mutating func bool() throws(JSONScanError) -> Bool {
        if position < bytes.count, bytes[position] == UInt8(ascii: "t") {
            try word("true")
            return true
        }
        try word("false")
        return false
    }

    @inlinable
    mutating func word(_ word: StaticString) throws(JSONScanError) {
        let count = word.utf8CodeUnitCount
        guard position + count <= bytes.count else { throw .unexpectedEnd }
        for offset in 0..<count where bytes[position + offset] != word.utf8Start[offset] {
            throw .unexpectedCharacter
        }
        position += count
    }

    /// The string that begins here, checked, still escaped.
    @inlinable
    public mutating func string() throws(JSONScanError) -> Token {
        try expect(UInt8(ascii: "\""))
        let start = position
        var isComplex = false
        while position < bytes.count {
            skipPlainText()
            guard position < bytes.count else { break }
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return Token(start: start, end: position - 1, isComplex: isComplex)
            case UInt8(ascii: "\\"):
                isComplex = true
                try skipEscape()
            case 0..<0x20: throw .controlCharacter
            default: position += 1
            }
        }
        throw .unexpectedEnd
    }

    /// Goes over everything but quotes, backslashes and controls.
    @inlinable
    @inline(__always)
    mutating func skipPlainText() {
        guard let base = bytes.baseAddress else { return }
        let first = (base + position).assumingMemoryBound(to: UInt8.self)
        position += Int(tenon_json_plain(first, bytes.count - position))
    }

    @inlinable
    mutating func skipEscape() throws(JSONScanError) {
        guard position + 1 < bytes.count else { throw .unexpectedEnd }
        switch bytes[position + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 2
        case UInt8(ascii: "u"): position += try unicodeEscape(at: position).length
        default: throw .invalidEscape
        }
    }

    /// The scalar of a `\u` escape, or of a pair of them, and how many bytes it takes.
    @inlinable
    func unicodeEscape(at start: Int) throws(JSONScanError) -> (scalar: UInt32, length: Int) {
        let first = try hexadecimal(at: start + 2)
        guard first & 0xF800 == 0xD800 else { return (first, 6) }
        guard first < 0xDC00, start + 12 <= bytes.count, bytes[start + 6] == UInt8(ascii: "\\"),
            bytes[start + 7] == UInt8(ascii: "u")
        else { throw .invalidEscape }
        let second = try hexadecimal(at: start + 8)
        guard second & 0xFC00 == 0xDC00 else { throw .invalidEscape }
        return (0x10000 + (first & 0x3FF) << 10 + (second & 0x3FF), 12)
    }

    @inlinable
    func hexadecimal(at start: Int) throws(JSONScanError) -> UInt32 {
        guard start + 4 <= bytes.count else { throw .unexpectedEnd }
        var value: UInt32 = 0
        for offset in start..<start + 4 {
            let byte = bytes[offset]
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw .invalidEscape
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    /// The number that begins here, checked.
    @inlinable
    public mutating func number() throws(JSONScanError) -> Token {
        let start = position
        var isComplex = false
        if position < bytes.count, bytes[position] == UInt8(ascii: "-") { position += 1 }
        let firstDigit = position
        guard skipDigits() > 0 else { throw .invalidNumber }
        if position - firstDigit > 1, bytes[firstDigit] == UInt8(ascii: "0") { throw .invalidNumber }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            isComplex = true
            position += 1
            guard skipDigits() > 0 else { throw .invalidNumber }
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            isComplex = true
            position += 1
            if position < bytes.count,
                bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-")
            {
                position += 1
            }
            guard skipDigits() > 0 else { throw .invalidNumber }
        }
        return Token(start: start, end: position, isComplex: isComplex)
    }

    @inlinable
    mutating func skipDigits() -> Int {
        let start = position
        while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
        return position - start
    }

    /// Any value, checked; the token of a string includes its quotes.
    @inlinable
    public mutating func value(maxDepth: Int) throws(JSONScanError) -> Token {
        let kind = try peek()
        let start = position
        switch kind {
        case .null: try null()
        case .bool: _ = try bool()
        case .number: _ = try number()
        case .string: _ = try string()
        case .array, .object: try container(isObject: kind == .object, maxDepth: maxDepth)
        }
        return Token(start: start, end: position, isComplex: false)
    }

    @inlinable
    mutating func container(isObject: Bool, maxDepth: Int) throws(JSONScanError) {
        guard maxDepth > 0 else { throw .tooDeep }
        position += 1
        let close = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
        if skip(close) { return }
        while true {
            if isObject {
                _ = try string()
                try expect(UInt8(ascii: ":"))
            }
            _ = try value(maxDepth: maxDepth - 1)
            if skip(close) { return }
            try expect(UInt8(ascii: ","))
        }
    }

    // MARK: Text

    /// Appends the text of a string token with its escapes resolved.
    @inlinable
    public func unescape(_ token: Token, into text: inout [UInt8]) throws(JSONScanError) {
        var index = token.start
        while index < token.end {
            let byte = bytes[index]
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                index += 1
                continue
            }
            let escape = bytes[index + 1]
            if escape == UInt8(ascii: "u") {
                let (scalar, length) = try unicodeEscape(at: index)
                guard let scalar = Unicode.Scalar(scalar) else { throw .invalidEscape }
                text.append(contentsOf: String(Character(scalar)).utf8)
                index += length
                continue
            }
            switch escape {
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            default: text.append(escape)
            }
            index += 2
        }
    }
}
