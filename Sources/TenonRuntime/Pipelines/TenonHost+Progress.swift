package import TenonJSON
package import TenonModel
internal import TenonStore

extension TenonHost {
    /// How a pipeline is getting on that runs in this host: `{"status", "recordsProcessed",
    /// "recordsPerSecond", "stages": [...], "done": {"bytes", "total"}, "etaSeconds", "attempt", "bottleneck",
    /// "guarantee", "checkpoint"}`. Bytes are records where the source counts those; what is unknown is null.
    /// Nil: no pipeline of this id runs. Costs nothing worth mentioning.
    package func liveProgress(_ id: ExecutionID) -> JSON? {
        (engine.run(id) as? LivePipeline)?.liveProgress(at: monotonicNanoseconds())
    }
}

extension LivePipeline {
    func liveProgress(at now: UInt64) -> JSON {
        let snapshot = tally.snapshot
        let summary = summary()
        var object: JSONObject = [
            "status": "running", "recordsProcessed": .int(snapshot.counts.extractedCount),
            "stages": summary.stages, "attempt": .int(Int64(summary.attemptCount)),
            "bottleneck": .null, "guarantee": .null, "checkpoint": .null,
        ]
        for key in ["bottleneck", "guarantee", "checkpoint"] { object[key] = summary.state[key] ?? .null }
        let seconds = snapshot.beganAt == 0 ? 0 : Double(now &- snapshot.beganAt) / 1e9
        let recordCount = snapshot.counts.extractedCount - snapshot.earlierCount
        object["recordsPerSecond"] = seconds > 0 ? Self.rounded(Double(recordCount) / seconds) : .null
        object["done"] = .null
        object["etaSeconds"] = .null
        guard let progress = snapshot.progress else { return .object(object) }
        object["done"] = [
            "bytes": .int(Int64(clamping: progress.done)),
            "total": progress.total > 0 ? .int(Int64(clamping: progress.total)) : .null,
        ]
        if progress.total > progress.done, progress.done > progress.first, seconds > 0.2 {
            let rate = Double(progress.done - progress.first) / seconds
            object["etaSeconds"] = Self.rounded((Double(progress.total - progress.done) / rate).rounded(.up))
        }
        return .object(object)
    }

    private static func rounded(_ value: Double) -> JSON { .int(Int64(exactly: value.rounded()) ?? .max) }
}
