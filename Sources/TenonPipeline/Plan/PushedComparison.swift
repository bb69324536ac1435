internal import TenonColumns
package import TenonJSON

/// A condition that the source is asked to apply, in the form of `open_reader`.
package struct PushedComparison: Sendable {
    /// The source's name of the column.
    package let column: String
    package let operation: ComparisonOperator
    package let value: JSON
    let place: TransformationPlace

    /// Nil where only the host can compare so: values inside JSON, bytes, or with nothing.
    init?(_ comparison: Comparison, column: String, type: ColumnType, place: TransformationPlace) {
        guard type != .json, type != .null, type != .binary else { return nil }
        let value = comparison.value
        switch comparison.operation {
        case .matches: return nil
        case .exists, .isNull:
            // One form each: `exists: false` is `isNull`.
            let isNull = (comparison.operation == .isNull) == (value.bool ?? true)
            operation = isNull ? .isNull : .exists
            self.value = true
        case .in, .notIn:
            // Null equals nothing, so that it changes nothing in a list.
            operation = comparison.operation
            self.value = .array((value.array ?? []).filter { !$0.isNull })
        default:
            guard !value.isNull, !(value.array ?? []).contains(.null) else { return nil }
            operation = comparison.operation
            self.value = value
        }
        self.column = column
        self.place = place
    }

    var json: JSON {
        ["column": .string(column), "operator": .string(operation.rawValue), "value": value]
    }

    /// As a person reads it: `status equals "active"`.
    var text: String {
        switch operation {
        case .exists, .isNull: "\(column) \(operation.rawValue)"
        default: "\(column) \(operation.rawValue) \(value.text)"
        }
    }
}
