internal import Synchronization
internal import TenonJSON
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
    }

    private let counts = Mutex(Counts())

    var current: Counts { counts.withLock { $0 } }

    func update(_ body: (inout sending Counts) -> Void) { counts.withLock { body(&$0) } }

    /// Forgets what came after `earlier` and is done again.
    func restore(_ earlier: Counts) { counts.withLock { $0 = earlier } }

    /// Every stage of the definition with its counts, in order.
    static func stages(of definition: PipelineDefinition, _ counts: Counts) -> JSON {
        .array(
            definition.stages.map { stage in
                StageRecord(stage, counts.operators.first { $0.name == stage.name }, counts).json
            })
    }
}

extension StageCounts {
    /// What a stage counted before the pipeline began anew at a commit, and since.
    static func + (earlier: StageCounts, later: StageCounts) -> StageCounts {
        var sum = later
        sum.read += earlier.read
        sum.written += earlier.written
        sum.filtered += earlier.filtered
        sum.failed += earlier.failed
        sum.bytes += earlier.bytes
        sum.batches += earlier.batches
        sum.nanoseconds += earlier.nanoseconds
        return sum
    }
}
