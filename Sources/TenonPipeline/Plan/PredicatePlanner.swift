internal import TenonColumns
internal import TenonJSON
internal import TenonModel

/// Turns a condition into the test of a column of one type.
enum PredicatePlanner {
    static func predicate(_ comparison: Comparison, type: ColumnType) throws(TenonError) -> ColumnPredicate {
        let value = comparison.value
        let predicate: ColumnPredicate?
        switch comparison.operation {
        case .exists: return value.bool ?? true ? .not(.isNull) : .isNull
        case .isNull: return value.bool ?? true ? .isNull : .not(.isNull)
        case .in, .notIn: predicate = member(of: value.array ?? [], type)
        case .between:
            guard let low = value[0]?.literal, let high = value[1]?.literal else {
                throw mismatch(comparison, type)
            }
            predicate = .between(low, high, type: type)
        case .contains: predicate = part(value, .anywhere, type)
        case .startsWith: predicate = part(value, .start, type)
        case .endsWith: predicate = part(value, .end, type)
        default: predicate = ordered(comparison, type)
        }
        guard let predicate else { throw mismatch(comparison, type) }
        return comparison.operation.isNegation ? .not(predicate) : predicate
    }

    private static func ordered(_ comparison: Comparison, _ type: ColumnType) -> ColumnPredicate? {
        // A field equals nothing that is not there, so nothing equals null.
        if comparison.value.isNull { return .nothing }
        guard let order = comparison.operation.order, let literal = comparison.value.literal else {
            return nil
        }
        return .comparison(order, literal, type: type)
    }

    private static func member(of values: [JSON], _ type: ColumnType) -> ColumnPredicate? {
        let literals = values.filter { !$0.isNull }.map(\.literal)
        let known = literals.compactMap { $0 }
        return known.count == literals.count ? .member(of: known, type: type) : nil
    }

    private static func part(_ value: JSON, _ place: TextPart, _ type: ColumnType) -> ColumnPredicate? {
        if type == .null { return .nothing }
        guard type == .utf8, let text = value.string else { return nil }
        return .textPart(Array(text.utf8), place)
    }

    private static func mismatch(_ comparison: Comparison, _ type: ColumnType) -> TenonError {
        Planner.error(
            .pipelineType,
            "\"\(comparison.path.text)\" is \(type.name) and cannot be compared by \"\(comparison.operation.rawValue)\" with"
                + " \(comparison.value.text)", comparison.pointer.appending("value"))
    }
}

extension JSON {
    fileprivate var literal: Literal? {
        switch self {
        case .bool(let value): .bool(value)
        case .int, .uint, .double, .number: .number(text)
        case .string(let text): .text(text)
        case .null, .array, .object: nil
        }
    }
}
