internal import GRDB
package import TenonModel

extension TriggerStore {
    private static let order = "ORDER BY tick DESC, number DESC"

    /// Youngest tick first.
    package func ledger(_ query: LedgerQuery) throws(TenonError) -> [LedgerRow] {
        // The indexes have the rows of each outcome in order; one outcome after the other, any page is short.
        let outcomes = query.outcome.map { [$0] } ?? TickOutcome.allCases.map(\.rawValue)
        var parts = outcomes.map { Part(query, outcome: $0) }
        if query.to != nil, outcomes.contains(TickOutcome.skipped.rawValue) {
            parts.append(Part(across: query))
        }
        let page = "\(Self.order) LIMIT \(query.limit)"
        let sql = parts.map { "SELECT * FROM (SELECT * FROM \($0.table)\($0.filter.clause) \(page))" }
            .joined(separator: " UNION ALL ")
        return try store.read { [parts] database in
            let arguments = parts.reduce(into: StatementArguments()) { $0 += $1.filter.arguments }
            return try Row.fetchAll(database, sql: "SELECT * FROM (\(sql)) \(page)", arguments: arguments)
                .map(LedgerRow.init(row:))
        }
    }

    /// Rows that one index has in order.
    private struct Part {
        var table = "trigger_ledger"
        var filter = RowFilter()

        init(_ query: LedgerQuery, outcome: String) {
            filter.require("outcome = ?", outcome)
            let last = query.to.map { $0.microseconds.subtractingReportingOverflow(1) }
            let end = last.map { $0.overflow ? Int64.min : $0.partialValue }
            require(query, from: query.from, through: end)
        }

        /// Rows of many ticks, the first before the end of the range and the last behind it.
        init(across query: LedgerQuery) {
            table += " INDEXED BY trigger_ledger_of_many"
            filter.require("tick_count > 1 AND first_tick < ?", query.to?.microseconds)
            require(query, from: [query.from, query.to].compactMap { $0 }.max(), through: nil)
        }

        private mutating func require(_ query: LedgerQuery, from: Timestamp?, through end: Int64?) {
            // A sign keeps a column out of the choice of the index: the narrowest is the one.
            let (isOfTrigger, isOfDefinition) = (query.trigger != nil, query.definitionID != nil)
            filter.require("trigger_id = ?", query.trigger?.rawValue)
            filter.require("\(isOfTrigger ? "+" : "")definition_id = ?", query.definitionID)
            filter.require(
                "\(isOfTrigger || isOfDefinition ? "+" : "")project_id = ?", query.project?.rawValue)
            filter.require("tick >= ?", from?.microseconds)
            guard let after = query.after else {
                filter.require("tick <= ?", end)
                return
            }
            let tick = after.tick.microseconds
            filter.require("tick <= ?", min(end ?? tick, tick))
            filter.require("(tick < \(tick) OR number < ?)", after.number)
        }
    }

    /// Rows of ticks from one moment to before another that were written before that, oldest first, but none
    /// that is still needed: not the newest of a trigger, by which it knows where it was, and not that of an
    /// execution that runs.
    package func oldRows(
        _ outcome: TickOutcome, from start: Timestamp?, before moment: Timestamp, limit: Int
    ) throws(TenonError) -> [OldLedgerRow] {
        try store.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT number, trigger_id, tick FROM trigger_ledger AS old WHERE outcome = ?1
                        AND tick >= ?2 AND tick < ?3 AND recorded_at < ?3 AND EXISTS (
                            SELECT 1 FROM trigger_ledger
                            WHERE trigger_id = old.trigger_id AND tick > old.tick)
                        AND NOT EXISTS (
                            SELECT 1 FROM executions WHERE id = old.execution_id AND finished_at IS NULL)
                    ORDER BY tick LIMIT ?4
                    """,
                arguments: [
                    outcome.rawValue, start?.microseconds ?? Int64.min, moment.microseconds, limit,
                ]
            ).map { row in
                OldLedgerRow(
                    number: row["number"], trigger: TriggerID(row["trigger_id"]),
                    tick: Timestamp(microseconds: row["tick"]))
            }
        }
    }

    /// Of the triggers of which rows were removed, up to which tick.
    package func prunedTicks() throws(TenonError) -> [TriggerID: Timestamp] {
        try store.read { database in
            let rows = try Row.fetchAll(database, sql: "SELECT trigger_id, tick FROM trigger_pruned")
            return rows.reduce(into: [:]) { ticks, row in
                ticks[TriggerID(row["trigger_id"])] = Timestamp(microseconds: row["tick"])
            }
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
