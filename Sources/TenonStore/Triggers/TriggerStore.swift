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
    /// Only rows that come after this one.
    package var after: LedgerPosition?
    package var limit = 50

    package init() {}
}

/// The place of a row in the order of the ledger: youngest tick first, and of one tick what was stored last.
package struct LedgerPosition: Sendable, Equatable {
    package var tick: Timestamp
    package var number: Int64

    package init(tick: Timestamp, number: Int64) {
        self.tick = tick
        self.number = number
    }
}

/// An execution that a trigger has started and that has not ended.
package struct UnfinishedStart: Sendable {
    package var trigger: TriggerID
    package var execution: ExecutionID
    package var origin: TickOrigin
}

/// Reads what triggers have recorded.
package struct TriggerStore: Sendable {
    let store: Store

    package init(store: Store) { self.store = store }

    package func states() throws(TenonError) -> [TriggerState] {
        try store.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM trigger_state").map { row in
                var state = TriggerState(
                    id: TriggerID(row["id"]), schedule: row["schedule"],
                    handledAt: Timestamp(microseconds: row["handled_at"]))
                state.isPaused = row["is_paused"]
                state.lastTick = (row["last_tick"] as Int64?).map(Timestamp.init(microseconds:))
                state.lastExecution = (row["last_execution"] as String?).map { ExecutionID($0) }
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
    package func unfinishedExecutions() throws(TenonError) -> [UnfinishedStart] {
        try store.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT l.trigger_id, l.execution_id, l.origin FROM executions e
                    JOIN trigger_ledger l ON l.execution_id = e.id
                    WHERE e.finished_at IS NULL
                    """
            ).map { row in
                UnfinishedStart(
                    trigger: TriggerID(row["trigger_id"]), execution: ExecutionID(row["execution_id"]),
                    origin: TickOrigin(rawValue: row["origin"]) ?? .schedule)
            }
        }
    }

    /// The youngest tick in the ledger.
    package func newestTick(of trigger: TriggerID) throws(TenonError) -> Timestamp? {
        try store.read { database in
            try Int64.fetchOne(
                database, sql: "SELECT max(tick) FROM trigger_ledger WHERE trigger_id = ?",
                arguments: [trigger.rawValue]
            ).map(Timestamp.init(microseconds:))
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
}
