internal import TenonConnectors
internal import TenonJSON
internal import TenonModel
internal import TenonPipeline
internal import TenonStore

/// What the reader was asked for whose positions are recorded.
struct EarlierRequest: Sendable {
    /// Nil: nothing is recorded.
    var json: JSON?
    /// The source has changed its columns since, so that it may be asked for others now.
    var hadOtherColumns = false

    /// Whether the reader of `opening` can go on at such a position.
    func isContinued(by opening: SourceOpening) -> Bool {
        guard let json else { return true }
        // The source alone knows how many records of a limit have come already.
        if json["limit"] != nil, opening.request?.limit == nil || !opening.honoured.limit { return false }
        return hadOtherColumns || json == opening.requestJSON
    }
}

/// One attempt of a pipeline to come from its last committed point to its end: one thread reads and
/// transforms, another writes and commits, a bounded channel between them.
final class PipelineAttempt: Sendable {
    let pipeline: LivePipeline
    let ends: PipelineEnds
    let streams: StreamChoice
    let channel: BatchChannel
    let tally: PipelineTally
    private let earlier: EarlierRequest

    init(
        _ pipeline: LivePipeline, _ ends: PipelineEnds, _ streams: StreamChoice, _ channel: BatchChannel,
        _ earlier: EarlierRequest
    ) {
        self.pipeline = pipeline
        self.ends = ends
        self.streams = streams
        self.channel = channel
        self.earlier = earlier
        tally = pipeline.tally
    }

    /// What is recorded of the source, so that another start of the host reads it the same way.
    func origin(_ request: JSON) -> JSON {
        [
            "source": .string(ends.source.identity), "target": .string(ends.target.identity),
            "streams": streams.json, "request": request,
        ]
    }

    /// Throws where a position in the middle belongs to another request than the reader got.
    func checkSame(_ opening: SourceOpening, from start: CommittedPoint) throws(TenonError) {
        guard start.sequence > 0, !earlier.isContinued(by: opening) else { return }
        throw TenonError(
            .pipelineInterrupted,
            "The pipeline would read its source another way now than when it began, so it cannot go on in the "
                + "middle. The target keeps what is committed; execute the pipeline again.")
    }

    /// How an attempt ended.
    struct Outcome {
        /// Nil: all is committed.
        var failure: TenonError?
        /// Nil where a side was left behind that does not come back.
        var target: PipelineTarget?
    }

    func run(_ checkpoint: PipelineCheckpoint, _ points: CommittedPoints) -> Outcome {
        let target = PipelineTarget(self, checkpoint, points)
        do throws(TenonError) {
            guard let start = try target.settle() else {
                pipeline.restore(target.points.last)
                return Outcome(failure: nil, target: target)
            }
            pipeline.restore(start)
            let source = PipelineSource(self, from: start)
            try channel.run { () throws(TenonError) in try source.run() }
            try channel.run { () throws(TenonError) in try target.run() }
        } catch {
            channel.fail(error)
        }
        let isOver = channel.waitForSides(within: Limits.pipelineCancel) { pipeline.stopCalls() }
        guard isOver else { return Outcome(failure: channel.firstFailure, target: nil) }
        target.close()
        // All is committed: a cancel that came after that undoes nothing. What failed first is the cause; the
        // other side only stopped because of it.
        return Outcome(failure: target.isDone ? nil : channel.firstFailure, target: target)
    }
}
