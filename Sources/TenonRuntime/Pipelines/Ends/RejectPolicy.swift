internal import TenonModel
internal import TenonPipeline

/// What a stage does about records that the source cannot read or the target refuses.
struct RejectPolicy: Sendable {
    private let stageName: String
    private let isSource: Bool
    private let skips: Bool
    private let maxErrorPercent: Double?

    init(_ definition: PipelineDefinition, _ type: StageType) {
        let stage = definition.stages.first { $0.type == type }
        isSource = type == .extract
        stageName = stage?.name ?? type.rawValue
        skips = stage?.onError == .skip
        maxErrorPercent = stage?.maxErrorPercent
    }

    /// Throws where the pipeline has to end because of `records`, which count from the record `first` on.
    func check(_ records: [RejectedRecord], from first: Int64, _ counts: PipelineCounts, at place: String)
        throws(TenonError)
    {
        guard let record = records.first else { return }
        guard skips else {
            throw TenonError(
                .pipelineRecordRefused,
                "Stage \"\(stageName)\": record \(first &+ record.row) could not be \(place): \(record.reason) "
                    + "Mend the record, or set the stage's `onError` to `skip`.",
                context: ["record": String(record.record.prefix(1000))])
        }
        // A few of the first records say nothing about all.
        guard counted(counts).all >= 1000 else { return }
        try checkShare(counts)
    }

    /// Throws where too many of all records have failed.
    func checkShare(_ counts: PipelineCounts) throws(TenonError) {
        guard let maxErrorPercent else { return }
        let (failed, all) = counted(counts)
        guard all > 0, Double(failed) * 100 > Double(all) * maxErrorPercent else { return }
        throw TenonError(
            .pipelineTooManyErrors,
            "Stage \"\(stageName)\": \(failed) of \(all) records failed, more than \(maxErrorPercent) %.")
    }

    private func counted(_ counts: PipelineCounts) -> (failed: Int64, all: Int64) {
        isSource
            ? (counts.source.failedCount, counts.extractedCount + counts.source.failedCount)
            : (counts.target.failedCount, counts.target.recordCount)
    }
}
