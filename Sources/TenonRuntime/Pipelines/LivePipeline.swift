internal import Glibc
internal import Synchronization
internal import TenonColumns
internal import TenonConnectors
internal import TenonJSON
internal import TenonModel
internal import TenonPipeline
internal import TenonStore
internal import TenonWorkflow

/// A pipeline execution: one thread reads and transforms, another writes and commits, a bounded channel
/// between them.
///
///     running --end of the source, last commit--> completed
///     running --any failure, cancel--> what is not committed is undone --> failed, cancelled
final class LivePipeline: LiveRun {
    let id: ExecutionID
    let number: Int64
    let pipelineID: PipelineID
    let definition: PipelineDefinition
    let durability: Journal.Durability
    let finish = FinishSignal()
    let engine: Engine
    let source: Result<PipelineEnd, TenonError>
    let target: Result<PipelineEnd, TenonError>
    let channel = BatchChannel(maxBytes: Limits.pipelineChannelBytes)
    let tally = PipelineTally()
    let startedAt: Timestamp
    private let handles = Mutex(Handles())

    private struct Handles {
        var reader: (any BatchReader)?
        var writer: (any BatchWriter)?
        var isCancelled = false
        /// The host ends: the next one says how this pipeline ended.
        var isLeft = false
    }

    struct Instances {
        var source: Result<PipelineEnd, TenonError>
        var target: Result<PipelineEnd, TenonError>
    }

    init(_ creation: NewExecution, _ definition: PipelineDefinition, _ instances: Instances, engine: Engine) {
        id = creation.id
        number = creation.number
        pipelineID = PipelineID(creation.definitionID)
        self.definition = definition
        durability = creation.durability == Durability.strict.rawValue ? .synced : .written
        source = instances.source
        target = instances.target
        self.engine = engine
        startedAt = creation.createdAt
    }

    var isBusy: Bool { true }

    var isCancelled: Bool { handles.withLock { $0.isCancelled } }

    func cancel() { stop { $0.isCancelled = true } }

    func leave() { stop { $0.isLeft = true } }

    private func stop(_ mark: (inout Handles) -> Void) {
        let handles = handles.withLock { handles in
            mark(&handles)
            return handles
        }
        channel.fail(Self.cancellation)
        handles.reader?.cancel()
        handles.writer?.cancel()
    }

    static let cancellation = TenonError(.pipelineCancelled, "The pipeline was cancelled.")

    /// Lets `cancel` reach a handle, now or later; nil: there is none any more.
    func use(reader: (any BatchReader)?) {
        if handles.withLock({ handles in
            handles.reader = reader
            return handles.isCancelled || handles.isLeft
        }) {
            reader?.cancel()
        }
    }

    func use(writer: (any BatchWriter)?) {
        if handles.withLock({ handles in
            handles.writer = writer
            return handles.isCancelled || handles.isLeft
        }) {
            writer?.cancel()
        }
    }

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
            let ends = PipelineEnds(source: try source.get(), target: try target.get())
            try transfer(between: ends)
            end(.completed, nil)
        } catch {
            end(isCancelled ? .cancelled : .failed, isCancelled ? Self.cancellation : error)
        }
    }

    /// Reads and writes. A source whose columns change is read anew from the last commit on, with a new plan
    /// and a new writer of the same job.
    private func transfer(between ends: PipelineEnds) throws(TenonError) {
        var streams = try StreamChoice(definition, ends, channel)
        let target = PipelineTarget(self, ends.target, streams)
        var restartCount = 0
        while true {
            let start = target.committed
            let source = PipelineSource(self, ends, streams, from: start)
            guard let failure = try failure(of: source, target) else { return }
            if target.committed.sequence > start.sequence { restartCount = 0 }
            restartCount += 1
            // A column widens a few times at most.
            let maxRestartCount = max(Self.minRestarts, 3 * source.columnCount)
            guard source.hasNewColumns, failure.code == .pipelineSourceFailed,
                restartCount <= maxRestartCount
            else { throw failure }
            try begin(anew: target.committed)
            try streams.lookAgain(at: ends.source, channel)
        }
    }

    private static let minRestarts = 10

    private func begin(anew point: CommittedPoint) throws(TenonError) {
        guard point.sequence == 0 || !point.position.isEmpty else {
            throw TenonError(
                .pipelineSourceFailed,
                "The columns of \(definition.sourceIntegrationID) changed while it was read, and it does not "
                    + "say where to go on. The target keeps what was committed; execute the pipeline again.")
        }
        tally.restore(point.counts)
        channel.reopen()
        // A cancel that came before the channel was opened again would be forgotten.
        if handles.withLock({ $0.isCancelled || $0.isLeft }) { throw Self.cancellation }
    }

    /// Runs both sides to their end; nil: all is committed.
    private func failure(of source: PipelineSource, _ target: PipelineTarget) throws(TenonError)
        -> TenonError?
    {
        let channel = channel
        let thread = startThread {
            do throws(TenonError) { try source.run() } catch { channel.fail(error) }
        }
        guard let thread else {
            throw TenonError(.pipelineSourceFailed, "The host cannot start another thread.")
        }
        var failure: TenonError?
        do throws(TenonError) { try target.run() } catch {
            failure = error
            channel.fail(error)
            handles.withLock { $0.reader }?.cancel()
        }
        pthread_join(thread, nil)
        // All is committed: a cancel that came after that undoes nothing. What failed first is the cause; the
        // other side only stopped because of it.
        return failure == nil ? nil : channel.firstFailure ?? failure
    }

    /// What is recorded while the pipeline runs.
    func progress(_ status: ExecutionStatus, _ counts: PipelineTally.Counts? = nil) -> ExecutionProgress {
        let counts = counts ?? tally.current
        var progress = ExecutionProgress(number: number, status: status.rawValue)
        progress.recordsProcessed = counts.source.recordCount
        progress.stages = PipelineTally.stages(of: definition, counts).text
        progress.startedAt = startedAt
        return progress
    }

    private func end(_ status: ExecutionStatus, _ error: TenonError?) {
        if status != .completed, handles.withLock({ $0.isLeft }) { return engine.leave(self) }
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
