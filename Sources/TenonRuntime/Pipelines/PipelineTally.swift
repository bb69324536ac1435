internal import Synchronization
internal import TenonJSON
internal import TenonModel
internal import TenonPipeline

/// Counts what passes through a pipeline's stages. The reading and the writing thread both add to it.
final class PipelineTally: Sendable {
    struct Side: Sendable {
        var recordCount: Int64 = 0
        var failedCount: Int64 = 0
        var batchCount: Int64 = 0
        var byteCount: Int64 = 0
        var nanoseconds: UInt64 = 0
    }

    struct Counts: Sendable {
        /// Taken from the source; `failedCount` more were unreadable.
        var source = Side()
        /// Handed to the target; `failedCount` of them were refused.
        var target = Side()
        var operators: [StageCounts] = []
        var checkpointCount: Int64 = 0
    }

    private let counts = Mutex(Counts())

    var current: Counts { counts.withLock { $0 } }

    func update(_ body: (inout sending Counts) -> Void) { counts.withLock { body(&$0) } }

    /// Every stage of the definition with its counts, in order.
    func stages(of definition: PipelineDefinition) -> JSON {
        let counts = current
        return .array(
            definition.stages.map { stage in
                StageRecord(stage, counts.operators.first { $0.name == stage.name }, counts).json
            })
    }
}
