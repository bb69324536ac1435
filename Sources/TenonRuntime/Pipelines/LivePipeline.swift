internal import Glibc
internal import Synchronization
internal import TenonColumns
internal import TenonConnectors
internal import TenonJSON
internal import TenonModel
internal import TenonPipeline
internal import TenonStore
internal import TenonWorkflow

/// A pipeline execution.
///
///     running --end of the source, last commit--> completed
///     running --an end fails for a while--> waiting --> running, from the last commit on
///     running --any other failure, cancel--> what is not committed is undone --> failed, cancelled
///     running --the host ends--> left as recorded --the next start--> running, from the last commit on
final class LivePipeline: LiveRun {
    let id: ExecutionID
    let number: Int64
    let pipelineID: PipelineID
    let definition: PipelineDefinition
    let durability: Journal.Durability
    let pace: PipelinePace
    let finish = FinishSignal()
    let engine: Engine
    let tally = PipelineTally()
    let startedAt: Timestamp
    private let resumption: Resumption?
    private let state: Mutex<State>

    /// What an earlier start of the host has left.
    struct Resumption {
        var checkpoint: PipelineCheckpoint?
        var policy: AttemptPolicy
        /// Where cells of the earlier start may still be at work.
        var runDirectory: String
    }

    /// What is recorded before the first record moves.
    struct Beginning {
        var id: ExecutionID
        var number: Int64
        var pipelineID: PipelineID
        var durability: String
        var startedAt: Timestamp
        var pace: PipelinePace
        var resumption: Resumption?
    }

    private struct State {
        var reader: (any BatchReader)?
        var writer: (any BatchWriter)?
        /// What the attempt under way waits on.
        var channel: BatchChannel?
        var isCancelled = false
        /// The host ends: the next one goes on.
        var isLeft = false
        var policy: AttemptPolicy
        var guarantee = CommitGuarantee.exactlyOnce
        var pushedStages: [String] = []
        var columnCount = 0
        var committedSequence: UInt64 = 0

        var isStopped: Bool { isCancelled || isLeft }
    }

    init(_ beginning: Beginning, _ definition: PipelineDefinition, engine: Engine) {
        id = beginning.id
        number = beginning.number
        pipelineID = beginning.pipelineID
        self.definition = definition
        durability = beginning.durability == Durability.strict.rawValue ? .synced : .written
        pace = beginning.pace
        startedAt = beginning.startedAt
        resumption = beginning.resumption
        // The first attempt is recorded with the execution itself.
        state = Mutex(
            State(policy: beginning.resumption?.policy ?? AttemptPolicy(attemptCount: 1, stalledCount: 1)))
        self.engine = engine
    }

    var isBusy: Bool { true }

    static let cancellation = TenonError(.pipelineCancelled, "The pipeline was cancelled.")

    /// Runs the pipeline on a thread of its own. The execution's row is recorded already.
    func start() {
        engine.keep(self)
        let thread = startThread { [self] in run() }
        guard let thread else {
            end(.failed, TenonError(.pipelineTargetFailed, "The host cannot start another thread."))
            return
        }
        pthread_detach(thread)
    }

    private func run() {
        do {
            try transfer()
            end(.completed, nil)
        } catch {
            let isCancelled = state.withLock { $0.isCancelled }
            end(isCancelled ? .cancelled : .failed, isCancelled ? Self.cancellation : error)
        }
    }
}

// MARK: Attempts

extension LivePipeline {
    private static let minRestarts = 10

    /// Makes one attempt after the other. A source whose columns change is read anew from the last commit on,
    /// with a new plan and a new writer of the same job; that does not count as a failure.
    private func transfer() throws(TenonError) {
        try awaitOrphans()
        var progress = PipelineResume(resumption?.checkpoint, definition)
        var restartCount = 0
        var isBegun = resumption == nil
        while true {
            if !isBegun { try beginAttempt() }
            isBegun = false
            let failure: TenonError
            do throws(TenonError) {
                let attempt = try attempt(&progress)
                let outcome = attempt.run(
                    progress.checkpoint ?? newCheckpoint(attempt.streams), progress.points)
                guard let target = outcome.target else { throw outcome.failure ?? Self.cancellation }
                if target.points.last.sequence > progress.points.last.sequence { restartCount = 0 }
                progress.points = target.points
                progress.checkpoint = target.checkpoint
                guard let ended = outcome.failure else { return }
                failure = ended
            } catch {
                failure = error
            }
            if state.withLock({ $0.isStopped }) { throw Self.cancellation }
            if failure.isSchemaChange {
                restartCount += 1
                // A column widens a few times at most.
                let maxRestartCount = max(Self.minRestarts, 3 * state.withLock { $0.columnCount })
                guard restartCount <= maxRestartCount else { throw failure }
                state.withLock { $0.policy.noteCommit() }
                progress.hasNewColumns = true
                continue
            }
            guard let delay = state.withLock({ $0.policy.delay(after: failure, first: pace.firstRetry) })
            else { throw failure }
            try newChannel().pause(delay)
        }
    }

    private func awaitOrphans() throws(TenonError) {
        guard let resumption else { return }
        let deadline = monotonicNanoseconds() + UInt64(Limits.pipelineOrphans.wholeNanoseconds)
        while OrphanedCells.exist(runDirectory: resumption.runDirectory) {
            guard monotonicNanoseconds() < deadline else {
                throw TenonError(
                    .pipelineInterrupted,
                    "A cell of the host that ended is still at work, so nobody can say what the target will "
                        + "hold. Execute the pipeline again when it is gone.")
            }
            try newChannel().pause(.milliseconds(5))
        }
    }

    private func beginAttempt() throws(TenonError) {
        let mayBegin = state.withLock { state in
            guard state.policy.mayBegin else { return false }
            state.policy.begin()
            return true
        }
        guard mayBegin else {
            throw TenonError(
                .pipelineInterrupted,
                "The pipeline was begun \(Limits.pipelineStalls) times without getting any further. The target "
                    + "keeps what is committed.")
        }
        try engine.record([.execution(progress(.running))], durability)
    }

    private func attempt(_ progress: inout PipelineResume) throws(TenonError) -> PipelineAttempt {
        let channel = newChannel()
        let ends = try ends(channel)
        try progress.check(ends)
        state.withLock { $0.guarantee = ends.target.guarantee }
        var earlierRequest = progress.request
        if var streams = progress.streams {
            if progress.hasNewColumns {
                try streams.lookAgain(at: ends.source, channel)
                earlierRequest = nil
            }
            progress.streams = streams
        } else {
            progress.streams = try StreamChoice(definition, ends, channel)
        }
        progress.hasNewColumns = false
        guard let streams = progress.streams else { throw Self.cancellation }
        return PipelineAttempt(self, ends, streams, channel, earlierRequest: earlierRequest)
    }

    /// The instances as they are now, once they are not being left alone because they ended too often.
    private func ends(_ channel: BatchChannel) throws(TenonError) -> PipelineEnds {
        let project = definition.projectID
        let ends = PipelineEnds(
            source: try engine.directory.end(project, definition.sourceIntegrationID),
            target: try engine.directory.end(project, definition.targetIntegrationID))
        let deadline = monotonicNanoseconds() + UInt64(Limits.pipelineDegradedWait.wholeNanoseconds)
        for end in [ends.source, ends.target] {
            while case .degraded = end.connection.status, monotonicNanoseconds() < deadline {
                try channel.pause(.milliseconds(100))
            }
        }
        return ends
    }

    private func newCheckpoint(_ streams: StreamChoice) -> PipelineCheckpoint {
        let load = definition.load
        let request: JSON = [
            // Each execution is a job of its own: what an earlier one has committed does not count for this
            // one.
            "job": .string("\(pipelineID)/\(id.rawValue)"),
            "stream": .string(streams.targetStream), "mode": .string(load.mode.rawValue),
            "keys": .array(load.keys.map(JSON.string)), "createIfMissing": .bool(load.createIfMissing),
        ]
        return PipelineCheckpoint(
            execution: number, request: request.text, schema: "{}", recordedAt: startedAt)
    }
}

// MARK: Stopping

extension LivePipeline {
    func cancel() { stop { $0.isCancelled = true } }

    func leave() { stop { $0.isLeft = true } }

    private func stop(_ mark: (inout State) -> Void) {
        let state = state.withLock { state in
            mark(&state)
            return state
        }
        state.channel?.fail(Self.cancellation)
        state.reader?.cancel()
        state.writer?.cancel()
    }

    /// What the next attempt waits on; it has failed already where the pipeline was stopped.
    private func newChannel() -> BatchChannel {
        let channel = BatchChannel(maxBytes: Limits.pipelineChannelBytes)
        let isStopped = state.withLock { state in
            state.channel = channel
            return state.isStopped
        }
        if isStopped { channel.fail(Self.cancellation) }
        return channel
    }

    /// Makes the reader of a failed attempt stop, and the writer of a stopped pipeline; answers whether it
    /// was stopped.
    func stopCalls() -> Bool {
        let state = state.withLock { $0 }
        state.reader?.cancel()
        if state.isStopped { state.writer?.cancel() }
        return state.isStopped
    }

    /// Lets `cancel` reach a handle, now or later; nil: there is none any more.
    func use(reader: (any BatchReader)?) {
        let isStopped = state.withLock { state in
            state.reader = reader
            return state.isStopped
        }
        if isStopped { reader?.cancel() }
    }

    func use(writer: (any BatchWriter)?) {
        let isStopped = state.withLock { state in
            state.writer = writer
            return state.isStopped
        }
        if isStopped { writer?.cancel() }
    }
}

// MARK: Records of the execution

extension LivePipeline {
    func noteCommit(_ sequence: UInt64) {
        state.withLock { state in
            state.policy.noteCommit()
            state.committedSequence = sequence
        }
    }

    func note(pushedStages: [String], columnCount: Int) {
        state.withLock { state in
            state.pushedStages = pushedStages
            state.columnCount = columnCount
        }
    }

    /// What is recorded while the pipeline runs; `point`: the commit that it is recorded with.
    func progress(_ status: ExecutionStatus, _ point: CommittedPoint? = nil) -> ExecutionProgress {
        let summary = summary(point)
        var progress = ExecutionProgress(number: number, status: status.rawValue)
        progress.recordsProcessed = summary.counts.extractedCount
        progress.stages = summary.stages.text
        progress.state = summary.state.text
        progress.startedAt = startedAt
        return progress
    }

    func summary(_ point: CommittedPoint? = nil) -> PipelineSummary {
        let state = state.withLock { $0 }
        var summary = PipelineSummary(definition: definition, counts: point?.counts ?? tally.current)
        summary.attemptCount = state.policy.attemptCount
        // What is promised with a commit counts as progress only when it is done.
        summary.stalledCount = state.policy.stalledCount
        summary.guarantee = state.guarantee
        summary.pushedStages = state.pushedStages
        summary.sequence = point?.sequence ?? state.committedSequence
        return summary
    }

    private func end(_ status: ExecutionStatus, _ error: TenonError?) {
        if status != .completed, state.withLock({ $0.isLeft && !$0.isCancelled }) {
            return engine.leave(self)
        }
        var progress = progress(status)
        progress.error = error?.recorded.text
        progress.finishedAt = engine.time.now()
        var delay: UInt32 = 10_000
        while true {
            do {
                try engine.record([.execution(progress)], durability)
                break
            } catch  where error.code == .storeFull {
                // Nothing else can be done with an end that cannot be recorded than to try again.
                usleep(delay)
                delay = min(delay * 2, 1_000_000)
            } catch {
                break
            }
        }
        engine.forget(self)
    }
}
