internal import GRDB
package import TenonModel

/// Which rows of the ledger a list shows; nil is any.
package struct LedgerQuery: Sendable {
    package var trigger: TriggerID?
    package var project: ProjectID?
    package var definitionID: String?
    package var outcome: String?
    /// Ticks from here on.
    package var from: Timestamp?
    /// Ticks before this moment.
    package var to: Timestamp?
    /// Only rows that were stored before the one with this number.
    package var before: Int64?
    package var limit = 50

    package init() {}
}

/// Reads what triggers have recorded.
package struct TriggerStore: Sendable {
    private let store: Store

    package init(store: Store) { self.store = store }

    package func states() throws(TenonError) -> [TriggerState] {
        try store.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM trigger_state").map { row in
                var state = TriggerState(
                    id: TriggerID(row["id"]), schedule: row["schedule"],
                    handledAt: Timestamp(microseconds: row["handled_at"]))
                state.isPaused = row["is_paused"]
                return state
            }
        }
    }

    /// Oldest tick first.
    package func queuedTicks() throws(TenonError) -> [QueuedTick] {
        try store.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM trigger_queue ORDER BY trigger_id, tick").map {
                row in
                QueuedTick(
                    trigger: TriggerID(row["trigger_id"]), tick: Timestamp(microseconds: row["tick"]),
                    origin: TickOrigin(rawValue: row["origin"]) ?? .schedule)
            }
        }
    }

    /// Executions that triggers have started and that have not ended.
    package func unfinishedExecutions() throws(TenonError) -> [(trigger: TriggerID, execution: ExecutionID)] {
        try store.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT l.trigger_id, l.execution_id FROM executions e
                    JOIN trigger_ledger l ON l.execution_id = e.id
                    WHERE e.finished_at IS NULL
                    """
            ).map { (TriggerID($0["trigger_id"]), ExecutionID($0["execution_id"])) }
        }
    }

    /// The youngest tick in the ledger, of those that have fired or of all.
    package func lastRow(of trigger: TriggerID, firedOnly: Bool) throws(TenonError) -> LedgerRow? {
        let condition = firedOnly ? " AND outcome = 'fired'" : ""
        return try store.read { database in
            try Row.fetchOne(
                database,
                sql:
                    "SELECT * FROM trigger_ledger WHERE trigger_id = ?\(condition) "
                    + "ORDER BY tick DESC LIMIT 1",
                arguments: [trigger.rawValue]
            ).map(LedgerRow.init(row:))
        }
    }

    /// The ticks of a range, both ends included, that have fired.
    package func firedTicks(of trigger: TriggerID, from: Timestamp, through: Timestamp) throws(TenonError)
        -> Set<Timestamp>
    {
        try store.read { database in
            let ticks = try Int64.fetchAll(
                database,
                sql: """
                    SELECT tick FROM trigger_ledger
                    WHERE trigger_id = ? AND tick BETWEEN ? AND ? AND outcome = 'fired'
                    """, arguments: [trigger.rawValue, from.microseconds, through.microseconds])
            return Set(ticks.map(Timestamp.init(microseconds:)))
        }
    }

    /// Youngest first.
    package func ledger(_ query: LedgerQuery) throws(TenonError) -> [LedgerRow] {
        var terms: [String] = []
        var arguments: [(any DatabaseValueConvertible)?] = []
        func require(_ term: String, _ value: (any DatabaseValueConvertible)?) {
            guard let value else { return }
            terms.append(term)
            arguments.append(value)
        }
        require("trigger_id = ?", query.trigger?.rawValue)
        require("project_id = ?", query.project?.rawValue)
        require("definition_id = ?", query.definitionID)
        require("outcome = ?", query.outcome)
        require("tick >= ?", query.from?.microseconds)
        require("first_tick < ?", query.to?.microseconds)
        require("number < ?", query.before)
        let condition = terms.isEmpty ? "" : " WHERE " + terms.joined(separator: " AND ")
        let sql = "SELECT * FROM trigger_ledger\(condition) ORDER BY number DESC LIMIT \(query.limit)"
        return try store.read { database in
            try Row.fetchAll(database, sql: sql, arguments: StatementArguments(arguments))
                .map(LedgerRow.init(row:))
        }
    }
}

extension LedgerRow {
    fileprivate init(row: Row) throws {
        guard let kind = ExecutionKind(rawValue: row["kind"]),
            let outcome = TickOutcome(rawValue: row["outcome"])
        else { throw TenonError(.storeCorrupt, "A row of the trigger ledger is unknown to this host.") }
        self.init(
            TriggerID(row["trigger_id"]),
            of: DefinitionVersionKey(kind: kind, id: row["definition_id"], version: 0),
            project: ProjectID(row["project_id"]), tick: Timestamp(microseconds: row["tick"]),
            recordedAt: Timestamp(microseconds: row["recorded_at"]))
        self.outcome = outcome
        number = row["number"]
        firstTick = Timestamp(microseconds: row["first_tick"])
        tickCount = row["tick_count"]
        reason = (row["reason"] as String?).flatMap(SkipReason.init(rawValue:))
        detail = row["detail"]
        executionID = (row["execution_id"] as String?).map { ExecutionID($0) }
        origin = TickOrigin(rawValue: row["origin"]) ?? .schedule
    }
}
