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

    /// Taken from the source; `failedCount` more were unreadable.
    var source = Side()
    /// Read by the source and left out there, because the pipeline filters them.
    var skippedCount: Int64 = 0
    /// Handed to the target; `failedCount` of them were refused.
    var target = Side()
    /// What the transformations of stages counted since the first attempt.
    var operators: [StageCounts] = []

    /// All records that the source has read, but for those that were unreadable.
    var extractedCount: Int64 { source.recordCount + skippedCount }
}

// MARK: Rows

extension PipelineCounts {
    /// As `init(text:)` reads it.
    var text: String {
        let json: JSON = [
            "source": source.json, "skipped": .int(skippedCount), "target": target.json,
            "operators": .array(operators.map(\.json)),
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
        operators = (json["operators"]?.array ?? []).map(StageCounts.init)
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

extension StageCounts {
    fileprivate var json: JSON {
        [
            "name": .string(name), "read": .int(read), "written": .int(written),
            "filtered": .int(filtered), "failed": .int(failed), "bytes": .int(bytes),
            "batches": .int(batches), "nanoseconds": .int(Int64(clamping: nanoseconds)),
        ]
    }

    fileprivate init(_ json: JSON) {
        self.init(name: json["name"]?.string ?? "")
        read = json["read"]?.int ?? 0
        written = json["written"]?.int ?? 0
        filtered = json["filtered"]?.int ?? 0
        failed = json["failed"]?.int ?? 0
        bytes = json["bytes"]?.int ?? 0
        batches = json["batches"]?.int ?? 0
        nanoseconds = UInt64(clamping: json["nanoseconds"]?.int ?? 0)
    }
}
