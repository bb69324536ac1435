/// Bytes as hexadecimal digits (RFC 4648, section 8).
package enum HexText {
    /// 0 to 15 for the digits `0-9`, `a-f` and `A-F` of ASCII.
    package static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The digit of a value's low four bits.
    package static func digit(_ value: UInt8, isUppercase: Bool = false) -> UInt8 {
        let value = value & 15
        return value < 10
            ? UInt8(ascii: "0") + value : UInt8(ascii: isUppercase ? "A" : "a") + (value - 10)
    }

    package static func encode(_ bytes: some Sequence<UInt8>, isUppercase: Bool = false) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.underestimatedCount * 2)
        for byte in bytes {
            text.append(digit(byte >> 4, isUppercase: isUppercase))
            text.append(digit(byte, isUppercase: isUppercase))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Nil where the text is not an even number of hexadecimal digits.
    package static func decode(_ text: String) -> [UInt8]? {
        guard text.utf8.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 2)
        var high: UInt8?
        for digit in text.utf8 {
            guard let value = value(of: digit) else { return nil }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }
}

extension UInt8 {
    /// Whether it is one of the digits `0-9`, `a-f` and `A-F` of ASCII.
    package var isHexDigit: Bool { HexText.value(of: self) != nil }
}
