internal import Glibc
internal import TenonColumns
internal import TenonConnectors
internal import TenonJSON
internal import TenonModel
internal import TenonPipeline
internal import TenonStore

/// The reading side of a pipeline: source, operators, columns as the target wants them.
final class PipelineSource: @unchecked Sendable {
    // Invariant: made on the pipeline's thread and then only used by the one thread that calls `run`.
    private let pipeline: LivePipeline
    private let instance: PipelineEnd
    private let streams: StreamChoice
    private let columns: TargetColumns
    private let errors: RejectPolicy
    private var plan: PipelinePlan?
    private var program: PipelineProgram?
    private var outputColumns: Schema?
    /// Where to begin, and what the operators counted before that.
    private let start: CommittedPoint
    /// Whether reading ended because the source has other columns now; valid when `run` has returned.
    private(set) var hasNewColumns = false
    /// How many columns the source had; valid when `run` has returned.
    private(set) var columnCount = 0

    init(_ pipeline: LivePipeline, _ ends: PipelineEnds, _ streams: StreamChoice, from start: CommittedPoint)
    {
        self.pipeline = pipeline
        instance = ends.source
        self.streams = streams
        self.start = start
        columns = TargetColumns(accepts: ends.target.accepts)
        errors = RejectPolicy(pipeline.definition, .extract)
    }

    func run() throws(TenonError) {
        let request = ReadRequest(
            requestJSON: JSONWriter.bytes(streams.readRequest), checkpoint: start.position,
            schemaHint: streams.hint)
        let connection = instance.connection
        let opening = try pipeline.channel.wait { () throws(CallFailure) in
            try connection.openReader(request)
        } discard: { reader in
            reader.close()
        }
        let reader: any BatchReader
        do { reader = try opening.get() } catch { throw failure(error) }
        pipeline.use(reader: reader)
        defer {
            pipeline.use(reader: nil)
            reader.close()
        }
        while let events = try next(reader) {
            for event in events { try take(event) }
            // The source has nothing yet.
            if events.isEmpty { usleep(2000) }
        }
        try errors.checkShare(pipeline.tally.current)
        if plan == nil, let hint = streams.hint { try prepare(hint) }
        guard plan != nil else { return try pipeline.channel.send(.end) }
        try transform { program throws(TenonError) in try program.finish() }
        try pipeline.channel.send(.end)
    }

    private func next(_ reader: any BatchReader) throws(TenonError) -> [RecordEvent]? {
        // Where nothing is sent, because nothing comes or all is filtered out, sending cannot tell. And
        // cancelling the reader reaches only a call that is under way.
        if let failure = pipeline.channel.firstFailure { throw failure }
        let began = monotonicNanoseconds()
        defer { pipeline.tally.update { $0.source.nanoseconds += monotonicNanoseconds() - began } }
        do { return try reader.next() } catch { throw failure(error) }
    }

    private func take(_ event: RecordEvent) throws(TenonError) {
        switch event {
        case .schema(let schema): try prepare(schema)
        case .batch(let batch):
            if plan == nil { try prepare(batch.schema) }
            let byteCount = batch.byteCount
            pipeline.tally.update { counts in
                counts.source.recordCount += Int64(batch.rowCount)
                counts.source.batchCount += 1
                counts.source.byteCount += Int64(byteCount)
            }
            try transform { program throws(TenonError) in try program.push(batch) }
        case .checkpoint(let position):
            // With operators that hold records back, a position covers nothing that has come out.
            guard plan?.isStateful == false else { return }
            try pipeline.channel.send(.position(position, pipeline.tally.current))
        case .rejected(let records):
            pipeline.tally.update { $0.source.failedCount += Int64(records.count) }
            try errors.check(
                records, pipeline.tally.current, at: "read from \(pipeline.definition.sourceIntegrationID)")
        // No filter is pushed into sources yet, and progress is not shown.
        case .skipped, .progress: break
        }
    }

    private func prepare(_ schema: Schema) throws(TenonError) {
        guard plan == nil else {
            throw TenonError(
                .pipelineSourceFailed,
                "The source changed its columns while it was read. Execute the pipeline again.")
        }
        let plan = try PipelinePlan(pipeline.definition, source: schema)
        let output = try columns.columns(for: plan.outputSchema)
        self.plan = plan
        columnCount = schema.fields.count
        program = plan.makeProgram(time: SystemTime())
        outputColumns = output
        try pipeline.channel.send(.columns(output))
    }

    private func transform(_ body: (inout PipelineProgram) throws(TenonError) -> [Batch]) throws(TenonError) {
        guard var running = program, let outputColumns else { return }
        // Taken out while it works, so that its buffers are not copied.
        program = nil
        let batches = try body(&running)
        let earlier = start.counts.operators
        let counts = running.stageCounts.map { later in
            earlier.first { $0.name == later.name }.map { $0 + later } ?? later
        }
        program = running
        pipeline.tally.update { $0.operators = counts }
        for batch in batches where batch.rowCount > 0 {
            let cast = batch.schema == outputColumns ? batch : try batch.cast(to: outputColumns)
            try pipeline.channel.send(.batch(cast))
        }
    }

    private func failure(_ failure: CallFailure) -> TenonError {
        hasNewColumns = failure.status == .schemaChanged
        let advice =
            hasNewColumns
            ? "Its columns change again and again while it is read: wait until they stay as they are. " : ""
        return TenonError(
            .pipelineSourceFailed,
            "Reading \(streams.sourceStream.map { "the stream \"\($0)\"" } ?? "the query") from "
                + "\(pipeline.definition.sourceIntegrationID) failed: \(failure.message.asSentence) "
                + advice + "The target keeps what was committed before.",
            context: ["status": failure.status.name, "class": failure.errorClass.name])
    }
}
