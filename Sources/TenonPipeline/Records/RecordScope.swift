internal import TenonColumns
internal import TenonExpression
internal import TenonJSON

/// The fields of one row as the names of an expression; only those that it reads are looked up.
struct RecordScope: ExpressionScope {
    let batch: Batch
    let row: Int

    func value(named name: String) -> JSON? {
        batch.column(named: name).map { JSON($0.value(at: row)) }
    }

    var names: [String] { batch.schema.names }
}
