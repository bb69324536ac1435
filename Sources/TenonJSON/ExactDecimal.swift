/// A number as digits times a power of ten, so that comparing and dividing lose nothing; as long as its text,
/// whatever its exponent is.
package struct ExactDecimal: Hashable, Sendable {
    package let isNegative: Bool
    /// From the highest, without zeros at either end; zero has none.
    package let digits: [UInt8]
    package let exponent: Int

    /// Of a JSON number, a double being the decimal that is written for it.
    package init?(_ json: JSON) {
        switch json {
        case .int(let value): self.init(integer: Int128(value))
        case .uint(let value): self.init(integer: Int128(value))
        case .double(let value): self.init(value)
        case .number(let text): self.init(text)
        default: return nil
        }
    }

    /// The shortest decimal that is read as `double`; nil of infinity and not-a-number.
    package init?(_ double: Double) {
        guard double.isFinite else { return nil }
        self.init(double.description)
    }

    package init(integer: Int128) {
        var digits: [UInt8] = []
        var rest = integer.magnitude
        var exponent = 0
        while rest > 0 {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            if digit == 0, digits.isEmpty {
                exponent += 1
            } else {
                digits.append(UInt8(truncatingIfNeeded: digit))
            }
            rest = quotient
        }
        digits.reverse()
        self.digits = digits
        self.exponent = exponent
        isNegative = integer < 0
    }

    /// Of a number's text; nil of any other.
    package init?(_ text: String) {
        var reading = DecimalReading()
        for byte in text.utf8 { guard reading.take(byte) else { return nil } }
        guard reading.isWhole else { return nil }
        var digits = reading.digits
        let count = digits.count
        while digits.last == 0 { digits.removeLast() }
        self.digits = digits
        isNegative = reading.isNegative && !digits.isEmpty
        exponent = digits.isEmpty ? 0 : reading.power - reading.fractionCount + count - digits.count
    }

    package var isInteger: Bool { exponent >= 0 }
    package var isPositive: Bool { !isNegative && !digits.isEmpty }

    /// The number without its fraction, where it has at most 38 digits: 128 bits hold any of these.
    package var wholePart: Int128? {
        guard digits.count + exponent <= 38 else { return nil }
        let value = digits.prefix(max(0, digits.count + min(0, exponent))).reduce(Int128(0)) {
            $0 * 10 + Int128($1)
        }
        let whole = (0..<max(0, exponent)).reduce(value) { value, _ in value * 10 }
        return isNegative ? -whole : whole
    }
}

extension ExactDecimal: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        guard left.isNegative == right.isNegative else { return left.isNegative }
        return left.isNegative ? right.magnitudePrecedes(left) : left.magnitudePrecedes(right)
    }

    private func magnitudePrecedes(_ other: Self) -> Bool {
        guard !digits.isEmpty, !other.digits.isEmpty else { return digits.isEmpty && !other.digits.isEmpty }
        let place = digits.count + exponent
        let otherPlace = other.digits.count + other.exponent
        return place == otherPlace ? digits.lexicographicallyPrecedes(other.digits) : place < otherPlace
    }
}

/// What has been read of a number's text.
private struct DecimalReading {
    private enum Part { case sign, start, whole, fraction, power, powerDigits }

    /// Powers beyond this count as it.
    private static let maxPower = 900_000_000_000_000_000

    private(set) var isNegative = false
    /// Without zeros before the first other.
    private(set) var digits: [UInt8] = []
    private(set) var fractionCount = 0
    private var powerMagnitude = 0
    private var hasNegativePower = false
    private var part = Part.sign
    private var hasDigit = false

    var power: Int { hasNegativePower ? -powerMagnitude : powerMagnitude }
    /// Whether nothing is missing at the end.
    var isWhole: Bool { hasDigit }

    /// False where the byte cannot come here.
    mutating func take(_ byte: UInt8) -> Bool {
        let digit = byte &- 0x30
        if digit <= 9 {
            take(digit: digit)
            return true
        }
        switch (byte, part) {
        case (UInt8(ascii: "-"), .sign):
            isNegative = true
            part = .start
        case (UInt8(ascii: "."), .whole): part = .fraction
        case (UInt8(ascii: "e"), .whole), (UInt8(ascii: "E"), .whole),
            (UInt8(ascii: "e"), .fraction) where hasDigit, (UInt8(ascii: "E"), .fraction) where hasDigit:
            part = .power
        case (UInt8(ascii: "+"), .power): part = .powerDigits
        case (UInt8(ascii: "-"), .power):
            hasNegativePower = true
            part = .powerDigits
        default: return false
        }
        hasDigit = false
        return true
    }

    private mutating func take(digit: UInt8) {
        hasDigit = true
        switch part {
        case .power, .powerDigits:
            part = .powerDigits
            powerMagnitude = min(powerMagnitude * 10 + Int(digit), Self.maxPower)
            return
        case .fraction: fractionCount += 1
        case .sign, .start, .whole: part = .whole
        }
        if digit != 0 || !digits.isEmpty { digits.append(digit) }
    }
}
