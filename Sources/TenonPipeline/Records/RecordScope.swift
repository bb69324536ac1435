internal import TenonExpression
internal import TenonJSON
internal import TenonModel

/// The fields of one record as the names of an expression.
struct RecordScope: ExpressionScope {
    private let record: JSON
    let now: Timestamp?

    init(_ record: JSON, _ now: Timestamp?) {
        self.record = record
        self.now = now
    }

    func value(named name: String) -> JSON? { record[name] }
    var names: [String] { record.object?.keys ?? [] }
}
