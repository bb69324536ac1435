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
        let digits = ExactDecimal(text)?.digits ?? []
        // Up to 15 significant digits survive the way through a double (DBL_DIG); above that it must be seen.
        let survives =
            digits.count <= 15
            ? value != 0 || digits.isEmpty
            : digits.count <= 17 && digits == ExactDecimal(value)?.digits
        return survives && value.isNormalOrZero ? .double(value) : .number(text)
    }
}

extension Double {
    fileprivate var isNormalOrZero: Bool { isNormal || isZero }
}
