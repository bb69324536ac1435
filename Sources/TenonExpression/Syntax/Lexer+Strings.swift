internal import TenonModel

extension Lexer {
    /// A string or bytes literal if one begins here: quotes single or double, once or three times, after `r`
    /// (raw), `b` (bytes) or both.
    mutating func stringLiteral() throws(SyntaxError) -> Token? {
        let start = offset
        var isRaw = false
        var isBytes = false
        var prefix = 0
        while let letter = byte(prefix), prefix < 2 {
            if !isRaw, letter | 0x20 == UInt8(ascii: "r") {
                isRaw = true
            } else if !isBytes,
                letter | 0x20 == UInt8(ascii: "b")
            {
                isBytes = true
            } else {
                break
            }
            prefix += 1
        }
        guard let quote = byte(prefix), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
            return nil
        }
        let isTriple = byte(prefix + 1) == quote && byte(prefix + 2) == quote
        offset += prefix + (isTriple ? 3 : 1)
        var content: [UInt8] = []
        while let byte = byte() {
            if byte == quote, !isTriple || (self.byte(1) == quote && self.byte(2) == quote) {
                offset += isTriple ? 3 : 1
                return isBytes ? .bytes(content) : .string(String(decoding: content, as: UTF8.self))
            }
            if byte == 0x0A || byte == 0x0D, !isTriple { break }
            if byte == UInt8(ascii: "\\"), !isRaw {
                try escape(into: &content, isBytes: isBytes)
            } else {
                content.append(byte)
                offset += 1
            }
        }
        throw SyntaxError(message: "a string has no end", offset: start)
    }

    private mutating func escape(into content: inout [UInt8], isBytes: Bool) throws(SyntaxError) {
        let start = offset
        offset += 1
        guard let letter = byte() else { throw SyntaxError(message: "a string has no end", offset: start) }
        offset += 1
        switch letter {
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "a"): content.append(0x07)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "v"): content.append(0x0B)
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"), UInt8(ascii: "?"):
            content.append(letter)
        case UInt8(ascii: "x"), UInt8(ascii: "X"):
            try append(code(digits: 2, radix: 16), isBytes, to: &content)
        case UInt8(ascii: "u") where !isBytes:
            try append(code(digits: 4, radix: 16), false, to: &content)
        case UInt8(ascii: "U") where !isBytes:
            try append(code(digits: 8, radix: 16), false, to: &content)
        case UInt8(ascii: "0")...UInt8(ascii: "3"):
            offset -= 1
            try append(code(digits: 3, radix: 8), isBytes, to: &content)
        default: throw SyntaxError(message: "unknown escape in a string", offset: start)
        }
    }

    private mutating func code(digits: Int, radix: Int) throws(SyntaxError) -> UInt32 {
        let end = min(offset + digits, bytes.count)
        let text = String(decoding: bytes[offset..<end], as: UTF8.self)
        guard text.utf8.count == digits, text.utf8.allSatisfy(\.isHexDigit),
            let value = UInt32(text, radix: radix)
        else { throw SyntaxError(message: "an escape needs \(digits) digits", offset: offset) }
        offset = end
        return value
    }

    private func append(_ code: UInt32, _ isByte: Bool, to content: inout [UInt8]) throws(SyntaxError) {
        if isByte {
            content.append(UInt8(truncatingIfNeeded: code))
        } else if let scalar = Unicode.Scalar(code) {
            content.append(contentsOf: String(Character(scalar)).utf8)
        } else {
            throw SyntaxError(message: "an escape is not a Unicode character", offset: offset)
        }
    }
}
