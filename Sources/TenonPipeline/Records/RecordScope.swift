internal import TenonColumns
internal import TenonExpression
internal import TenonJSON

/// The fields of one row as the names of an expression; only those that it reads are looked up.
struct RecordScope: ExpressionScope {
    private let columns: [String: Column]
    private var row = 0

    init(_ frame: Frame, _ names: RecordNames) { columns = names.slots.mapValues { frame.column($0) } }

    func at(_ row: Int) -> RecordScope {
        var scope = self
        scope.row = row
        return scope
    }

    func value(named name: String) -> JSON? { columns[name].map { JSON($0.value(at: row)) } }

    var names: [String] { Array(columns.keys) }
}
