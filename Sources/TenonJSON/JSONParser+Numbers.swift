extension JSONParser {
    /// Reads a number into the case that carries it exactly.
    mutating func number() throws(JSONError) -> JSON {
        let start = position
        var digits = NumberDigits()
        if current == UInt8(ascii: "-") {
            digits.isNegative = true
            position += 1
        }
        let first = current
        let integerDigits = take(&digits)
        guard integerDigits > 0 else { throw error("expected a digit") }
        guard integerDigits == 1 || first != UInt8(ascii: "0") else {
            throw error("a number must not begin with 0", at: start)
        }
        var isInteger = true
        if current == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            let count = take(&digits)
            guard count > 0 else { throw error("expected a digit after the point") }
            digits.exponent -= count
        }
        if let byte = current, byte | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            position += 1
            digits.exponent += try exponent()
        }
        if let value = isInteger ? digits.integer : digits.double { return value }
        let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
        if !isInteger, let value = digits.longDouble(text) { return value }
        return ExactNumber.value(of: text, isInteger: isInteger)
    }

    /// Reads digits and answers how many.
    @inline(__always)
    private mutating func take(_ digits: inout NumberDigits) -> Int {
        let start = position
        while let byte = current {
            let digit = byte &- 0x30
            guard digit <= 9 else { break }
            digits.append(digit)
            position += 1
        }
        return position - start
    }

    /// Not beyond 10^15: more than any text has digits, so that those after the point cannot bring it back.
    private mutating func exponent() throws(JSONError) -> Int {
        var isNegative = false
        if let sign = current, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
            isNegative = sign == UInt8(ascii: "-")
            position += 1
        }
        let start = position
        var value = 0
        while let byte = current, (0x30...0x39).contains(byte) {
            value = min(value * 10 + Int(byte - 0x30), 1_000_000_000_000_000)
            position += 1
        }
        guard position > start else { throw error("expected a digit in the exponent") }
        return isNegative ? -value : value
    }
}

/// The digits of a number as they come, as far as 64 bits hold them.
private struct NumberDigits {
    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
        1e18,
        1e19, 1e20, 1e21, 1e22,
    ]

    var isNegative = false
    /// The power of ten that the digits count.
    var exponent = 0
    private var value: UInt64 = 0
    /// Without zeros before the first other digit.
    private var count = 0

    @inline(__always)
    mutating func append(_ digit: UInt8) {
        if count < 18 { value = value &* 10 &+ UInt64(digit) }
        if value != 0 { count += 1 }
    }

    /// Up to 18 digits; nil where another way is needed.
    var integer: JSON? {
        guard count <= 18 else { return nil }
        // Below 10^18 it is an Int64.
        let value = Int64(truncatingIfNeeded: value)
        if isNegative { return value == 0 ? .double(-0.0) : .int(-value) }
        return .int(value)
    }

    /// Up to 15 significant digits and a power of ten that a double has: one operation, rounded once, is the
    /// nearest double, and the digits survive the way through it (DBL_DIG).
    var double: JSON? {
        guard count <= 18 else { return nil }
        guard value != 0 else { return .double(isNegative ? -0.0 : 0) }
        let (value, exponent) = Self.trimmed(value, exponent)
        guard value <= 999_999_999_999_999 else { return nil }
        return Self.product(value, exponent).map { .double(isNegative ? -$0 : $0) }
    }

    /// Up to 17 significant digits, which are all that a double can keep, where it keeps these.
    func longDouble(_ text: String) -> JSON? {
        guard count <= 18, value != 0 else { return nil }
        let (value, exponent) = Self.trimmed(value, exponent)
        let exact = value < 1 << 53 ? Self.product(value, exponent) : nil
        guard let double = exact?.magnitude ?? Double(text)?.magnitude, double.isNormal else { return nil }
        return Self.digits(of: double) == value ? .double(isNegative ? -double : double) : nil
    }

    /// `value` times a power of ten, where both are exact doubles.
    private static func product(_ value: UInt64, _ exponent: Int) -> Double? {
        guard (-22...22).contains(exponent) else { return nil }
        let power = powers[abs(exponent)]
        return exponent < 0 ? Double(value) / power : Double(value) * power
    }

    /// The digits of the shortest text that reads back as `double`, as one number.
    private static func digits(of double: Double) -> UInt64 {
        var digits = NumberDigits()
        for byte in double.description.utf8 {
            if byte == UInt8(ascii: "e") { break }
            if byte != UInt8(ascii: ".") { digits.append(byte &- 0x30) }
        }
        return trimmed(digits.value, 0).value
    }

    private static func trimmed(_ value: UInt64, _ exponent: Int) -> (value: UInt64, exponent: Int) {
        var (value, exponent) = (value, exponent)
        while value % 10 == 0, value != 0 {
            value /= 10
            exponent += 1
        }
        return (value, exponent)
    }
}
