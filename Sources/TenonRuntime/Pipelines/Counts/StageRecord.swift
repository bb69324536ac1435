internal import TenonJSON
internal import TenonPipeline

/// A stage as the execution's record shows it.
struct StageRecord {
    let name: String
    let type: StageType
    var read: Int64 = 0
    var written: Int64 = 0
    var filtered: Int64 = 0
    var failed: Int64 = 0
    var bytes: Int64 = 0
    var batches: Int64 = 0
    var nanoseconds: UInt64 = 0
    /// Whether the source does a part of the stage.
    var isPushedDown = false
    private let isSkippingKnown: Bool

    /// `operators`: what the stage's transformations counted; the ends of the pipeline count at the border
    /// instead.
    init(_ stage: StageDefinition, _ operators: PipelineCounts.Operator?, _ counts: PipelineCounts) {
        name = stage.name
        type = stage.type
        isSkippingKnown = counts.skippedCount > 0
        if let operators {
            read = operators.read
            written = operators.written
            filtered = operators.filtered
            failed = operators.failed
            bytes = operators.bytes
            batches = operators.batches
            nanoseconds = operators.nanoseconds
        }
        switch type {
        case .extract:
            read = counts.extractedCount + counts.source.failedCount
            if operators == nil { written = counts.extractedCount }
            add(counts.source)
        case .load:
            // What the stage's own transformations left out was read as well.
            read = counts.target.recordCount + filtered + failed
            written = counts.target.recordCount - counts.target.failedCount
            add(counts.target)
        case .transform, .enrich, .validate: break
        }
    }

    private mutating func add(_ side: PipelineCounts.Side) {
        failed += side.failedCount
        bytes = side.byteCount
        batches = side.batchCount
        nanoseconds += side.nanoseconds
    }

    var json: JSON {
        let seconds = Double(nanoseconds) / 1e9
        var object: JSONObject = [
            "name": .string(name), "type": .string(type.rawValue), "read": .int(read),
            "written": .int(written),
            "filtered": .int(filtered), "failed": .int(failed), "bytes": .int(bytes),
            "batches": .int(batches),
            "durationMs": .int(Int64(nanoseconds / 1_000_000)),
            "recordsPerSecond": seconds > 0
                ? .int(Int64(exactly: (Double(read) / seconds).rounded()) ?? .max) : .null,
        ]
        if isPushedDown {
            object["pushedDown"] = true
            // The source may not say how many records it has left out.
            if filtered == 0, !isSkippingKnown { object["filtered"] = .null }
        }
        return .object(object)
    }
}
