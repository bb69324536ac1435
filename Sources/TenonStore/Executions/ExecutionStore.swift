internal import GRDB
package import TenonModel

/// Which executions a list shows; nil is any.
package struct ExecutionQuery: Sendable {
    package var kind: ExecutionKind?
    package var project: ProjectID?
    package var definitionID: String?
    package var status: String?
    /// Only executions that began before the one with this number.
    package var before: Int64?
    package var limit = 50

    package init() {}
}

/// Reads what the journal has recorded.
package struct ExecutionStore: Sendable {
    private let store: Store

    package init(store: Store) { self.store = store }

    /// The number of the youngest execution, 0 where there is none.
    package func lastNumber() throws(TenonError) -> Int64 {
        try store.read { try Int64.fetchOne($0, sql: "SELECT max(number) FROM executions") ?? 0 }
    }

    package func execution(_ id: ExecutionID) throws(TenonError) -> ExecutionRow? {
        try store.read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM executions WHERE id = ?", arguments: [id.rawValue])
                .map(ExecutionRow.init(row:))
        }
    }

    /// An execution and its steps, from one snapshot.
    package func executionWithSteps(_ id: ExecutionID) throws(TenonError) -> (ExecutionRow, [JournalStep])? {
        try store.read { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT * FROM executions WHERE id = ?", arguments: [id.rawValue])
            guard let execution = try row.map(ExecutionRow.init(row:)) else { return nil }
            return (execution, try Self.steps(of: execution.number, database))
        }
    }

    private static func steps(of number: Int64, _ database: Database) throws -> [JournalStep] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM steps WHERE execution = ? ORDER BY step", arguments: [number]
        ).map(JournalStep.init(row:))
    }

    /// Youngest first.
    package func list(_ query: ExecutionQuery) throws(TenonError) -> [ExecutionRow] {
        var filter = RowFilter()
        filter.require("kind = ?", query.kind?.rawValue)
        filter.require("project_id = ?", query.project?.rawValue)
        filter.require("definition_id = ?", query.definitionID)
        filter.require("status = ?", query.status)
        filter.require("number < ?", query.before)
        let sql =
            "SELECT * FROM executions\(filter.clause) ORDER BY number DESC LIMIT \(query.limit)"
        return try store.read { [filter] database in
            try Row.fetchAll(database, sql: sql, arguments: filter.arguments)
                .map(ExecutionRow.init(row:))
        }
    }

    package func executionID(for key: IdempotencyKey) throws(TenonError) -> ExecutionID? {
        try store.read { database in
            try String.fetchOne(
                database, sql: "SELECT execution_id FROM idempotency_keys WHERE scope = ? AND key = ?",
                arguments: [key.scope, key.key])
        }.map { ExecutionID($0) }
    }

    package func blob(_ digest: Digest) throws(TenonError) -> [UInt8]? {
        try store.read { database in
            try Row.fetchOne(
                database, sql: "SELECT bytes FROM blobs WHERE digest = ?", arguments: [digest.rawValue]
            ).map { row in try row.withUnsafeData(atIndex: 0) { $0.map { Array($0) } ?? [] } }
        }
    }

    package func checkpoint(ofExecution number: Int64) throws(TenonError) -> PipelineCheckpoint? {
        try store.read { database in
            try Row.fetchOne(
                database, sql: "SELECT * FROM pipeline_checkpoints WHERE execution = ?", arguments: [number]
            ).map(PipelineCheckpoint.init(row:))
        }
    }
}

extension ExecutionStore {
    /// Makes this host the owner of everything that an earlier start of it left unfinished, and answers that,
    /// oldest first, with the steps by execution number.
    package func takeOver() throws(TenonError) -> (executions: [ExecutionRow], steps: [Int64: [JournalStep]])
    {
        try store.write { database in
            let executions = try Row.fetchAll(
                database,
                sql: "SELECT * FROM executions WHERE finished_at IS NULL AND epoch < ? ORDER BY number",
                arguments: [store.epoch]
            ).map(ExecutionRow.init(row:))
            let steps = try Row.fetchAll(
                database,
                sql: """
                    SELECT s.* FROM executions e JOIN steps s ON s.execution = e.number
                    WHERE e.finished_at IS NULL AND e.epoch < ? ORDER BY s.execution, s.step
                    """, arguments: [store.epoch]
            ).map(JournalStep.init(row:))
            try database.execute(
                sql: "UPDATE executions SET epoch = ? WHERE finished_at IS NULL AND epoch < ?",
                arguments: [store.epoch, store.epoch])
            return (executions, Dictionary(grouping: steps, by: \.execution))
        }
    }
}

extension PipelineCheckpoint {
    fileprivate init(row: Row) throws {
        self.init(
            execution: row["execution"], request: row["request"], schema: row["schema"],
            recordedAt: Timestamp(microseconds: row["recorded_at"]))
        source = row["source"]
        promised = try PipelinePosition(row: row, prefix: "")
        previous = try PipelinePosition(row: row, prefix: "previous_")
        isFinal = row["is_final"]
    }
}

extension PipelinePosition {
    fileprivate init(row: Row, prefix: String) throws {
        sequence = UInt64(clamping: row["\(prefix)sequence"] as Int64)
        checkpoint = try row.withUnsafeData(named: "\(prefix)checkpoint") { $0.map { Array($0) } ?? [] }
        counts = row["\(prefix)counts"]
    }
}
