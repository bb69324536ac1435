/// How a number lies to another one.
package enum NumberOrder: Sendable {
    case less
    case equal
    case greater

    /// Nil with not-a-number.
    package init?<Number: Comparable>(_ left: Number, _ right: Number) {
        if left < right {
            self = .less
        } else if left > right {
            self = .greater
        } else if left == right {
            self = .equal
        } else {
            return nil
        }
    }

    package var reversed: Self {
        switch self {
        case .less: .greater
        case .equal: .equal
        case .greater: .less
        }
    }
}

extension JSON {
    /// How this number lies to the other, exactly, whatever kinds they are; nil where one is no number.
    ///
    /// A double is the integer that it is up to 2^64, as which CEL compares it, and the decimal that is
    /// written for it elsewhere. These never cross: that decimal is nearer to it than to any other double.
    package func order(to other: JSON) -> NumberOrder? {
        switch (self, other) {
        case (.int(let left), .int(let right)): return NumberOrder(left, right)
        case (.double(let left), .double(let right)): return NumberOrder(left, right)
        case (.number(let left), .number(let right)) where left.hasSameBytes(as: right): return .equal
        default: break
        }
        switch (machineInteger, other.machineInteger) {
        case (let left?, let right?): return NumberOrder(left, right)
        case (let left?, nil):
            if case .double(let right) = other { return Self.order(left, right) }
        case (nil, let right?):
            if case .double(let left) = self { return Self.order(right, left)?.reversed }
        case (nil, nil): break
        }
        return decimalOrder(to: other)
    }

    /// Exact, also where the integer, of 64 bits and a sign, has more digits than a double.
    private static func order(_ integer: Int128, _ double: Double) -> NumberOrder? {
        if double.isNaN { return nil }
        if double >= 0x1p64 { return .less }
        if double < -0x1p64 { return .greater }
        let whole = double.rounded(.towardZero)
        return integer == Int128(whole) ? NumberOrder(whole, double) : NumberOrder(integer, Int128(whole))
    }

    private func decimalOrder(to other: JSON) -> NumberOrder? {
        if let left = comparedDecimal, let right = other.comparedDecimal { return NumberOrder(left, right) }
        guard let left = infiniteSide, let right = other.infiniteSide else { return nil }
        return NumberOrder(left, right)
    }

    /// 1 and -1 of the infinities, 0 of every other number.
    private var infiniteSide: Int? {
        switch self {
        case .double(let value) where value.isInfinite: value < 0 ? -1 : 1
        default: comparedDecimal.map { _ in 0 }
        }
    }

    private var machineInteger: Int128? {
        switch self {
        case .int(let value): Int128(value)
        case .uint(let value): Int128(value)
        default: nil
        }
    }

    private var comparedDecimal: ExactDecimal? {
        guard case .double(let double) = self, let integer = double.integerTo64Bits else {
            return ExactDecimal(self)
        }
        return ExactDecimal(integer: integer)
    }
}

extension Double {
    /// The integer that this is, where its magnitude is at most 2^64.
    package var integerTo64Bits: Int128? { magnitude <= 0x1p64 ? Int128(exactly: self) : nil }
}
