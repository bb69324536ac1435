internal import TenonJSON
internal import TenonModel
internal import TenonPipeline
internal import TenonStore

/// What one attempt of a pipeline leaves for the next, in this start of the host or another.
struct PipelineResume {
    var points = CommittedPoints()
    /// Nil: no target was touched yet.
    var checkpoint: PipelineCheckpoint?
    /// Nil: the source was not asked yet.
    var streams: StreamChoice?
    /// The source has other columns now than the recorded request says.
    var hasNewColumns = false

    init(_ checkpoint: PipelineCheckpoint?, _ definition: PipelineDefinition) {
        guard let checkpoint else { return }
        self.checkpoint = checkpoint
        points = CommittedPoints(checkpoint)
        // Where nothing can be committed yet, the source is looked at anew.
        guard !points.isEmpty, let streams = origin["streams"] else { return }
        self.streams = StreamChoice(streams, source: definition.sourceIntegrationID)
    }

    /// What the reader was asked for.
    var request: JSON? { origin["request"] }

    private var origin: JSON {
        // `try?`: the host has written it; `check` says where it cannot be used.
        checkpoint.flatMap { try? JSONParser.parse($0.source) } ?? .null
    }

    /// Throws where what is committed was read from or written to other instances than there are now.
    func check(_ ends: PipelineEnds) throws(TenonError) {
        guard !points.isEmpty else { return }
        let origin = origin
        guard let source = origin["source"]?.string, let target = origin["target"]?.string else {
            throw TenonError(
                .pipelineInterrupted,
                "The pipeline was begun by a version of the host that did not record how to go on. The target "
                    + "keeps what is committed; execute the pipeline again.")
        }
        for (earlier, end, name) in [(source, ends.source, "source"), (target, ends.target, "target")]
        where earlier != end.identity {
            throw TenonError(
                .pipelineInterrupted,
                "The instance that is the pipeline's \(name) was upgraded or deployed anew since the pipeline began, "
                    + "so it cannot go on in the middle. The target keeps what is committed; execute the pipeline "
                    + "again.")
        }
    }
}
