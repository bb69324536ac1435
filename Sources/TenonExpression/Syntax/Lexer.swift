internal import TenonModel

/// Cuts a text into tokens, one at a time from any offset.
struct Lexer {
    let bytes: [UInt8]
    var offset: Int
    /// Where the text ends for this lexer.
    private let end: Int
    /// Whether host mode's symbols are known.
    let isHost: Bool

    /// Longest first, so that the first that fits is right.
    private static let symbols: [(text: String, bytes: [UInt8])] = [
        "==", "!=", "<=", ">=", "&&", "||", "<", ">", "+", "-", "*", "/", "%", "!", "?", ":", ".", ",", "(",
        ")", "[", "]", "{", "}",
    ].map { ($0, Array($0.utf8)) }
    private static let hostSymbols: [(text: String, bytes: [UInt8])] =
        ["===", "!==", "??", "?."].map { ($0, Array($0.utf8)) } + symbols

    /// `end`: where reading stops, if that is before the end of `bytes`.
    init(_ bytes: [UInt8], offset: Int = 0, end: Int = .max, isHost: Bool = true) {
        self.bytes = bytes
        self.end = min(end, bytes.count)
        self.offset = offset
        self.isHost = isHost
    }

    func byte(_ ahead: Int = 0) -> UInt8? {
        offset + ahead < end ? bytes[offset + ahead] : nil
    }

    /// Skips white space and `//` comments.
    mutating func skipSpace() {
        while let byte = byte() {
            if byte == UInt8(ascii: "/"), self.byte(1) == UInt8(ascii: "/") {
                while let byte = self.byte(), byte != 0x0A { offset += 1 }
            } else if byte == 0x20 || (0x09...0x0D).contains(byte) {
                offset += 1
            } else {
                return
            }
        }
    }

    mutating func next() throws(SyntaxError) -> Token {
        skipSpace()
        guard let first = byte() else { return .end }
        if first.isDigit || (first == UInt8(ascii: ".") && byte(1)?.isDigit == true) { return try number() }
        if let literal = try stringLiteral() { return literal }
        if first.isNameStart { return .identifier(name()) }
        if first == UInt8(ascii: "`") { return try quotedName() }
        let symbols = isHost ? Self.hostSymbols : Self.symbols
        for symbol in symbols where bytes[offset...].starts(with: symbol.bytes) {
            // `a ?.5 : 1` is a choice, not a member.
            if symbol.text == "?.", byte(2)?.isDigit == true { continue }
            offset += symbol.bytes.count
            return .symbol(symbol.text)
        }
        throw SyntaxError(message: "unexpected character \(characterHere)", offset: offset)
    }

    private mutating func name() -> String {
        let start = offset
        while let byte = byte(), byte.isNameStart || byte.isDigit { offset += 1 }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    /// A member's name in backticks, which may have `-`, `.`, `/` and spaces.
    private mutating func quotedName() throws(SyntaxError) -> Token {
        let start = offset
        offset += 1
        let text = take { byte in
            byte.isNameStart || byte.isDigit || [0x2D, 0x2E, 0x2F, 0x20].contains(byte)
        }
        guard !text.isEmpty, byte() == UInt8(ascii: "`") else {
            throw SyntaxError(
                message: "a name in ` ` has only letters, digits, spaces, and _ - . /", offset: start)
        }
        offset += 1
        return .quotedName(text)
    }

    private var characterHere: String {
        let rest = String(decoding: bytes[offset..<min(offset + 16, bytes.count)], as: UTF8.self)
        return rest.first.map { "\"\($0)\"" } ?? "here"
    }

    // MARK: Numbers

    private mutating func number() throws(SyntaxError) -> Token {
        let start = offset
        if byte() == UInt8(ascii: "0"), byte(1) == UInt8(ascii: "x") || byte(1) == UInt8(ascii: "X") {
            offset += 2
            let digits = take(\.isHexDigit)
            return try integer(digits, radix: 16, start: start)
        }
        _ = take(\.isDigit)
        var isInteger = true
        if byte() == UInt8(ascii: "."), byte(1)?.isDigit == true {
            isInteger = false
            offset += 1
            _ = take(\.isDigit)
        }
        if byte() == UInt8(ascii: "e") || byte() == UInt8(ascii: "E") {
            let hasSign = byte(1) == UInt8(ascii: "-") || byte(1) == UInt8(ascii: "+")
            if byte(hasSign ? 2 : 1)?.isDigit == true {
                isInteger = false
                offset += hasSign ? 2 : 1
                _ = take(\.isDigit)
            }
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if isInteger { return try integer(text, radix: 10, start: start) }
        guard let value = Double(text), value.isFinite else {
            throw SyntaxError(message: "\(text) is not a number that a double can be", offset: start)
        }
        try checkNumberEnd()
        return .double(value)
    }

    private mutating func integer(_ digits: String, radix: Int, start: Int) throws(SyntaxError) -> Token {
        guard !digits.isEmpty else {
            throw SyntaxError(message: "a hexadecimal number needs digits", offset: start)
        }
        guard let value = UInt64(digits, radix: radix) else {
            throw SyntaxError(message: "an integer has at most 64 bits", offset: start)
        }
        if byte() == UInt8(ascii: "u") || byte() == UInt8(ascii: "U") {
            offset += 1
            try checkNumberEnd()
            return .uint(value)
        }
        try checkNumberEnd()
        return .int(value)
    }

    private func checkNumberEnd() throws(SyntaxError) {
        if let next = byte(), next.isNameStart {
            throw SyntaxError(message: "a number is followed by a letter", offset: offset)
        }
    }

    private mutating func take(_ isTaken: (UInt8) -> Bool) -> String {
        let start = offset
        while let byte = byte(), isTaken(byte) { offset += 1 }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    var isNameStart: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self)
            || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) || self == UInt8(ascii: "_")
    }
}
