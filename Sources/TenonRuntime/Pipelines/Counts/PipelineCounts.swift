internal import TenonJSON
internal import TenonPipeline

/// What a pipeline's stages have counted.
struct PipelineCounts: Sendable, Equatable {
    /// One end of the pipeline.
    struct Side: Sendable, Equatable {
        var recordCount: Int64 = 0
        var failedCount: Int64 = 0
        var batchCount: Int64 = 0
        var byteCount: Int64 = 0
        var nanoseconds: UInt64 = 0
    }

    /// What one stage's transformations counted.
    struct Operator: Sendable, Equatable {
        var name: String
        var read: Int64 = 0
        var written: Int64 = 0
        var filtered: Int64 = 0
        var failed: Int64 = 0
        var bytes: Int64 = 0
        var batches: Int64 = 0
        var nanoseconds: UInt64 = 0
    }

    /// Taken from the source; `failedCount` more were unreadable.
    var source = Side()
    /// Read by the source and left out there, because the pipeline filters them.
    var skippedCount: Int64 = 0
    /// Handed to the target; `failedCount` of them were refused.
    var target = Side()
    var operators: [Operator] = []

    /// All records that the source has read, but for those that were unreadable.
    var extractedCount: Int64 { source.recordCount + skippedCount }
}

extension PipelineCounts.Operator {
    init(_ counts: StageCounts) {
        name = counts.name
        read = counts.read
        written = counts.written
        filtered = counts.filtered
        failed = counts.failed
        bytes = counts.bytes
        batches = counts.batches
        nanoseconds = counts.nanoseconds
    }

    /// Adds what the stage counted before the pipeline began anew at a commit.
    func adding(_ earlier: Self?) -> Self {
        guard let earlier else { return self }
        var sum = self
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

// MARK: Rows

extension PipelineCounts {
    /// As `init(text:)` reads it.
    var text: String {
        let operators = operators.map { stage -> JSON in
            [
                "name": .string(stage.name), "read": .int(stage.read), "written": .int(stage.written),
                "filtered": .int(stage.filtered), "failed": .int(stage.failed), "bytes": .int(stage.bytes),
                "batches": .int(stage.batches), "nanoseconds": .int(Int64(clamping: stage.nanoseconds)),
            ]
        }
        let json: JSON = [
            "source": source.json, "skipped": .int(skippedCount), "target": target.json,
            "operators": .array(operators),
        ]
        return json.text
    }

    /// What is missing was not counted.
    init(text: String) {
        // `try?`: the host has written it; counts that cannot be read are no reason not to go on.
        guard let json = try? JSONParser.parse(text) else { return }
        source = Side(json["source"] ?? .null)
        skippedCount = json["skipped"]?.int ?? 0
        target = Side(json["target"] ?? .null)
        operators = (json["operators"]?.array ?? []).map { stage in
            Operator(
                name: stage["name"]?.string ?? "", read: stage["read"]?.int ?? 0,
                written: stage["written"]?.int ?? 0, filtered: stage["filtered"]?.int ?? 0,
                failed: stage["failed"]?.int ?? 0, bytes: stage["bytes"]?.int ?? 0,
                batches: stage["batches"]?.int ?? 0,
                nanoseconds: UInt64(clamping: stage["nanoseconds"]?.int ?? 0))
        }
    }
}

extension PipelineCounts.Side {
    fileprivate var json: JSON {
        [
            "records": .int(recordCount), "failed": .int(failedCount), "batches": .int(batchCount),
            "bytes": .int(byteCount), "nanoseconds": .int(Int64(clamping: nanoseconds)),
        ]
    }

    fileprivate init(_ json: JSON) {
        recordCount = json["records"]?.int ?? 0
        failedCount = json["failed"]?.int ?? 0
        batchCount = json["batches"]?.int ?? 0
        byteCount = json["bytes"]?.int ?? 0
        nanoseconds = UInt64(clamping: json["nanoseconds"]?.int ?? 0)
    }
}
