/// Chooses the case of `JSON` that carries a number exactly.
enum ExactNumber {
    static func value(of text: String, isInteger: Bool) -> JSON {
        if isInteger {
            if text == "-0" { return .double(-0.0) }
            if let value = Int64(text) { return .int(value) }
            if let value = UInt64(text) { return .uint(value) }
            return .number(text)
        }
        guard let value = Double(text), value.isFinite else { return .number(text) }
        let digits = significantDigits(of: text)
        // Up to 15 significant digits survive the way through a double (DBL_DIG); above that it must be seen.
        let survives =
            digits.count <= 15
            ? value != 0 || digits.isEmpty
            : digits.count <= 17 && digits == significantDigits(of: "\(value)")
        return survives && value.isNormalOrZero ? .double(value) : .number(text)
    }

    /// The significant digits of the mantissa, without zeros at either end.
    private static func significantDigits(of text: String) -> [UInt8] {
        var digits: [UInt8] = []
        for byte in text.utf8 {
            if byte | 0x20 == UInt8(ascii: "e") { break }
            guard (0x30...0x39).contains(byte), byte != 0x30 || !digits.isEmpty else { continue }
            digits.append(byte)
        }
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return digits
    }
}

extension Double {
    fileprivate var isNormalOrZero: Bool { isNormal || isZero }
}
