extension NumberText {
    /// The double next to a decimal number: `-?`, digits with at most one point among or around them, and an
    /// exponent if need be. Nil for other text, and where the number is beyond the range.
    @inlinable
    @inline(__always)
    public static func double(_ text: UnsafeRawBufferPointer) -> Double? {
        guard let base = text.baseAddress, text.count > 0 else { return nil }
        let isNegative = base.load(as: UInt8.self) == UInt8(ascii: "-")
        let start = isNegative ? 1 : 0
        let count = text.count &- start
        if count &- 1 < 8, count > 0, let value = shortDouble(base + start, count) {
            return isNegative ? -value : value
        }
        return longDouble(text)
    }

    /// Up to eight characters with digits and at most one point, all in one word.
    @inlinable
    @inline(__always)
    static func shortDouble(_ bytes: UnsafeRawPointer, _ count: Int) -> Double? {
        let word = DigitWord.load(bytes, count)
        let points = word ^ 0x2E2E_2E2E_2E2E_2E2E
        let found = (points &- 0x0101_0101_0101_0101) & ~points & 0x8080_8080_8080_8080
        guard found != 0 else {
            let padded = DigitWord.padded(word, count)
            return DigitWord.isAllDigits(padded) ? Double(DigitWord.value(padded)) : nil
        }
        guard count > 1 else { return nil }
        // Takes the point out: what is above it moves down a byte.
        let point = found.trailingZeroBitCount >> 3
        let below = 1 &<< UInt64(truncatingIfNeeded: point &* 8) &- 1 as UInt64
        let padded = DigitWord.padded(word & below | (word >> 8) & ~below, count &- 1)
        guard DigitWord.isAllDigits(padded) else { return nil }
        return Double(DigitWord.value(padded)) / smallPowers(count &- 1 &- point)
    }

    /// 10^exponent for 0 to 7, without a table.
    @inlinable
    @inline(__always)
    static func smallPowers(_ exponent: Int) -> Double {
        switch exponent {
        case 0: 1
        case 1: 1e1
        case 2: 1e2
        case 3: 1e3
        case 4: 1e4
        case 5: 1e5
        case 6: 1e6
        default: 1e7
        }
    }

    @usableFromInline static let exactPowers: [Double] = (0...22).map { exponent in
        (0..<exponent).reduce(1.0) { product, _ in product * 10 }
    }

    @usableFromInline
    static func longDouble(_ text: UnsafeRawBufferPointer) -> Double? {
        guard let parts = DecimalParts(text) else { return nil }
        // Clinger's fast path: both numbers are exact doubles, so one rounding gives the nearest.
        if parts.isExact, parts.mantissa < 1 << 53, parts.exponent.magnitude <= 22 {
            let power = exactPowers[Int(parts.exponent.magnitude)]
            let mantissa = Double(parts.mantissa)
            let value = parts.exponent < 0 ? mantissa / power : mantissa * power
            return parts.isNegative ? -value : value
        }
        guard let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else { return nil }
        return value
    }

    /// How many digits the number has without zeros at either end: at most 17 survive in a double.
    public static func significantDigits(_ text: UnsafeRawBufferPointer) -> Int {
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

    /// As `double`, but nil where the number has more digits than a double keeps.
    @inlinable
    public static func exactDouble(_ text: UnsafeRawBufferPointer) -> Double? {
        // A sign and a point may stand among 17 digits.
        guard text.count <= 17 || significantDigits(text) <= 17 else { return nil }
        return double(text)
    }

    // MARK: Writing

    /// What must be writable where a float is written, though it has at most 25 bytes.
    @inlinable public static var floatRoom: Int { 40 }

    /// Writes the shortest text that reads back as the same double, as Swift prints it (`0.1`, `5.0`,
    /// `1e+16`, `nan`), and answers how many bytes it has.
    @inlinable
    @inline(__always)
    public static func write(_ value: Double, to target: UnsafeMutablePointer<UInt8>) -> Int {
        target.pointee = UInt8(ascii: "-")
        let sign = value < 0 ? 1 : 0
        let magnitude = value.magnitude
        if magnitude >= 1e-3, magnitude < 1e12 {
            // A number of at most 15 digits that reads back as the value is the only one, so the shortest.
            let thousandths = Int64(magnitude * 1000 + 0.5)
            if Double(thousandths) / 1000 == magnitude {
                return sign &+ write(thousandths: thousandths, to: target + sign)
            }
        }
        return writeLong(value, to: target)
    }

    @inlinable
    @inline(__always)
    static func write(thousandths: Int64, to target: UnsafeMutablePointer<UInt8>) -> Int {
        let thousandths = UInt64(truncatingIfNeeded: thousandths)
        let whole = thousandths / 1000
        let fraction = UInt32(truncatingIfNeeded: thousandths &- whole &* 1000)
        let count = write(whole, to: target)
        let tenths = fraction / 100
        let hundredths = fraction / 10 &- tenths &* 10
        let last = fraction &- fraction / 10 &* 10
        let text =
            UInt32(UInt8(ascii: ".")) | (tenths | 0x30) << 8 | (hundredths | 0x30) << 16 | (last | 0x30) << 24
        UnsafeMutableRawPointer(target).storeBytes(of: text, toByteOffset: count, as: UInt32.self)
        return count &+ (last != 0 ? 4 : hundredths != 0 ? 3 : 2)
    }

    /// Writes the shortest text that reads back as the same float.
    @inlinable
    public static func write(_ value: Float, to target: UnsafeMutablePointer<UInt8>) -> Int {
        let whole = value.rounded(.towardZero)
        if whole == value, value.magnitude < 0x1p24, value != 0 { return write(Double(value), to: target) }
        return write(ascii: value.description, to: target)
    }

    @usableFromInline
    static func writeLong(_ value: Double, to target: UnsafeMutablePointer<UInt8>) -> Int {
        write(ascii: value.description, to: target)
    }

    @usableFromInline
    static func write(ascii text: String, to target: UnsafeMutablePointer<UInt8>) -> Int {
        var count = 0
        for byte in text.utf8 {
            target[count] = byte
            count += 1
        }
        return count
    }
}

/// A decimal number taken apart: `mantissa * 10^exponent`.
private struct DecimalParts {
    private(set) var mantissa: UInt64 = 0
    private(set) var exponent = 0
    let isNegative: Bool
    /// Whether no digit was left out.
    private(set) var isExact = true

    /// Nil where `text` is no number.
    init?(_ text: UnsafeRawBufferPointer) {
        isNegative = text.first == UInt8(ascii: "-")
        var index = isNegative ? 1 : 0
        var digits = 0
        var significant = 0
        var hasPoint = false
        while index < text.count {
            let byte = text[index]
            let digit = byte &- UInt8(ascii: "0")
            if digit < 10 {
                digits += 1
                if significant > 0 || digit > 0 { significant += 1 }
                if significant <= 19 {
                    mantissa = mantissa &* 10 &+ UInt64(digit)
                    if hasPoint { exponent -= 1 }
                } else {
                    isExact = false
                }
            } else if byte == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
            } else {
                break
            }
            index += 1
        }
        guard digits > 0 else { return nil }
        if index < text.count {
            guard text[index] | 0x20 == UInt8(ascii: "e"), readExponent(text, index + 1) else { return nil }
        }
    }

    private mutating func readExponent(_ text: UnsafeRawBufferPointer, _ start: Int) -> Bool {
        var index = start
        var isNegative = false
        if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
            isNegative = text[index] == UInt8(ascii: "-")
            index += 1
        }
        guard index < text.count else { return false }
        var value = 0
        while index < text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return false }
            // Far beyond every double; the sum below must not overflow.
            value = min(value * 10 + Int(digit), 1_000_000)
            index += 1
        }
        exponent += isNegative ? -value : value
        return true
    }
}
