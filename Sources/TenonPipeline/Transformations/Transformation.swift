package import TenonExpression
package import TenonJSON

/// One change to records, as a definition names it.
package struct Transformation: Sendable {
    package enum Kind: Sendable {
        case map([Mapping])
        case filter(FilterCondition)
        case aggregate(Aggregation)
    }
    package let kind: Kind
    package let pointer: JSONPointer
    let warnings: [PipelineWarning]
}

/// Where one field of the result comes from.
package struct Mapping: Sendable {
    package enum Source: Sendable {
        case path(FieldPath)
        /// Text with `{{ }}`, or any other value, compiled again where the names are known.
        case template(JSON, Template)
    }
    package let name: String
    package let source: Source
    package let pointer: JSONPointer
}

/// Which records stay.
package enum FilterCondition: Sendable {
    case comparison(Comparison)
    case expression(Expression, at: JSONPointer)
}

/// A filter's condition: field, operator, value.
package struct Comparison: Sendable {
    package let path: FieldPath
    package let operation: ComparisonOperator
    package let value: JSON
    package let pointer: JSONPointer
}

/// Several aggregations over the same groups; without `groupBy` all records are one group.
package struct Aggregation: Sendable {
    package struct Item: Sendable {
        package let operation: String
        /// Nil counts records.
        package let path: FieldPath?
        package let name: String
        package let pointer: JSONPointer
    }
    package let items: [Item]
    package let groupBy: [FieldPath]
    package let pointer: JSONPointer
}
