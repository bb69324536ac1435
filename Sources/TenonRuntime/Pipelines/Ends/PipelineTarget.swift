internal import TenonColumns
internal import TenonConnectors
internal import TenonJSON
internal import TenonModel
internal import TenonPipeline
internal import TenonStore
internal import TenonWorkflow

/// The writing side of one attempt of a pipeline. Before each commit the host durably stores what it covers;
/// the target stores the sequence with the rows.
final class PipelineTarget: @unchecked Sendable {
    // Invariant: used by the pipeline's thread until the attempt's sides run, then by the one thread that
    // calls `run`, and by the pipeline's thread again when that one is over, which then reads `points`,
    // `checkpoint` and `isDone`.
    private let attempt: PipelineAttempt
    private let errors: RejectPolicy
    private(set) var checkpoint: PipelineCheckpoint
    private(set) var points: CommittedPoints
    private var writer: (any BatchWriter)?
    private var writerColumns: Schema?
    /// The source's position and the counts that the next commit covers.
    private var covered: (position: [UInt8], counts: PipelineCounts)
    private var uncommittedBytes = 0
    private var lastCommit: UInt64 = 0
    /// Whether all is committed.
    private(set) var isDone = false
    /// Whether the request that the reader got is recorded, or will be with the next commit.
    private(set) var hasColumns = false

    init(_ attempt: PipelineAttempt, _ checkpoint: PipelineCheckpoint, _ points: CommittedPoints) {
        self.attempt = attempt
        self.checkpoint = checkpoint
        self.points = points
        errors = RejectPolicy(attempt.pipeline.definition, .load)
        covered = ([], PipelineCounts())
    }

    private var pipeline: LivePipeline { attempt.pipeline }

    /// Asks the target how far it has come, where it may have come anywhere: the source has to begin there.
    /// Answers where; nil: all is committed.
    func settle() throws(TenonError) -> CommittedPoint? {
        guard !points.isEmpty else { return points.last }
        guard let columns = try Schema.parse(json: Array(checkpoint.schema.utf8)) else { return points.last }
        try open(columns)
        guard points.isFinal else { return points.last }
        closeDetached()
        return nil
    }

    /// All is committed: a writer that does not come back changes nothing, and need not be waited for.
    private func closeDetached() {
        guard let writer else { return }
        self.writer = nil
        // `try?`: only a cancelled pipeline does not wait, and it is complete all the same.
        _ = try? attempt.channel.wait { writer.close() }
        pipeline.use(writer: nil)
    }

    /// Writes until the channel ends or fails.
    func run() throws(TenonError) {
        defer { close() }
        do {
            covered = (points.last.position, points.last.counts)
            lastCommit = monotonicNanoseconds()
            try transfer()
        } catch {
            // Where this fails too, the target undoes the rest when its next writer opens.
            try? writer?.abort()
            throw error
        }
    }

    // MARK: Writer

    private func open(_ columns: Schema) throws(TenonError) {
        // Recorded before the target is touched, so that a restarted host knows how to go on.
        checkpoint.schema = columns.jsonText
        points.write(to: &checkpoint)
        try pipeline.engine.record([.checkpoint(checkpoint)], pipeline.durability)
        let connection = attempt.ends.target.connection
        let request = WriteRequest(requestJSON: try writeRequest(), schema: columns)
        let opening = try attempt.channel.wait { () throws(CallFailure) in
            try connection.openWriter(request)
        } discard: { writer in
            // `try?`: nothing was written, and nobody waits for this writer any more.
            try? writer.abort()
            writer.close()
        }
        let writer: any BatchWriter
        do { writer = try opening.get() } catch { throw failure("open", error) }
        self.writer = writer
        writerColumns = columns
        pipeline.use(writer: writer)
        let (isPromised, promised) = (!points.isConfirmed, points.last.sequence)
        try points.settle(on: writer.committedSequence, attempt.ends.target.guarantee)
        // Only a commit that was not known to be done is progress, not one that has to be made again.
        if isPromised, points.last.sequence == promised { pipeline.noteCommit(promised) }
    }

    private func writeRequest() throws(TenonError) -> [UInt8] {
        let recorded = Array(checkpoint.request.utf8)
        guard !pipeline.definition.secrets.isEmpty else { return recorded }
        // `try?`: the host has written it itself, as an object.
        guard let request = (try? JSONParser.parse(recorded))?.object else { return recorded }
        return JSONWriter.bytes(.object(try pipeline.withSecrets(request)))
    }

    /// Safe to call again.
    func close() {
        guard let writer else { return }
        pipeline.use(writer: nil)
        self.writer = nil
        writer.close()
    }

    // MARK: Records

    private func transfer() throws(TenonError) {
        while true {
            switch try attempt.channel.receive() {
            case .columns(let columns, let request): try begin(columns, request)
            case .batch(let batch): try write(batch)
            case .position(let position, let counts):
                covered = (position, counts)
                if isCommitDue { try commit(isFinal: false) }
            case .end(let counts):
                covered.counts = counts
                covered.counts.target = attempt.tally.current.target
                try errors.checkShare(covered.counts)
                // A source that had neither records nor columns: there is nothing to write, and no way to.
                if writer != nil { try commit(isFinal: true) }
                isDone = true
                return
            }
        }
    }

    private func begin(_ columns: Schema, _ request: JSON) throws(TenonError) {
        checkpoint.source = attempt.origin(request).text
        hasColumns = true
        if let writerColumns, writerColumns == columns { return }
        let isReopened = writer != nil
        close()
        let start = points
        try open(columns)
        guard isReopened, points != start else { return }
        throw TenonError(
            .pipelineInterrupted,
            "\(pipeline.definition.targetIntegrationID) has changed its mind about what it has committed. Look "
                + "at what it holds before the pipeline is executed again.")
    }

    /// In overwrite mode the old rows are replaced at one commit, the last.
    private var isCommitDue: Bool {
        guard pipeline.definition.load.mode != .overwrite, uncommittedBytes > 0 else { return false }
        let pace = pipeline.pace
        return uncommittedBytes >= pace.commitBytes
            || monotonicNanoseconds() - lastCommit >= UInt64(pace.commitTime.wholeNanoseconds)
    }

    private func write(_ batch: Batch) throws(TenonError) {
        guard let writer else { return }
        let began = monotonicNanoseconds()
        let refused: [RejectedRecord]
        do { refused = try writer.write(batch) } catch { throw failure("write", error) }
        let byteCount = batch.byteCount
        uncommittedBytes += byteCount
        let took = monotonicNanoseconds() - began
        attempt.tally.update { counts in
            counts.target.recordCount += Int64(batch.rowCount)
            counts.target.failedCount += Int64(refused.count)
            counts.target.batchCount += 1
            counts.target.byteCount += Int64(byteCount)
            counts.target.nanoseconds += took
        }
        guard !refused.isEmpty else { return }
        let counts = attempt.tally.current
        try errors.check(
            refused, from: counts.target.recordCount - Int64(batch.rowCount), counts,
            at: "written to \(pipeline.definition.targetIntegrationID)")
    }

    private func commit(isFinal: Bool) throws(TenonError) {
        guard let writer else { return }
        if let failure = attempt.channel.firstFailure { throw failure }
        let began = monotonicNanoseconds()
        // The reading side is ahead: what it has counted since is not covered.
        covered.counts.target = attempt.tally.current.target
        let point = CommittedPoint(
            sequence: points.last.sequence + 1, position: covered.position, counts: covered.counts)
        points.promise(point, isFinal: isFinal)
        points.write(to: &checkpoint)
        checkpoint.recordedAt = pipeline.engine.time.now()
        try pipeline.engine.record(
            [.checkpoint(checkpoint), .execution(pipeline.progress(.running, point))], pipeline.durability)
        do { try writer.commit(point.sequence) } catch { throw failure("commit", error) }
        points.confirm()
        pipeline.noteCommit(point.sequence)
        uncommittedBytes = 0
        lastCommit = monotonicNanoseconds()
        let took = lastCommit - began
        attempt.tally.update { $0.target.nanoseconds += took }
    }

    private func failure(_ verb: String, _ failure: CallFailure) -> TenonError {
        let isFull = failure.status == .resourceExhausted
        return TenonError(
            isFull ? .pipelineTargetFull : .pipelineTargetFailed,
            "\(pipeline.definition.targetIntegrationID) could not \(verb) the stream "
                + "\"\(attempt.streams.targetStream)\": \(failure.message.asSentence) "
                + "What it had committed before stays."
                + (isFull ? " Make room, then execute the pipeline again." : ""),
            failure)
    }
}
