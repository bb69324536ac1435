/// A column's name and type.
package struct Field: Hashable, Sendable {
    package var name: String
    package var type: ColumnType
    package var isNullable: Bool
    /// The type that the values stand for, where they are still as the other system wrote them: `type` is
    /// then utf8 (the text of a value) or json (its token). Nil: the values are of `type`.
    package var late: ColumnType?

    package init(_ name: String, _ type: ColumnType, isNullable: Bool = true, late: ColumnType? = nil) {
        self.name = name
        self.type = type
        self.isNullable = isNullable
        self.late = late
    }

    /// The type that the values have or stand for.
    package var meantType: ColumnType { late ?? type }
}

/// The columns of a stream, in order.
package struct Schema: Hashable, Sendable {
    package let fields: [Field]
    private let positions: [String: Int]

    /// Of two fields with one name, `index(of:)` finds the first.
    package init(_ fields: [Field]) {
        self.fields = fields
        positions = Dictionary(zip(fields.map(\.name), fields.indices)) { first, _ in first }
    }

    package func index(of name: String) -> Int? { positions[name] }
    package var names: [String] { fields.map(\.name) }

    package static func == (left: Self, right: Self) -> Bool { left.fields == right.fields }
    package func hash(into hasher: inout Hasher) { hasher.combine(fields) }
}
