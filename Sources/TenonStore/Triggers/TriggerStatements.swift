internal import GRDB
internal import TenonModel

/// The prepared statements for rows of triggers, on the writer's connection.
final class TriggerStatements {
    private let epoch: Int64
    private let fire: Statement
    private let replacement: Statement
    private let skip: Statement
    private let growth: Statement
    private let state: Statement
    private let queue: Statement
    private let unqueue: Statement
    private let removal: Statement
    private let queueRemoval: Statement
    private let pruning: Statement
    private let prunedTick: Statement

    init(_ connection: OpaquePointer, epoch: Int64) throws {
        self.epoch = epoch
        fire = try Statement(connection, Self.insertRow + " true ON CONFLICT DO NOTHING RETURNING 1")
        replacement = try Statement(connection, Self.insertRow + Self.orReplaceSkipped)
        skip = try Statement(connection, Self.insertRow + " NOT \(Self.isCovered) ON CONFLICT DO NOTHING")
        growth = try Statement(connection, Self.growSkipped)
        state = try Statement(connection, Self.upsertState)
        queue = try Statement(
            connection,
            "INSERT INTO trigger_queue (trigger_id, tick, origin) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
        unqueue = try Statement(connection, "DELETE FROM trigger_queue WHERE trigger_id = ? AND tick = ?")
        removal = try Statement(connection, "DELETE FROM trigger_state WHERE id = ?")
        queueRemoval = try Statement(connection, "DELETE FROM trigger_queue WHERE trigger_id = ?")
        pruning = try Statement(connection, "DELETE FROM trigger_ledger WHERE number = ?")
        prunedTick = try Statement(connection, Self.upsertPruned)
    }

    private static let insertRow = """
        INSERT INTO trigger_ledger (trigger_id, tick, tick_count, kind, definition_id, project_id, outcome,
            reason, detail, execution_id, origin, first_tick, recorded_at)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13 WHERE
        """
    /// A row of many ticks has the tick already, as where the clock was set back.
    private static let isCovered = """
        EXISTS (
            SELECT 1 FROM trigger_ledger
            WHERE trigger_id = ?1 AND tick >= ?2 AND is_summary = 1 AND first_tick <= ?2)
        """
    private static let orReplaceSkipped = """
         true ON CONFLICT (trigger_id, tick, is_summary) DO UPDATE SET outcome = excluded.outcome,
            reason = excluded.reason, detail = excluded.detail, execution_id = excluded.execution_id,
            origin = excluded.origin, recorded_at = excluded.recorded_at
        WHERE outcome = 'skipped' RETURNING 1
        """
    private static let growSkipped = """
        UPDATE trigger_ledger SET tick = ?2, tick_count = tick_count + ?3, recorded_at = ?4
        WHERE number = (
            SELECT number FROM trigger_ledger WHERE trigger_id = ?1 AND tick < ?2
            ORDER BY tick DESC LIMIT 1
        ) AND outcome = 'skipped' AND reason = ?5 AND origin = ?6 AND NOT \(isCovered) RETURNING 1
        """
    private static let upsertPruned = """
        INSERT INTO trigger_pruned (trigger_id, tick) VALUES (?, ?)
        ON CONFLICT DO UPDATE SET tick = max(tick, excluded.tick)
        """
    private static let upsertState = """
        INSERT INTO trigger_state
            (id, schedule, handled_at, is_paused, epoch, last_tick, last_execution)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET schedule = excluded.schedule, handled_at = excluded.handled_at,
            is_paused = excluded.is_paused, epoch = excluded.epoch, last_tick = excluded.last_tick,
            last_execution = excluded.last_execution
        """

    /// Writes in a transaction that has begun already.
    static func write(_ changes: [TriggerChange], _ database: Database, epoch: Int64) throws {
        guard !changes.isEmpty else { return }
        guard let connection = database.sqliteConnection else {
            throw TenonError(.storeUnavailable, "The database is closed.")
        }
        let statements = try TriggerStatements(connection, epoch: epoch)
        for change in changes { try statements.write(change) }
    }

    func write(_ change: TriggerChange) throws {
        switch change {
        case .fired(let row, let replacesSkipped):
            guard try write(row, replacesSkipped ? replacement : fire) != nil else {
                throw TenonError(
                    .triggerTickTaken,
                    "The tick \(row.tick.iso8601) of the trigger \(row.trigger) is in the ledger already.")
            }
        case .skipped(let row): try write(row, skip)
        case .skippedAlso(let row): if try !grows(by: row) { try write(row, skip) }
        case .state(let row):
            state.bind(row.id.rawValue)
            state.bind(row.schedule)
            state.bind(row.handledAt)
            state.bind(row.isPaused ? Int64(1) : Int64(0))
            state.bind(epoch)
            state.bind(row.lastTick)
            state.bind(row.lastExecution?.rawValue)
            try state.run()
        case .queued(let tick):
            queue.bind(tick.trigger.rawValue)
            queue.bind(tick.tick)
            queue.bind(tick.origin.rawValue)
            try queue.run()
        case .unqueued(let tick):
            unqueue.bind(tick.trigger.rawValue)
            unqueue.bind(tick.tick)
            try unqueue.run()
        case .removed(let id):
            for statement in [removal, queueRemoval] {
                statement.bind(id.rawValue)
                try statement.run()
            }
        case .pruned(let row):
            pruning.bind(row.number)
            try pruning.run()
            prunedTick.bind(row.trigger.rawValue)
            prunedTick.bind(row.tick)
            try prunedTick.run()
        }
    }

    private func grows(by row: LedgerRow) throws -> Bool {
        growth.bind(row.trigger.rawValue)
        growth.bind(row.tick)
        growth.bind(row.tickCount)
        growth.bind(row.recordedAt)
        growth.bind(row.reason?.rawValue)
        growth.bind(row.origin.rawValue)
        return try growth.run() != nil
    }

    @discardableResult
    private func write(_ row: LedgerRow, _ statement: Statement) throws -> Int64? {
        statement.bind(row.trigger.rawValue)
        statement.bind(row.tick)
        statement.bind(row.tickCount)
        statement.bind(row.kind.rawValue)
        statement.bind(row.definitionID)
        statement.bind(row.projectID.rawValue)
        statement.bind(row.outcome.rawValue)
        statement.bind(row.reason?.rawValue)
        statement.bind(row.detail)
        statement.bind(row.executionID?.rawValue)
        statement.bind(row.origin.rawValue)
        statement.bind(row.firstTick)
        statement.bind(row.recordedAt)
        return try statement.run()
    }
}
