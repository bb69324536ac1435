internal import TenonJSON
internal import TenonPipeline

/// A stage as the execution's record shows it.
struct StageRecord {
    let type: StageType
    private(set) var counts: StageCounts
    /// Whether the source does a part of the stage.
    var isPushedDown = false
    private let isSkippingKnown: Bool

    /// `operators`: what the stage's transformations counted; the ends of the pipeline count at the border
    /// instead.
    init(_ stage: StageDefinition, _ operators: StageCounts?, _ ends: PipelineCounts) {
        type = stage.type
        isSkippingKnown = ends.skippedCount > 0
        counts = operators ?? StageCounts(name: stage.name)
        switch type {
        case .extract:
            counts.read = ends.extractedCount + ends.source.failedCount
            if operators == nil { counts.written = ends.extractedCount }
            add(ends.source)
        case .load:
            // What the stage's own transformations left out was read as well.
            counts.read = ends.target.recordCount + counts.filtered + counts.failed
            counts.written = ends.target.recordCount - ends.target.failedCount
            add(ends.target)
        case .transform, .enrich, .validate: break
        }
    }

    private mutating func add(_ side: PipelineCounts.Side) {
        counts.failed += side.failedCount
        counts.bytes = side.byteCount
        counts.batches = side.batchCount
        counts.nanoseconds += side.nanoseconds
    }

    var json: JSON {
        let seconds = Double(counts.nanoseconds) / 1e9
        var object: JSONObject = [
            "name": .string(counts.name), "type": .string(type.rawValue), "read": .int(counts.read),
            "written": .int(counts.written),
            "filtered": .int(counts.filtered), "failed": .int(counts.failed), "bytes": .int(counts.bytes),
            "batches": .int(counts.batches),
            "durationMs": .int(Int64(counts.nanoseconds / 1_000_000)),
            "recordsPerSecond": seconds > 0
                ? .int(Int64(exactly: (Double(counts.read) / seconds).rounded()) ?? .max) : .null,
        ]
        if isPushedDown {
            object["pushedDown"] = true
            // The source may not say how many records it has left out.
            if counts.filtered == 0, !isSkippingKnown { object["filtered"] = .null }
        }
        return .object(object)
    }
}
