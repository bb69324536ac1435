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

    func cancel() {
        channel.fail(Self.cancellation)
        let handles = handles.withLock { handles in
            handles.isCancelled = true
            return handles
        }
        handles.reader?.cancel()
        handles.writer?.cancel()
    }

    static let cancellation = TenonError(.pipelineCancelled, "The pipeline was cancelled.")

    /// Lets `cancel` reach a handle, now or later.
    func use(reader: any BatchReader) {
        if handles.withLock({ handles in
            handles.reader = reader
            return handles.isCancelled
        }) {
            reader.cancel()
        }
    }

    func use(writer: any BatchWriter) {
        if handles.withLock({ handles in
            handles.writer = writer
            return handles.isCancelled
        }) {
            writer.cancel()
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
            let source = try source.get()
            let target = try target.get()
            let streams = try StreamChoice(definition, source: source, target: target)
            try transfer(PipelineSource(self, source, target, streams), PipelineTarget(self, target, streams))
            end(.completed, nil)
        } catch {
            end(isCancelled ? .cancelled : .failed, isCancelled ? Self.cancellation : error)
        }
    }

    private func transfer(_ source: PipelineSource, _ target: PipelineTarget) throws(TenonError) {
        let channel = channel
        let thread = startThread {
            do throws(TenonError) { try source.run() } catch { channel.fail(error) }
        }
        guard let thread else {
            throw TenonError(.pipelineSourceFailed, "The host cannot start another thread.")
        }
        let result = Result { () throws(TenonError) in try target.run() }
        if case .failure(let error) = result {
            channel.fail(error)
            handles.withLock { $0.reader }?.cancel()
        }
        pthread_join(thread, nil)
        // All is committed: a cancel that came after that undoes nothing.
        if case .success = result { return }
        // What failed first is the cause; the other side only stopped because of it.
        if let failure = channel.firstFailure { throw failure }
        try result.get()
    }

    /// What is recorded while the pipeline runs.
    func progress(_ status: ExecutionStatus) -> ExecutionProgress {
        var progress = ExecutionProgress(number: number, status: status.rawValue)
        progress.recordsProcessed = tally.current.source.recordCount
        progress.stages = tally.stages(of: definition).text
        progress.startedAt = startedAt
        return progress
    }

    private func end(_ status: ExecutionStatus, _ error: TenonError?) {
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
