internal import TenonExpression
internal import TenonJSON
internal import TenonModel

/// The fields of one record as names, before those that are known around it.
struct RecordScope: ExpressionScope {
    private let record: JSON
    private let surroundings: any ExpressionScope

    init(_ record: JSON, in surroundings: any ExpressionScope) {
        self.record = record
        self.surroundings = surroundings
    }

    var now: Timestamp? { surroundings.now }

    func value(named name: String) -> JSON? { record[name] ?? surroundings.value(named: name) }

    func value(named name: String, members: [String]) -> (value: JSON, used: Int)? {
        record[name].map { ($0, 0) } ?? surroundings.value(named: name, members: members)
    }

    var names: [String] { (record.object?.keys ?? []) + surroundings.names }

    func names(in group: String) -> [String] {
        record[group]?.object?.keys ?? surroundings.names(in: group)
    }
}

/// Nothing but the time.
struct TimeScope: ExpressionScope {
    let now: Timestamp?

    func value(named name: String) -> JSON? { nil }
    var names: [String] { [] }
}
