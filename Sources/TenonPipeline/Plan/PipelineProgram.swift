package import TenonColumns
package import TenonModel

/// What one stage has done so far.
package struct StageCounts: Sendable, Equatable {
    package let name: String
    package let type: String
    package var read: Int64 = 0
    package var written: Int64 = 0
    /// Left out by filters.
    package var filtered: Int64 = 0
    /// Left out because of an error.
    package var failed: Int64 = 0
    package var bytes: Int64 = 0
    package var batches: Int64 = 0
    package var nanoseconds: UInt64 = 0
}

/// One run of a plan: batches of the source go in, batches for the target come out.
package struct PipelineProgram {
    private static let resultRows = 65_536

    private let plan: PipelinePlan
    private let time: (any TimeSource)?
    /// The states of each stage's aggregations, by step.
    private let states: [[Int: AggregateState]]
    package private(set) var stageCounts: [StageCounts]

    init(_ plan: PipelinePlan, time: (any TimeSource)?) {
        self.plan = plan
        self.time = time
        stageCounts = plan.stages.map { StageCounts(name: $0.name, type: $0.type.rawValue) }
        var schema = plan.sourceSchema
        states = plan.stages.map { stage in
            var states: [Int: AggregateState] = [:]
            for (index, step) in stage.steps.enumerated() {
                switch step {
                case .filter: break
                case .map(let map): schema = map.schema
                case .aggregate(let aggregate):
                    states[index] = AggregateState(aggregate, source: schema)
                    schema = aggregate.schema
                }
            }
            return states
        }
    }

    /// Takes a batch of the source's schema; answers what is ready for the target.
    package mutating func push(_ batch: Batch) throws(TenonError) -> [Batch] {
        guard batch.schema == plan.sourceSchema else {
            throw TenonError(
                .batchSchema, "The source changed its columns while the pipeline ran; run it again.")
        }
        guard batch.rowCount > 0 else { return [] }
        return try run(Frame(batch: batch, rows: nil), from: 0).map { [$0] } ?? []
    }

    /// Ends the run; answers what aggregations have held back.
    package mutating func finish() throws(TenonError) -> [Batch] {
        var results: [Batch] = []
        for (index, stage) in plan.stages.enumerated() {
            for step in stage.steps.indices {
                guard let state = states[index][step] else { continue }
                let batch = try state.finish()
                for start in stride(from: 0, to: batch.rowCount, by: Self.resultRows) {
                    let part = batch.slice(start..<min(batch.rowCount, start + Self.resultRows))
                    if let result = try resume(Frame(batch: part, rows: nil), stage: index, step: step + 1) {
                        results.append(result)
                    }
                }
            }
            try checkErrors(index)
        }
        return results
    }

    // MARK: Stages

    private mutating func run(_ frame: Frame, from first: Int) throws(TenonError) -> Batch? {
        var frame = frame
        for index in first..<plan.stages.count {
            stageCounts[index].read += Int64(frame.count)
            stageCounts[index].batches += 1
            guard let next = try work(frame, stage: index, step: 0) else { return nil }
            frame = next
        }
        return frame.gathered
    }

    private mutating func resume(_ frame: Frame, stage: Int, step: Int) throws(TenonError) -> Batch? {
        guard let frame = try work(frame, stage: stage, step: step) else { return nil }
        return try run(frame, from: stage + 1)
    }

    /// One stage from `step` on; nil where nothing is left to hand on now.
    private mutating func work(_ frame: Frame, stage index: Int, step first: Int) throws(TenonError) -> Frame?
    {
        let start = time?.monotonicNanoseconds()
        defer {
            if let start, let time { stageCounts[index].nanoseconds += time.monotonicNanoseconds() - start }
        }
        let stage = plan.stages[index]
        var frame = frame
        var failed: Int64 = 0
        defer { stageCounts[index].failed += failed }
        func note(_ error: TenonError) throws(TenonError) {
            failed += 1
            if stage.onError == .skip { return }
            var error = error
            error.message = "Stage \"\(stage.name)\": \(error.message)"
            error.context["stage"] = stage.name
            throw error
        }
        for step in first..<stage.steps.count {
            switch stage.steps[step] {
            case .filter(let filter):
                let before = Int64(frame.count)
                let failedBefore = failed
                frame.rows = try filter.rows(of: frame, note)
                stageCounts[index].filtered += before - Int64(frame.count) - (failed - failedBefore)
            case .map(let map): frame = try map.apply(to: frame, note)
            case .aggregate:
                // What fails here is not one record's fault: it ends the run whatever `onError` says.
                try states[index][step]?.add(frame)
                return nil
            }
            if frame.count == 0 { return nil }
        }
        stageCounts[index].written += Int64(frame.count)
        stageCounts[index].bytes += Int64(frame.byteCount)
        return frame
    }

    private func checkErrors(_ index: Int) throws(TenonError) {
        let counts = stageCounts[index]
        guard let percent = plan.stages[index].maxErrorPercent, counts.read > 0 else { return }
        guard Double(counts.failed) * 100 > percent * Double(counts.read) else { return }
        throw TenonError(
            .pipelineTooManyErrors,
            "In stage \"\(counts.name)\" \(counts.failed) of \(counts.read) records failed; \(percent) % are allowed.",
            context: ["stage": counts.name])
    }
}
