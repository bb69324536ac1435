internal import TenonColumns
internal import TenonExpression
internal import TenonJSON

/// Expressions that are comparisons in other words: these then run over columns, or in the source.
enum SimpleCondition {
    private static let exactIntegers = 1 << 53

    /// The same as `expression` over records of `schema`, whatever their values; nil where it may differ, or
    /// fail.
    static func comparisons(
        of expression: Expression, _ schema: Schema, at pointer: JSONPointer
    ) -> [Comparison]? {
        guard let simple = expression.simpleComparisons else { return nil }
        var comparisons: [Comparison] = []
        for comparison in simple {
            guard let index = schema.index(of: comparison.name), let path = FieldPath(comparison.name),
                isSame(comparison, schema.fields[index].meantType)
            else { return nil }
            comparisons.append(
                Comparison(
                    path: path, operation: operation(comparison.operation), value: comparison.value,
                    pointer: pointer))
        }
        return comparisons
    }

    private static func operation(_ operation: SimpleComparison.Operator) -> ComparisonOperator {
        switch operation {
        case .equal: .equals
        case .notEqual: .notEquals
        case .less: .lessThan
        case .lessOrEqual: .lessOrEqual
        case .greater: .greaterThan
        case .greaterOrEqual: .greaterOrEqual
        case .isIn: .in
        }
    }

    /// Whether columns of `type` compare with the constant as expressions do. Expressions see dates and
    /// decimals as text, and compare numbers exactly.
    private static func isSame(_ comparison: SimpleComparison, _ type: ColumnType) -> Bool {
        if let elements = comparison.value.array { return elements.allSatisfy { isSame($0, type) } }
        if type == .bool, ![.equal, .notEqual].contains(comparison.operation) { return false }
        return isSame(comparison.value, type)
    }

    private static func isSame(_ constant: JSON, _ type: ColumnType) -> Bool {
        switch constant {
        case .string: return type == .utf8
        case .bool: return type == .bool
        case .int(let value):
            return type.isInteger || type.isFloat && value.magnitude <= UInt64(exactIntegers)
        case .double(let value):
            return type.isFloat || type.isInteger && value.magnitude <= Double(exactIntegers)
        default: return false
        }
    }
}
