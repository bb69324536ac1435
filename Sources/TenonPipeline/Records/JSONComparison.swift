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
        return left.order(to: right).map { order in
            switch order {
            case .less: -1
            case .equal: 0
            case .greater: 1
            }
        }
    }
}
