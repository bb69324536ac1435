internal import TenonJSON

/// A JSON number as digits times a power of ten, so that comparing and dividing lose nothing.
struct ExactDecimal: Equatable, Sendable {
    let isNegative: Bool
    /// From the highest, without zeros at either end; zero has none.
    let digits: [UInt8]
    let exponent: Int

    init?(_ json: JSON) {
        switch json {
        case .int(let value): self.init(text: "\(value)")
        case .uint(let value): self.init(text: "\(value)")
        case .double(let value):
            guard value.isFinite else { return nil }
            self.init(text: "\(value)")
        case .number(let text): self.init(text: text)
        default: return nil
        }
    }

    private init?(text: String) {
        var digits: [UInt8] = []
        var fractionCount = 0
        var power = 0
        var isAfterPoint = false
        let utf8 = Array(text.utf8)
        for (index, byte) in utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits.append(byte - UInt8(ascii: "0"))
                fractionCount += isAfterPoint ? 1 : 0
            case UInt8(ascii: "."): isAfterPoint = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                let written = String(decoding: utf8[(index + 1)...], as: UTF8.self)
                // Beyond this no host computes; the order of such numbers among themselves does not matter.
                let limit = 1_000_000_000
                power = max(-limit, min(limit, Int(written) ?? (written.hasPrefix("-") ? -limit : limit)))
            default: break
            }
            if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") { break }
        }
        self.init(
            isNegative: utf8.first == UInt8(ascii: "-"), digits: Self.mantissa(digits),
            exponent: power - fractionCount)
    }

    private static func mantissa(_ digits: [UInt8]) -> ArraySlice<UInt8> { digits.drop { $0 == 0 } }

    private init(isNegative: Bool, digits: ArraySlice<UInt8>, exponent: Int) {
        let kept = digits.reversed().drop { $0 == 0 }.reversed()
        self.digits = Array(kept)
        self.isNegative = isNegative && !kept.isEmpty
        self.exponent = kept.isEmpty ? 0 : exponent + digits.count - kept.count
    }

    var isInteger: Bool { exponent >= 0 }
    var isPositive: Bool { !isNegative && !digits.isEmpty }
    /// The same for equal numbers however they are written.
    var canonicalText: String {
        (isNegative ? "-" : "") + digits.map { String($0) }.joined() + "e\(exponent)"
    }

    static func < (left: Self, right: Self) -> Bool {
        guard left.isNegative == right.isNegative else { return left.isNegative }
        return left.isNegative
            ? right.magnitudePrecedes(left) : left.magnitudePrecedes(right)
    }

    private func magnitudePrecedes(_ other: Self) -> Bool {
        guard !digits.isEmpty, !other.digits.isEmpty else { return digits.isEmpty && !other.digits.isEmpty }
        let place = digits.count + exponent
        let otherPlace = other.digits.count + other.exponent
        return place == otherPlace ? digits.lexicographicallyPrecedes(other.digits) : place < otherPlace
    }

    /// The digits as a number where they fit well into 64 bits.
    var shortMantissa: UInt64? {
        digits.count <= 18 ? digits.reduce(0) { $0 * 10 + UInt64($1) } : nil
    }

    /// Whether this is a whole multiple of `divisor`, whose mantissa must be short and not zero.
    func isMultiple(of divisor: Self) -> Bool {
        guard !digits.isEmpty else { return true }
        guard let modulus = divisor.shortMantissa, modulus > 0, exponent >= divisor.exponent else {
            return false
        }
        let mantissa = digits.reduce(0) { Self.product($0, 10, modulus: modulus, plus: UInt64($1)) }
        var power = exponent - divisor.exponent
        var base = 10 % modulus
        var scale = 1 % modulus
        while power > 0 {
            if power & 1 == 1 { scale = Self.product(scale, base, modulus: modulus) }
            base = Self.product(base, base, modulus: modulus)
            power >>= 1
        }
        return Self.product(mantissa, scale, modulus: modulus) == 0
    }

    private static func product(_ left: UInt64, _ right: UInt64, modulus: UInt64, plus: UInt64 = 0) -> UInt64
    {
        let (high, low) = (left % modulus).multipliedFullWidth(by: right % modulus)
        let rest = modulus.dividingFullWidth((high, low)).remainder
        return (rest + plus % modulus) % modulus
    }
}
