internal import TenonColumns
internal import TenonConnectors
internal import TenonJSON
internal import TenonModel
internal import TenonPipeline
internal import TenonStore
internal import TenonWorkflow

/// The writing side of a pipeline. Before each commit the host durably stores what it covers; the target
/// stores the sequence with the rows.
final class PipelineTarget {
    private static let bytesBetweenCommits = 8 << 20
    private static let nanosecondsBetweenCommits: UInt64 = 1_000_000_000

    private let pipeline: LivePipeline
    private let instance: PipelineEnd
    private let streams: StreamChoice
    private let errors: RejectPolicy
    private var checkpoint: PipelineCheckpoint
    /// What the next commit covers.
    private var covered = PipelineTally.Counts()
    /// What is committed, for a reader that has to begin anew there.
    private(set) var committed = CommittedPoint()
    private var uncommittedBytes = 0
    private var lastCommit: UInt64 = 0

    init(_ pipeline: LivePipeline, _ instance: PipelineEnd, _ streams: StreamChoice) {
        self.pipeline = pipeline
        self.instance = instance
        self.streams = streams
        errors = RejectPolicy(pipeline.definition, .load)
        let load = pipeline.definition.load
        let request: JSON = [
            // Each execution is a job of its own: what an earlier one has committed does not count for this
            // one.
            "job": .string("\(pipeline.pipelineID)/\(pipeline.id.rawValue)"),
            "stream": .string(streams.targetStream), "mode": .string(load.mode.rawValue),
            "keys": .array(load.keys.map(JSON.string)), "createIfMissing": .bool(load.createIfMissing),
        ]
        checkpoint = PipelineCheckpoint(
            execution: pipeline.number, request: request.text, schema: "{}", recordedAt: pipeline.startedAt)
    }

    /// Writes until the channel ends or fails. Where it failed it may run again, going on at `committed`.
    func run() throws(TenonError) {
        guard case .columns(let columns) = try pipeline.channel.receive() else {
            // The source had neither records nor columns: there is nothing to write, and no way to write it.
            return
        }
        // Recorded before the target is touched, so that a restarted host knows what it has to undo.
        checkpoint.schema = columns.jsonText
        checkpoint.checkpoint = committed.position
        uncommittedBytes = 0
        covered = committed.counts
        try pipeline.engine.record([.checkpoint(checkpoint)], pipeline.durability)
        let writer = try openWriter(columns)
        pipeline.use(writer: writer)
        defer {
            pipeline.use(writer: nil)
            writer.close()
        }
        do {
            try goOn(after: writer.committedSequence)
            lastCommit = monotonicNanoseconds()
            try transfer(to: writer)
        } catch {
            // Where this fails too, the target undoes the rest when its next writer opens.
            try? writer.abort()
            throw error
        }
    }

    private func openWriter(_ columns: Schema) throws(TenonError) -> any BatchWriter {
        let connection = instance.connection
        let request = WriteRequest(requestJSON: Array(checkpoint.request.utf8), schema: columns)
        let opening = try pipeline.channel.wait { () throws(CallFailure) in
            try connection.openWriter(request)
        } discard: { writer in
            // `try?`: nothing was written, and nobody waits for this writer any more.
            try? writer.abort()
            writer.close()
        }
        do { return try opening.get() } catch { throw failure("open", error) }
    }

    private func goOn(after sequence: UInt64) throws(TenonError) {
        guard committed.sequence == 0 || sequence == committed.sequence else {
            throw TenonError(
                .pipelineTargetFailed,
                "\(pipeline.definition.targetIntegrationID) had committed \(committed.sequence) and says now "
                    + "that it was \(sequence). Look at what it holds before the pipeline is executed again."
            )
        }
        checkpoint.sequence = sequence
    }

    private func transfer(to writer: any BatchWriter) throws(TenonError) {
        while true {
            switch try pipeline.channel.receive() {
            case .columns: break
            case .batch(let batch): try write(batch, to: writer)
            case .position(let position, let counts):
                checkpoint.checkpoint = position
                covered = counts
                if isCommitDue { try commit(writer) }
            case .end:
                covered = pipeline.tally.current
                try errors.checkShare(covered)
                return try commit(writer)
            }
        }
    }

    /// In overwrite mode the old rows are replaced at one commit, the last.
    private var isCommitDue: Bool {
        guard pipeline.definition.load.mode != .overwrite, uncommittedBytes > 0 else { return false }
        return uncommittedBytes >= Self.bytesBetweenCommits
            || monotonicNanoseconds() - lastCommit >= Self.nanosecondsBetweenCommits
    }

    private func write(_ batch: Batch, to writer: any BatchWriter) throws(TenonError) {
        let began = monotonicNanoseconds()
        let refused: [RejectedRecord]
        do { refused = try writer.write(batch) } catch { throw failure("write", error) }
        let byteCount = batch.byteCount
        uncommittedBytes += byteCount
        pipeline.tally.update { counts in
            counts.target.recordCount += Int64(batch.rowCount)
            counts.target.failedCount += Int64(refused.count)
            counts.target.batchCount += 1
            counts.target.byteCount += Int64(byteCount)
            counts.target.nanoseconds += monotonicNanoseconds() - began
        }
        guard !refused.isEmpty else { return }
        try errors.check(
            refused, pipeline.tally.current, at: "written to \(pipeline.definition.targetIntegrationID)")
    }

    private func commit(_ writer: any BatchWriter) throws(TenonError) {
        if pipeline.isCancelled { throw LivePipeline.cancellation }
        checkpoint.sequence += 1
        checkpoint.recordedAt = pipeline.engine.time.now()
        // The reading side is ahead: what it has counted since is not covered.
        covered.target = pipeline.tally.current.target
        try pipeline.engine.record(
            [.checkpoint(checkpoint), .execution(pipeline.progress(.running, covered))], pipeline.durability)
        do { try writer.commit(checkpoint.sequence) } catch { throw failure("commit", error) }
        committed = CommittedPoint(
            sequence: checkpoint.sequence, position: checkpoint.checkpoint, counts: covered)
        uncommittedBytes = 0
        lastCommit = monotonicNanoseconds()
    }

    private func failure(_ verb: String, _ failure: CallFailure) -> TenonError {
        let isFull = failure.status == .resourceExhausted
        return TenonError(
            isFull ? .pipelineTargetFull : .pipelineTargetFailed,
            "\(pipeline.definition.targetIntegrationID) could not \(verb) the stream "
                + "\"\(streams.targetStream)\": \(failure.message.asSentence) "
                + "What it had committed before stays."
                + (isFull ? " Make room, then execute the pipeline again." : ""),
            context: ["status": failure.status.name, "class": failure.errorClass.name])
    }
}
