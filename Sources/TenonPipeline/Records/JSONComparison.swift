internal import TenonExpression
internal import TenonJSON
internal import TenonModel
internal import TenonPattern

/// Compares values of records by the rules that the kernels have for columns.
enum JSONComparison {
    /// Throws `expression.limit` where a pattern costs too much to look for.
    static func holds(_ comparison: Comparison, for value: JSON) throws(TenonError) -> Bool {
        let wanted = comparison.value
        switch comparison.operation {
        case .exists: return value.isNull != (wanted.bool ?? true)
        case .isNull: return value.isNull == (wanted.bool ?? true)
        case .equals: return isEqual(value, wanted)
        case .notEquals: return !isEqual(value, wanted)
        case .in: return (wanted.array ?? []).contains { isEqual(value, $0) }
        case .notIn: return !(wanted.array ?? []).contains { isEqual(value, $0) }
        case .greaterThan: return order(value, wanted).map { $0 > 0 } ?? false
        case .greaterOrEqual: return order(value, wanted).map { $0 >= 0 } ?? false
        case .lessThan: return order(value, wanted).map { $0 < 0 } ?? false
        case .lessOrEqual: return order(value, wanted).map { $0 <= 0 } ?? false
        case .between:
            guard let low = wanted[0], let high = wanted[1], let below = order(value, low),
                let above = order(value, high)
            else { return false }
            return below >= 0 && above <= 0
        case .contains:
            if let elements = value.array { return elements.contains { isEqual($0, wanted) } }
            return text(value, wanted) { ByteSearch.contains(Array($0), Array($1)) }
        case .startsWith: return text(value, wanted) { $0.starts(with: $1) }
        case .endsWith: return text(value, wanted) { $0.reversed().starts(with: $1.reversed()) }
        case .matches:
            guard let text = value.string, let pattern = comparison.pattern else { return false }
            return try occurs(pattern, in: text)
        }
    }

    static func occurs(_ pattern: Pattern, in text: String) throws(TenonError) -> Bool {
        do throws(PatternError) {
            return try pattern.matches(text)
        } catch {
            throw TenonError(.expressionLimit, "the pattern \(error.message)")
        }
    }

    private static func text(
        _ value: JSON, _ part: JSON, _ test: (String.UTF8View, String.UTF8View) -> Bool
    ) -> Bool {
        guard let value = value.string, let part = part.string else { return false }
        return test(value.utf8, part.utf8)
    }

    /// Null equals nothing.
    static func isEqual(_ left: JSON, _ right: JSON) -> Bool {
        if left.isNull || right.isNull { return false }
        if let order = order(left, right) { return order == 0 }
        return left == right
    }

    /// Negative where `left` comes first; nil where the two have no order.
    static func order(_ left: JSON, _ right: JSON) -> Int? {
        if let left = left.string, let right = right.string {
            if left.utf8.elementsEqual(right.utf8) { return 0 }
            return left.utf8Precedes(right) ? -1 : 1
        }
        if let left = left.integer, let right = right.integer { return sign(left, right) }
        if let left = left.integer, let right = right.double { return order(left, right) }
        if let left = left.double, let right = right.integer { return order(right, left).map { -$0 } }
        guard let left = left.double, let right = right.double, !left.isNaN, !right.isNaN else { return nil }
        return sign(left, right)
    }

    /// Exact, also where the double cannot carry the integer.
    private static func order(_ left: Int128, _ right: Double) -> Int? {
        if right.isNaN { return nil }
        guard let below = Int128(exactly: right.rounded(.down)) else { return right > 0 ? -1 : 1 }
        if left == below { return right == right.rounded(.down) ? 0 : -1 }
        return sign(left, below)
    }

    private static func sign<T: Comparable>(_ left: T, _ right: T) -> Int {
        left < right ? -1 : left == right ? 0 : 1
    }
}

extension JSON {
    fileprivate var integer: Int128? {
        switch self {
        case .int(let value): Int128(value)
        case .uint(let value): Int128(value)
        case .number(let text): Int128(text)
        default: nil
        }
    }
}
