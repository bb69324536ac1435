internal import Synchronization
internal import TenonConnectors
internal import TenonJSON
internal import TenonModel
internal import TenonPipeline
internal import TenonStore
internal import TenonWorkflow

extension LivePipeline {
    private static let minRestarts = 10

    /// Makes one attempt after the other. A source whose columns change is read anew from the last commit on,
    /// with a new plan and a new writer of the same job; that does not count as a failure.
    func transfer() throws(TenonError) {
        var progress = PipelineResume(resumption?.checkpoint, definition)
        restore(progress.points.last)
        try awaitOrphans()
        var restartCount = 0
        var isBegun = resumption == nil
        while true {
            if !isBegun { try beginAttempt() }
            isBegun = false
            let failure: TenonError
            do throws(TenonError) {
                let attempt = try attempt(&progress)
                let outcome = attempt.run(
                    checkpoint(progress, attempt.streams), progress.points)
                guard let target = outcome.target else { throw outcome.failure ?? Self.cancellation }
                if target.points.last.sequence > progress.points.last.sequence { restartCount = 0 }
                progress.points = target.points
                progress.checkpoint = target.checkpoint
                if target.hasColumns { progress.hasNewColumns = false }
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
                try pause(Limits.pipelineRestartPause)
                continue
            }
            guard let delay = state.withLock({ $0.policy.delay(after: failure, first: pace.firstRetry) })
            else { throw failure }
            try pause(delay)
        }
    }

    private func awaitOrphans() throws(TenonError) {
        guard let resumption else { return }
        let deadline = monotonicNanoseconds() + UInt64(Limits.pipelineOrphans.wholeNanoseconds)
        while resumption.orphans.exist {
            guard monotonicNanoseconds() < deadline else {
                throw TenonError(
                    .pipelineInterrupted,
                    "A cell of the host that ended is still at work, so nobody can say what the target will "
                        + "hold. Execute the pipeline again when it is gone.")
            }
            try pause(.milliseconds(5))
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
        var streams: StreamChoice
        if let earlier = progress.streams {
            streams = earlier
            if progress.hasNewColumns { try streams.lookAgain(at: ends.source, channel) }
        } else {
            streams = try StreamChoice(definition, ends, channel)
        }
        progress.streams = streams
        let earlier = EarlierRequest(json: progress.request, hadOtherColumns: progress.hasNewColumns)
        return PipelineAttempt(self, ends, streams, channel, earlier)
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

    /// Where nothing is committed the streams may be others than an earlier start of the host has chosen.
    private func checkpoint(_ progress: PipelineResume, _ streams: StreamChoice) -> PipelineCheckpoint {
        if !progress.points.isEmpty, let checkpoint = progress.checkpoint { return checkpoint }
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
