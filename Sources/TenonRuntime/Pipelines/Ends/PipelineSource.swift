internal import TenonColumns
internal import TenonConnectors
internal import TenonJSON
internal import TenonModel
internal import TenonPipeline
internal import TenonStore

/// The reading side of one attempt of a pipeline: source, operators, columns as the target wants them.
final class PipelineSource: @unchecked Sendable {
    // Invariant: made on the pipeline's thread and then only used by the one thread that calls `run`.
    private let attempt: PipelineAttempt
    private let columns: TargetColumns
    private let errors: RejectPolicy
    private var opening: SourceOpening?
    private var plan: PipelinePlan?
    private var program: PipelineProgram?
    private var outputColumns: Schema?
    /// What the source left out before it said which columns it has.
    private var skippedEarly: Int64 = 0
    /// Where to begin, and what the operators counted before that.
    private let start: CommittedPoint
    private let earlier: [String: StageCounts]

    init(_ attempt: PipelineAttempt, from start: CommittedPoint) {
        self.attempt = attempt
        self.start = start
        columns = TargetColumns(accepts: attempt.ends.target.accepts)
        errors = RejectPolicy(attempt.pipeline.definition, .extract)
        earlier = Dictionary(start.counts.operators.map { ($0.name, $0) }) { first, _ in first }
    }

    private var pipeline: LivePipeline { attempt.pipeline }

    func run() throws(TenonError) {
        let opening: SourceOpening
        do throws(TenonError) {
            var streams = attempt.streams
            if !pipeline.definition.secrets.isEmpty {
                streams.secretRequest = try pipeline.withSecrets(streams.readRequest)
            }
            opening = try SourceOpening(
                pipeline.definition, attempt.ends, streams, at: start.position, attempt.channel)
        } catch {
            throw Self.failure(error)
        }
        self.opening = opening
        let reader = opening.reader
        pipeline.use(reader: reader)
        defer {
            pipeline.use(reader: nil)
            reader.close()
        }
        try attempt.checkSame(opening, from: start)
        try read(reader)
        try errors.checkShare(attempt.tally.current)
        // Where a source has nothing left, what was committed keeps its columns.
        if plan == nil, start.sequence == 0, let hint = attempt.streams.hint { try prepare(hint) }
        if plan != nil { try transform { program throws(TenonError) in try program.finish() } }
        try attempt.channel.send(.end(attempt.tally.current))
    }

    private func read(_ reader: any BatchReader) throws(TenonError) {
        var idle: Duration = .milliseconds(1)
        while let events = try next(reader) {
            for event in events { try take(event) }
            if program?.isSatisfied == true { return }
            guard events.isEmpty else {
                idle = .milliseconds(1)
                continue
            }
            // The source has nothing yet.
            try attempt.channel.pause(idle)
            idle = min(idle * 2, Limits.pipelineIdlePause)
        }
    }

    private func next(_ reader: any BatchReader) throws(TenonError) -> [RecordEvent]? {
        // Where nothing is sent, because nothing comes or all is filtered out, sending cannot tell. And
        // cancelling the reader reaches only a call that is under way.
        if let failure = attempt.channel.firstFailure { throw failure }
        let began = monotonicNanoseconds()
        defer {
            let took = monotonicNanoseconds() - began
            attempt.tally.update { $0.source.nanoseconds += took }
        }
        do { return try reader.next() } catch { throw Self.failure(attempt.streams.readFailure(error)) }
    }

    private static func failure(_ error: TenonError) -> TenonError {
        guard error.code == .pipelineSourceFailed else { return error }
        var error = error
        error.message += " The target keeps what was committed before."
        return error
    }

    private func take(_ event: RecordEvent) throws(TenonError) {
        switch event {
        case .schema(let schema): try prepare(schema)
        case .batch(let batch):
            if plan == nil { try prepare(batch.schema) }
            let byteCount = batch.byteCount
            attempt.tally.update { counts in
                counts.source.recordCount += Int64(batch.rowCount)
                counts.source.batchCount += 1
                counts.source.byteCount += Int64(byteCount)
            }
            try transform { program throws(TenonError) in try program.push(batch) }
        case .checkpoint(let position):
            // With operators that hold records back, a position covers nothing that has come out.
            guard plan?.isStateful == false else { return }
            try attempt.channel.send(.position(position, attempt.tally.current))
        case .rejected(let records):
            attempt.tally.update { $0.source.failedCount += Int64(records.count) }
            // A reader counts from where it began.
            let first = start.counts.extractedCount + start.counts.source.failedCount
            try errors.check(
                records, from: first, attempt.tally.current,
                at: "read from \(pipeline.definition.sourceIntegrationID)")
        case .skipped(let rowCount):
            attempt.tally.update { $0.skippedCount += rowCount }
            if program == nil { skippedEarly += rowCount }
            program?.note(skipped: rowCount)
            noteOperators()
        case .progress(let done, let total):
            attempt.tally.report(done: done, total: total)
        }
    }

    private func prepare(_ schema: Schema) throws(TenonError) {
        guard plan == nil, let opening else {
            throw TenonError(
                .pipelineSourceFailed,
                "The source changed its columns while it was read. Execute the pipeline again.")
        }
        let plan = try opening.plan(pipeline.definition, schema)
        let output = try columns.columns(for: plan.outputSchema)
        self.plan = plan
        var program = plan.makeProgram(time: SystemTime(), now: pipeline.startedAt)
        program.note(skipped: skippedEarly)
        program.note(earlier: earlier.mapValues { (read: $0.read, failed: $0.failed) })
        self.program = program
        outputColumns = output
        pipeline.note(pushedStages: plan.pushedStages, columnCount: schema.fields.count)
        try attempt.channel.send(.columns(output, request: opening.requestJSON))
    }

    private func transform(_ body: (inout PipelineProgram) throws(TenonError) -> [Batch]) throws(TenonError) {
        guard var running = program, let outputColumns else { return }
        // Taken out while it works, so that its buffers are not copied.
        program = nil
        let batches = try body(&running)
        program = running
        noteOperators()
        for batch in batches where batch.rowCount > 0 {
            let cast = batch.schema == outputColumns ? batch : try batch.cast(to: outputColumns)
            try attempt.channel.send(.batch(cast))
        }
    }

    private func noteOperators() {
        guard let program else { return }
        let counts = program.stageCounts.map { $0.adding(earlier[$0.name]) }
        attempt.tally.update { $0.operators = counts }
    }
}
