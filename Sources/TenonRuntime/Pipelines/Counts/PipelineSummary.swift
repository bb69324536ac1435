internal import TenonJSON
internal import TenonModel
internal import TenonPipeline

/// What is said of a pipeline's execution beside its status: while it runs, and for ever after.
struct PipelineSummary {
    let definition: PipelineDefinition
    let counts: PipelineCounts
    var attemptCount = 1
    var stalledCount = 0
    var guarantee = CommitGuarantee.exactlyOnce
    /// The stages of which the source does a part.
    var pushedStages: [String] = []
    /// The last commit.
    var sequence: UInt64 = 0

    init(definition: PipelineDefinition, counts: PipelineCounts) {
        self.definition = definition
        self.counts = counts
    }

    private var records: [StageRecord] {
        definition.stages.map { stage in
            var record = StageRecord(stage, counts.operators.first { $0.name == stage.name }, counts)
            record.isPushedDown = pushedStages.contains(stage.name)
            return record
        }
    }

    /// Every stage of the definition with its counts, in order.
    var stages: JSON { .array(records.map(\.json)) }

    /// The stage that takes longest, and so sets the pace.
    var bottleneck: String? {
        records.map(\.counts).max { $0.nanoseconds < $1.nanoseconds }.flatMap {
            $0.nanoseconds > 0 ? $0.name : nil
        }
    }

    /// As `AttemptPolicy.init(state:)` and the execution's record read it.
    var state: JSON {
        [
            "attempts": .int(Int64(attemptCount)), "stalled": .int(Int64(stalledCount)),
            "guarantee": .string(guarantee.rawValue), "bottleneck": bottleneck.map(JSON.string) ?? .null,
            "checkpoint": sequence > 0 ? ["sequence": .int(Int64(clamping: sequence))] : .null,
        ]
    }
}

extension AttemptPolicy {
    /// What an earlier start of the host has recorded.
    init(state: String?) {
        // `try?`: the host has written it; without it counting begins anew.
        let json = state.flatMap { try? JSONParser.parse($0) } ?? .null
        self.init(
            attemptCount: Int(clamping: json["attempts"]?.int ?? 1),
            stalledCount: Int(clamping: json["stalled"]?.int ?? 0))
    }
}
