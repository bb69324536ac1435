package import TenonColumns
package import TenonJSON
package import TenonModel

extension JSON {
    /// What lines of JSON write for a value.
    package init(_ value: ColumnValue) {
        switch value {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .uint(let value): self = Int64(exactly: value).map { .int($0) } ?? .uint(value)
        case .double(let value): self = .double(value)
        case .text(let text): self = .string(text)
        // A source may hand over what is no JSON in a column of that type; then it stays text.
        case .json(let text): self = (try? JSONParser.parse(text, duplicateKeys: .lastWins)) ?? .string(text)
        }
    }
}

/// The fields of one row as the names of an expression; only those that it reads are looked up.
package struct ColumnScope: ExpressionScope {
    private let columns: [String: Column]
    private var row = 0
    package let now: Timestamp?

    package init(_ columns: [String: Column], now: Timestamp? = nil) {
        self.columns = columns
        self.now = now
    }

    package func at(_ row: Int) -> ColumnScope {
        var scope = self
        scope.row = row
        return scope
    }

    package func value(named name: String) -> JSON? { columns[name].map { JSON($0.value(at: row)) } }

    package var names: [String] { Array(columns.keys) }
}

extension Template {
    /// The expression, where the template is nothing else.
    package var wholeExpression: Expression? {
        if case .whole(let expression) = root { expression } else { nil }
    }
}
