/// The exact decimal digits of a finite double, for output with a fixed number of places.
struct DecimalExpansion {
    /// Most significant first, without leading zeros; empty for 0.
    private(set) var digits: [UInt8]
    /// How many of the digits stand behind the point; negative where zeros follow.
    private(set) var scale: Int
    let isNegative: Bool

    /// `value` must be finite.
    init(_ value: Double) {
        isNegative = value.sign == .minus
        var exponent = 0
        var significand = UInt64(0)
        if value != 0, value.isFinite {
            exponent = Int(value.exponent) - 52
            if value.isSubnormal || value.exponentBitPattern == 0 { exponent = -1074 }
            significand = value.significandBitPattern | (value.exponentBitPattern == 0 ? 0 : 1 << 52)
        }
        // m * 2^-k is m * 5^k / 10^k.
        var number = LongInteger(significand)
        if exponent >= 0 {
            number.multiply(by: 2, times: exponent)
            scale = 0
        } else {
            number.multiply(by: 5, times: -exponent)
            scale = -exponent
        }
        digits = number.digits
    }

    /// Keeps so many places behind the point; a tie goes to the even digit.
    mutating func round(toPlaces places: Int) {
        drop(scale - places)
    }

    /// Keeps so many digits from the first that is not zero.
    mutating func round(toDigits count: Int) {
        drop(digits.count - count)
    }

    private mutating func drop(_ count: Int) {
        guard count > 0 else { return }
        let kept = digits.count - count
        guard kept >= 0 else {
            digits = []
            scale -= count
            return
        }
        let rest = digits[kept...]
        let isTie = rest.first == 5 && rest.dropFirst().allSatisfy { $0 == 0 }
        let isLastOdd = kept > 0 && digits[kept - 1] & 1 == 1
        let roundsUp = isTie ? isLastOdd : (rest.first ?? 0) >= 5
        digits.removeLast(count)
        scale -= count
        guard roundsUp else { return }
        var position = kept - 1
        while position >= 0, digits[position] == 9 {
            digits[position] = 0
            position -= 1
        }
        if position >= 0 { digits[position] += 1 } else { digits.insert(1, at: 0) }
    }

    /// `-12.50` with so many places.
    func fixedText(places: Int) -> String {
        var text = digits.map { $0 + UInt8(ascii: "0") }
        if scale < places { text += [UInt8](repeating: UInt8(ascii: "0"), count: places - scale) }
        let missing = places + 1 - text.count
        if missing > 0 { text = [UInt8](repeating: UInt8(ascii: "0"), count: missing) + text }
        if places > 0 { text.insert(UInt8(ascii: "."), at: text.count - places) }
        return (isNegative ? "-" : "") + String(decoding: text, as: UTF8.self)
    }
}

/// A whole number of any size, as far as `DecimalExpansion` needs one.
private struct LongInteger {
    private static let base: UInt64 = 1_000_000_000
    /// Least significant first.
    private var limbs: [UInt32]

    init(_ value: UInt64) {
        limbs = []
        var rest = value
        while rest > 0 {
            limbs.append(UInt32(truncatingIfNeeded: rest % Self.base))
            rest /= Self.base
        }
    }

    mutating func multiply(by factor: UInt32, times: Int) {
        // As many factors at once as fit beside a limb.
        let step = factor == 2 ? 29 : 12
        var left = times
        while left > 0 {
            let count = min(step, left)
            multiply(by: (0..<count).reduce(UInt64(1)) { product, _ in product * UInt64(factor) })
            left -= count
        }
    }

    private mutating func multiply(by factor: UInt64) {
        var carry: UInt64 = 0
        for index in limbs.indices {
            let product = UInt64(limbs[index]) * factor + carry
            limbs[index] = UInt32(truncatingIfNeeded: product % Self.base)
            carry = product / Self.base
        }
        if carry > 0 { limbs.append(UInt32(truncatingIfNeeded: carry)) }
    }

    /// Most significant first, without leading zeros.
    var digits: [UInt8] {
        var digits: [UInt8] = []
        for limb in limbs {
            var rest = limb
            for _ in 0..<9 {
                digits.append(UInt8(truncatingIfNeeded: rest % 10))
                rest /= 10
            }
        }
        while digits.last == 0 { digits.removeLast() }
        return digits.reversed()
    }
}
