internal import GRDB
internal import TenonModel

/// The conditions under which a list shows a row, with their arguments.
struct RowFilter {
    private var terms: [String] = []
    private var values: [(any DatabaseValueConvertible)?] = []

    /// `value` nil: any.
    mutating func require(_ term: String, _ value: (any DatabaseValueConvertible)?) {
        guard let value else { return }
        terms.append(term)
        values.append(value)
    }

    /// ` WHERE …`, or nothing where any row fits.
    var clause: String { terms.isEmpty ? "" : " WHERE " + terms.joined(separator: " AND ") }

    var arguments: StatementArguments { StatementArguments(values) }
}
