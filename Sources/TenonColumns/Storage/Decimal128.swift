/// A decimal of 128 bits: `unscaled / 10^scale`.
package enum Decimal128 {
    /// 10^0 to 10^38.
    package static let powers: [Int128] = (0..<38).reduce(into: [1]) { powers, _ in
        powers.append((powers.last ?? 1) * 10)
    }

    /// `12.50` for 1250 at scale 2.
    package static func text(_ unscaled: Int128, scale: Int) -> String {
        guard scale > 0 else { return String(unscaled) }
        let digits = String(unscaled.magnitude)
        let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
        return (unscaled < 0 ? "-" : "") + padded.dropLast(scale) + "." + padded.suffix(scale)
    }

    /// The unscaled value of a number's text, or nil where it does not fit exactly.
    package static func parse(_ text: UnsafeRawBufferPointer, precision: Int, scale: Int) -> Int128? {
        guard (0...38).contains(precision), (0...38).contains(scale), let number = DecimalDigits(text) else {
            return nil
        }
        var value = number.digits
        // value * 10^exponent must become an integer at `scale`.
        var shift = number.exponent + scale
        while shift < 0 {
            guard value % 10 == 0 else { return nil }
            if value == 0 { break }
            value /= 10
            shift += 1
        }
        guard value == 0 || shift <= 38 else { return nil }
        if value != 0, shift > 0 {
            let (product, overflow) = value.multipliedReportingOverflow(by: powers[shift])
            guard !overflow else { return nil }
            value = product
        }
        guard value.magnitude < powers[precision].magnitude else { return nil }
        return number.isNegative ? -value : value
    }
}

extension Decimal128 {
    /// The integers next below and above a number's text times 10^scale, the same where it is one; beyond 128
    /// bits the largest. Nil where it is no number.
    static func around(_ text: UnsafeRawBufferPointer, scale: Int) -> (below: Int128, above: Int128)? {
        guard let number = DecimalDigits(text) else { return nil }
        let shift = number.exponent + scale
        let sign: Int128 = number.isNegative ? -1 : 1
        if number.digits == 0 { return (0, 0) }
        if shift >= 0 {
            let product =
                shift > 38 ? (0, true) : number.digits.multipliedReportingOverflow(by: powers[shift])
            let value = product.1 ? (number.isNegative ? Int128.min : .max) : sign * product.0
            return (value, value)
        }
        let (whole, rest) =
            shift < -38 ? (0, 1) : number.digits.quotientAndRemainder(dividingBy: powers[-shift])
        if rest == 0 { return (sign * whole, sign * whole) }
        return number.isNegative ? (-whole - 1, -whole) : (whole, whole + 1)
    }
}

/// Digits and exponent of a decimal number's text.
private struct DecimalDigits {
    var digits: Int128 = 0
    var exponent = 0
    var isNegative = false

    init?(_ text: UnsafeRawBufferPointer) {
        var position = 0
        if position < text.count, text[position] == UInt8(ascii: "-") || text[position] == UInt8(ascii: "+") {
            isNegative = text[position] == UInt8(ascii: "-")
            position += 1
        }
        var hasPoint = false
        var digitCount = 0
        while position < text.count {
            let byte = text[position]
            if byte == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
            } else if byte &- UInt8(ascii: "0") < 10 {
                guard digits < Decimal128.powers[37] else { return nil }
                digits = digits * 10 + Int128(byte &- UInt8(ascii: "0"))
                digitCount += 1
                if hasPoint { exponent -= 1 }
            } else {
                break
            }
            position += 1
        }
        guard digitCount > 0 else { return nil }
        if position == text.count { return }
        guard text[position] | 0x20 == UInt8(ascii: "e"), text.count - position <= 6 else { return nil }
        guard let power = Int(String(decoding: text[(position + 1)...], as: UTF8.self)) else { return nil }
        exponent += power
    }
}

extension Column {
    /// The unscaled value of a decimal row.
    package func decimal(at row: Int) -> Int128 {
        let low = values.pointer.loadUnaligned(fromByteOffset: row * 16, as: UInt64.self)
        let high = values.pointer.loadUnaligned(fromByteOffset: row * 16 + 8, as: Int64.self)
        return Int128(high) << 64 | Int128(low)
    }
}

extension ColumnBuilder {
    /// Appends the unscaled value of a decimal.
    package func append(decimal value: Int128) {
        append(
            fixed: SIMD2<UInt64>(UInt64(truncatingIfNeeded: value), UInt64(truncatingIfNeeded: value >> 64)))
    }
}
