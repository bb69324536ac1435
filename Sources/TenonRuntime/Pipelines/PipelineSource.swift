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

    init(
        _ pipeline: LivePipeline, _ instance: PipelineEnd, _ target: PipelineEnd,
        _ streams: StreamChoice
    ) {
        self.pipeline = pipeline
        self.instance = instance
        self.streams = streams
        columns = TargetColumns(accepts: target.accepts)
        errors = RejectPolicy(pipeline.definition, .extract)
    }

    func run() throws(TenonError) {
        let request = ReadRequest(
            requestJSON: JSONWriter.bytes(streams.readRequest), schemaHint: streams.hint)
        let reader: any BatchReader
        do { reader = try instance.connection.openReader(request) } catch { throw failure(error) }
        defer { reader.close() }
        pipeline.use(reader: reader)
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
            try pipeline.channel.send(.position(position))
        case .rejected(let records):
            pipeline.tally.update { $0.source.failedCount += Int64(records.count) }
            try errors.check(
                records, pipeline.tally.current, at: "read from \(pipeline.definition.sourceIntegrationID)")
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
        program = plan.makeProgram(time: SystemTime())
        outputColumns = output
        try pipeline.channel.send(.columns(output))
    }

    private func transform(_ body: (inout PipelineProgram) throws(TenonError) -> [Batch]) throws(TenonError) {
        guard var running = program, let outputColumns else { return }
        // Taken out while it works, so that its buffers are not copied.
        program = nil
        let batches = try body(&running)
        let counts = running.stageCounts
        program = running
        pipeline.tally.update { $0.operators = counts }
        for batch in batches where batch.rowCount > 0 {
            let cast = batch.schema == outputColumns ? batch : try batch.cast(to: outputColumns)
            try pipeline.channel.send(.batch(cast))
        }
    }

    private func failure(_ failure: CallFailure) -> TenonError {
        // Going on with other columns would need another writer; beginning anew gets them from the start.
        let advice =
            failure.status == .schemaChanged
            ? "Its columns changed while it was read: execute the pipeline again to begin with the new ones. "
            : ""
        return TenonError(
            .pipelineSourceFailed,
            "Reading \(streams.sourceStream.map { "the stream \"\($0)\"" } ?? "the query") from "
                + "\(pipeline.definition.sourceIntegrationID) failed: \(failure.message) "
                + advice + "The target keeps what was committed before.",
            context: ["status": failure.status.name, "class": failure.errorClass.name])
    }
}
