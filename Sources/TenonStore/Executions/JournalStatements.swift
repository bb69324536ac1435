internal import GRDBSQLite
internal import TenonModel

/// The prepared statements of the journal, on the writer's connection.
final class JournalStatements {
    /// The format number of the rows that this host writes.
    static let format: Int64 = 1

    private let connection: OpaquePointer
    private let epoch: Int64
    private let beginning: Statement
    private let ending: Statement
    private let currentEpoch: Statement
    private let execution: Statement
    private let progress: Statement
    private let step: Statement
    private let checkpoint: Statement
    private let idempotencyKey: Statement
    private let lateIdempotencyKey: Statement
    private let blob: Statement
    /// Prepared when a trigger writes for the first time.
    private var triggers: TriggerStatements?

    init(_ connection: OpaquePointer, epoch: Int64) throws {
        self.connection = connection
        self.epoch = epoch
        beginning = try Statement(connection, "BEGIN IMMEDIATE")
        ending = try Statement(connection, "COMMIT")
        currentEpoch = try Statement(connection, "SELECT epoch FROM host")
        execution = try Statement(connection, Self.insertExecution)
        progress = try Statement(connection, Self.updateExecution)
        step = try Statement(connection, Self.upsertStep)
        checkpoint = try Statement(connection, Self.upsertCheckpoint)
        idempotencyKey = try Statement(connection, "INSERT INTO idempotency_keys VALUES (?, ?, ?, ?)")
        lateIdempotencyKey = try Statement(
            connection, "INSERT INTO idempotency_keys VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")
        blob = try Statement(connection, "INSERT INTO blobs VALUES (?, ?) ON CONFLICT DO NOTHING")
    }

    /// Begins a transaction, which only the host that started last may do.
    func begin() throws {
        try beginning.run()
        guard try currentEpoch.run() == epoch else {
            throw TenonError(
                .storeSuperseded,
                "Another host has taken this data directory over; this one records nothing more.")
        }
    }

    func commit() throws { try ending.run() }

    func write(_ change: JournalChange) throws {
        switch change {
        case .step(let row): try write(row)
        case .execution(let progress): try write(progress)
        case .created(let execution): try write(execution)
        case .checkpoint(let checkpoint): try write(checkpoint)
        case .blob(let digest, let bytes):
            blob.bind(digest.rawValue)
            blob.bind(blob: bytes)
            try blob.run()
        case .trigger(let change):
            let statements = try triggers ?? TriggerStatements(connection, epoch: epoch)
            triggers = statements
            try statements.write(change)
        }
    }

    private static let upsertStep = """
        INSERT INTO steps (execution, step, format, epoch, status, attempt, effect, output, detail,
            started_at, finished_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET format = excluded.format, epoch = excluded.epoch, status = excluded.status,
            attempt = excluded.attempt, effect = excluded.effect, output = excluded.output,
            detail = excluded.detail, started_at = excluded.started_at, finished_at = excluded.finished_at
        """

    private func write(_ row: JournalStep) throws {
        step.bind(row.execution)
        step.bind(Int64(row.step))
        step.bind(Self.format)
        step.bind(epoch)
        step.bind(row.status)
        step.bind(Int64(row.attempt))
        step.bind(row.effect?.rawValue)
        step.bind(row.output)
        step.bind(row.detail)
        step.bind(row.startedAt)
        step.bind(row.finishedAt)
        try step.run()
    }

    private static let insertExecution = """
        INSERT INTO executions (number, id, kind, definition_id, definition_version, project_id, durability,
            format, epoch, context, created_at, status, state, error, records_processed, stages,
            started_at, finished_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    private func write(_ row: NewExecution) throws {
        execution.bind(row.number)
        execution.bind(row.id.rawValue)
        execution.bind(row.kind.rawValue)
        execution.bind(row.definitionID)
        execution.bind(row.definitionVersion)
        execution.bind(row.projectID.rawValue)
        execution.bind(row.durability)
        execution.bind(Self.format)
        execution.bind(epoch)
        execution.bind(row.context)
        execution.bind(row.createdAt)
        bind(row.progress, to: execution)
        try execution.run()
        guard let key = row.idempotencyKey else { return }
        // An ephemeral execution is recorded when it is over or in doubt: it cannot be refused any more, and
        // the key stays with the one that was first.
        let isLate = row.durability == "ephemeral"
        let statement = isLate ? lateIdempotencyKey : idempotencyKey
        statement.bind(key.scope)
        statement.bind(key.key)
        statement.bind(row.id.rawValue)
        statement.bind(row.createdAt)
        try statement.run()
    }

    /// What has ended stays as it ended, whatever a call says that nobody waited for.
    private static let updateExecution = """
        UPDATE executions SET epoch = ?, status = ?, state = ?, error = ?, records_processed = ?, stages = ?,
            started_at = ?, finished_at = ?
        WHERE number = ? AND finished_at IS NULL
        """

    private func write(_ row: ExecutionProgress) throws {
        progress.bind(epoch)
        bind(row, to: progress)
        progress.bind(row.number)
        try progress.run()
    }

    private func bind(_ row: ExecutionProgress, to statement: Statement) {
        statement.bind(row.status)
        statement.bind(row.state)
        statement.bind(row.error)
        statement.bind(row.recordsProcessed)
        statement.bind(row.stages)
        statement.bind(row.startedAt)
        statement.bind(row.finishedAt)
    }

    private static let upsertCheckpoint = """
        INSERT INTO pipeline_checkpoints (execution, format, epoch, request, schema, sequence,
            checkpoint, recorded_at, source, counts, previous_sequence, previous_checkpoint, previous_counts,
            is_final)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET format = excluded.format, epoch = excluded.epoch,
            request = excluded.request, schema = excluded.schema, sequence = excluded.sequence,
            checkpoint = excluded.checkpoint, recorded_at = excluded.recorded_at, source = excluded.source,
            counts = excluded.counts, previous_sequence = excluded.previous_sequence,
            previous_checkpoint = excluded.previous_checkpoint, previous_counts = excluded.previous_counts,
            is_final = excluded.is_final
        """

    private func write(_ row: PipelineCheckpoint) throws {
        checkpoint.bind(row.execution)
        checkpoint.bind(Self.format)
        checkpoint.bind(epoch)
        checkpoint.bind(row.request)
        checkpoint.bind(row.schema)
        checkpoint.bind(Int64(clamping: row.promised.sequence))
        checkpoint.bind(blob: row.promised.checkpoint)
        checkpoint.bind(row.recordedAt)
        checkpoint.bind(row.source)
        checkpoint.bind(row.promised.counts)
        checkpoint.bind(Int64(clamping: row.previous.sequence))
        checkpoint.bind(blob: row.previous.checkpoint)
        checkpoint.bind(row.previous.counts)
        checkpoint.bind(row.isFinal ? Int64(1) : Int64(0))
        try checkpoint.run()
    }
}
