/// Numbers out of JSON text, exact.
enum NumberText {
    private static let exactPowers: [Double] = (0...22).map { exponent in
        (0..<exponent).reduce(1.0) { product, _ in product * 10 }
    }
    /// A double printed with this many digits reads back as itself.
    private static let maxDoubleDigits = 17

    @inline(__always)
    static func int64(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard text.count > 0 else { return nil }
        let isNegative = text[0] == UInt8(ascii: "-")
        guard let magnitude = uint64(text, from: isNegative ? 1 : 0) else { return nil }
        if !isNegative { return Int64(exactly: magnitude) }
        return magnitude <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil
    }

    @inline(__always)
    static func uint64(_ text: UnsafeRawBufferPointer, from start: Int = 0) -> UInt64? {
        guard start < text.count, text.count - start <= 20 else { return nil }
        var value: UInt64 = 0
        for index in start..<text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            if index - start < 18 {
                value = value &* 10 &+ UInt64(digit)
            } else {
                let (product, isLarge) = value.multipliedReportingOverflow(by: 10)
                let (sum, isLarger) = product.addingReportingOverflow(UInt64(digit))
                guard !isLarge, !isLarger else { return nil }
                value = sum
            }
        }
        return value
    }

    /// The nearest double; nil where the text has more digits than a double carries, or is beyond its range.
    static func double(_ text: UnsafeRawBufferPointer) -> Double? {
        var mantissa: UInt64 = 0
        var digits = 0
        var exponent = 0
        var index = 0
        let isNegative = text.count > 0 && text[0] == UInt8(ascii: "-")
        if isNegative { index = 1 }
        var hasPoint = false
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: ".") {
                hasPoint = true
            } else if byte &- UInt8(ascii: "0") < 10 {
                if digits > 0 || byte != UInt8(ascii: "0") { digits += 1 }
                guard digits <= 19 else { return slowDouble(text) }
                mantissa = mantissa &* 10 &+ UInt64(byte &- UInt8(ascii: "0"))
                if hasPoint { exponent -= 1 }
            } else {
                return slowDouble(text)
            }
            index += 1
        }
        // Clinger's fast path: both numbers are exact doubles, so one rounding gives the nearest.
        guard mantissa < 1 << 53, exponent >= -22 else { return slowDouble(text) }
        let value = Double(mantissa) / exactPowers[-exponent]
        return isNegative ? -value : value
    }

    private static func slowDouble(_ text: UnsafeRawBufferPointer) -> Double? {
        guard significantDigits(text) <= maxDoubleDigits else { return nil }
        guard let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else { return nil }
        return value
    }

    /// Digits of the mantissa without zeros at either end.
    private static func significantDigits(_ text: UnsafeRawBufferPointer) -> Int {
        var count = 0
        var trailingZeros = 0
        for byte in text {
            if byte | 0x20 == UInt8(ascii: "e") { break }
            guard byte &- UInt8(ascii: "0") < 10 else { continue }
            if count == 0, byte == UInt8(ascii: "0") { continue }
            count += 1
            trailingZeros = byte == UInt8(ascii: "0") ? trailingZeros + 1 : 0
        }
        return count - trailingZeros
    }
}
