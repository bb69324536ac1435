internal import Glibc
internal import Logging
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
    let resumption: Resumption?
    /// For this type's files only.
    let state: Mutex<State>

    /// What an earlier start of the host has left.
    struct Resumption {
        var checkpoint: PipelineCheckpoint?
        var policy: AttemptPolicy
        /// Cells of earlier starts that may still be at work.
        var orphans: OrphanedCells
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

    struct State {
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
        var isPausing = false

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

    /// While it waits, nothing is under way that a host that ends would have to wait for.
    var isBusy: Bool { !state.withLock { $0.isPausing } }

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
    func newChannel() -> BatchChannel {
        let channel = BatchChannel(maxBytes: Limits.pipelineChannelBytes)
        let isStopped = state.withLock { state in
            state.channel = channel
            return state.isStopped
        }
        if isStopped { channel.fail(Self.cancellation) }
        return channel
    }

    /// Waits before it goes on; throws where the pipeline is stopped meanwhile.
    func pause(_ duration: Duration) throws(TenonError) {
        state.withLock { $0.isPausing = true }
        defer { state.withLock { $0.isPausing = false } }
        try newChannel().pause(duration)
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
    /// Goes back to what is committed as far as is known: what came after it does not count.
    func restore(_ point: CommittedPoint) {
        tally.restore(point.counts, at: monotonicNanoseconds())
        state.withLock { $0.committedSequence = point.sequence }
    }

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
        progress.error = error.map(withoutSecrets)?.recorded.text
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
                engine.logger.error(
                    "the end of a pipeline could not be recorded; the next start of the host takes it up again",
                    metadata: ["execution.id": "\(id)", "error": "\(error)"])
                break
            }
        }
        engine.forget(self)
    }
}
