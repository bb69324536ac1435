internal import TenonJSON
internal import TenonPipeline

extension StageCounts {
    /// The counts of a stage that has seen nothing.
    init(_ stage: StageDefinition) {
        self.init(name: stage.name, type: stage.type)
    }

    mutating func add(source: PipelineTally.Side) {
        read += source.recordCount + source.failedCount
        written += source.recordCount
        add(source)
    }

    mutating func add(target: PipelineTally.Side) {
        read += target.recordCount
        written += target.recordCount - target.failedCount
        add(target)
    }

    private mutating func add(_ side: PipelineTally.Side) {
        failed += side.failedCount
        bytes += side.byteCount
        batches += side.batchCount
        nanoseconds += side.nanoseconds
    }

    /// As the execution's record shows it.
    var json: JSON {
        let seconds = Double(nanoseconds) / 1e9
        return [
            "name": .string(name), "type": .string(type.rawValue), "read": .int(read), "written": .int(written),
            "filtered": .int(filtered), "failed": .int(failed), "bytes": .int(bytes), "batches": .int(batches),
            "durationMs": .int(Int64(nanoseconds / 1_000_000)),
            "recordsPerSecond": seconds > 0 ? .int(Int64(Double(read) / seconds)) : .null,
        ]
    }
}
