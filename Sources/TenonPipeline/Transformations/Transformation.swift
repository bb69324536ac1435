package import TenonColumns
package import TenonExpression
package import TenonJSON
internal import TenonModel
internal import TenonPattern

/// One change to records, as a definition names it.
package struct Transformation: Sendable {
    package enum Kind: Sendable {
        case map([Mapping])
        case filter(FilterCondition)
        case aggregate(Aggregation)
        /// Only these fields, in this order.
        case select([NamedField])
        case drop([NamedField])
        case rename([Rename])
        case cast([FieldCast])
        /// The first records only.
        case limit(Int)
    }
    package let kind: Kind
    package let pointer: JSONPointer
    let warnings: [DefinitionWarning]
}

/// A whole field by its name.
package struct NamedField: Sendable {
    package let name: String
    package let pointer: JSONPointer
}

/// A field that gets another name and keeps its place.
package struct Rename: Sendable {
    package let field: NamedField
    package let newName: String
}

/// A field that gets another type and keeps its place.
package struct FieldCast: Sendable {
    package let field: NamedField
    package let type: ColumnType
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
    /// What `matches` looks for, compiled.
    var pattern: Pattern?
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
