internal import TenonJSON

extension ExactDecimal {
    /// How many digits a divisor may have: 128 bits hold any number of as many.
    static let maxDivisorDigits = 38

    /// Whether this is a whole multiple of `divisor`, which must be short and not zero.
    func isMultiple(of divisor: Self) -> Bool {
        guard !digits.isEmpty else { return true }
        guard exponent >= divisor.exponent else { return false }
        let power = exponent - divisor.exponent
        if divisor.digits.count <= 19 {
            return divisor.mantissa(as: UInt64.self).map { isMultiple(of: $0, power) } ?? false
        }
        return divisor.mantissa(as: UInt128.self).map { isMultiple(of: $0, power) } ?? false
    }

    private func mantissa<Number: FixedWidthInteger>(as _: Number.Type) -> Number? {
        var value: Number = 0
        for digit in digits {
            let (shifted, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, isTooMuch) = shifted.addingReportingOverflow(Number(digit))
            if isTooLarge || isTooMuch { return nil }
            value = sum
        }
        return value
    }

    /// Whether the digits times a power of ten are a multiple of `modulus`, found without making the product.
    private func isMultiple<Number: FixedWidthInteger>(of modulus: Number, _ power: Int) -> Bool
    where Number.Magnitude == Number {
        guard modulus > 0 else { return false }
        let ten = 10 % modulus
        var rest: Number = 0
        for digit in digits {
            rest = Self.sum(
                Self.product(rest, ten, modulus: modulus), Number(digit) % modulus, modulus: modulus)
        }
        var power = power
        var base = ten
        while power > 0, rest != 0 {
            if power & 1 == 1 { rest = Self.product(rest, base, modulus: modulus) }
            base = Self.product(base, base, modulus: modulus)
            power >>= 1
        }
        return rest == 0
    }

    /// Of factors below the modulus, so that the quotient fits.
    private static func product<Number: FixedWidthInteger>(
        _ left: Number, _ right: Number, modulus: Number
    ) -> Number where Number.Magnitude == Number {
        modulus.dividingFullWidth(left.multipliedFullWidth(by: right)).remainder
    }

    private static func sum<Number: FixedWidthInteger>(
        _ left: Number, _ right: Number, modulus: Number
    ) -> Number {
        left >= modulus - right ? left - (modulus - right) : left + right
    }
}
