package import TenonColumns
package import TenonModel

/// One run of a plan: batches of the source go in, batches for the target come out.
package struct PipelineProgram {
    private static let resultRows = 65_536

    private let plan: PipelinePlan
    private let time: (any TimeSource)?
    /// What `now()` gives in expressions.
    private let now: Timestamp?
    /// The state of the aggregation that ends each pass but the last.
    private let states: [AggregateState]
    /// How many records each limit still lets pass.
    private var limits: [Int]
    package private(set) var stageCounts: [StageCounts]
    private var earlierCounts: [String: (read: Int64, failed: Int64)] = [:]

    init(_ plan: PipelinePlan, time: (any TimeSource)?, now: Timestamp?) {
        self.plan = plan
        self.time = time
        self.now = now
        stageCounts = plan.stages.map { StageCounts(name: $0.name) }
        limits = [Int](repeating: 0, count: plan.limitCount)
        var states: [AggregateState] = []
        for pass in plan.passes {
            if case .aggregate(let aggregate, let types) = pass.end {
                states.append(AggregateState(aggregate, types: types))
            }
            for step in pass.steps {
                if case .limit(let number, let count) = step.operation { limits[number] = count }
            }
        }
        self.states = states
    }

    /// Whether no further record of the source can change the result, so that reading may stop.
    package var isSatisfied: Bool { isSatisfied(plan.passes.first) }

    private func isSatisfied(_ pass: PlannedPass?, behind step: Int = 0) -> Bool {
        pass?.limits(behind: step).contains { limits[$0] == 0 } ?? false
    }

    /// Takes a batch of the source's schema; answers what is ready for the target.
    package mutating func push(_ batch: Batch) throws(TenonError) -> [Batch] {
        guard batch.schema == plan.sourceSchema else {
            throw TenonError(
                .batchSchema, "The source changed its columns while the pipeline ran; run it again.")
        }
        guard batch.rowCount > 0, !isSatisfied, let pass = plan.passes.first else { return [] }
        stageCounts[0].read += Int64(batch.rowCount)
        stageCounts[0].batches += 1
        return try run(Frame(batch, for: pass, now: now), pass: 0, stage: 0).map { [$0] } ?? []
    }

    /// Counts records that the source read and left out by the filter that it was asked to apply: at the
    /// first stage with such a filter, where several have one.
    package mutating func note(skipped: Int64) {
        guard let skippingStage = plan.skippingStage else { return }
        for stage in 0..<skippingStage {
            stageCounts[stage].read += skipped
            stageCounts[stage].written += skipped
        }
        stageCounts[skippingStage].read += skipped
        stageCounts[skippingStage].filtered += skipped
    }

    /// What earlier runs have read and failed at in each stage, by its name: the share of errors that is
    /// allowed is one of all records.
    package mutating func note(earlier counts: [String: (read: Int64, failed: Int64)]) {
        earlierCounts = counts
    }

    /// Ends the run; answers what aggregations have held back.
    package mutating func finish() throws(TenonError) -> [Batch] {
        var results: [Batch] = []
        for (index, state) in states.enumerated() {
            let batch = try state.finish()
            let pass = plan.passes[index + 1]
            for start in stride(from: 0, to: batch.rowCount, by: Self.resultRows) where !isSatisfied(pass) {
                let part = batch.slice(start..<min(batch.rowCount, start + Self.resultRows))
                let stage = pass.steps.first?.stage ?? 0
                if let result = try run(Frame(part, for: pass, now: now), pass: index + 1, stage: stage) {
                    results.append(result)
                }
            }
        }
        for stage in plan.stages.indices { try checkErrors(stage) }
        return results
    }

    // MARK: Passes

    /// Takes a frame through a pass, from `stage` on.
    private mutating func run(
        _ frame: Frame, pass number: Int, stage: Int
    ) throws(TenonError) -> Batch? {
        let pass = plan.passes[number]
        var frame = frame
        var clock = StageClock(time, stage: stage)
        defer { clock.end(&stageCounts) }
        var waiting: (error: TenonError, step: Int)?
        for (index, step) in pass.steps.enumerated() {
            guard frame.count > 0 else { break }
            let canWait = !pass.limits(behind: index).isEmpty
            if let error = try work(step, &frame, canWait: canWait, &clock) { waiting = (error, index) }
        }
        // Behind a limit that is reached nobody asks for the record that failed.
        if let waiting, !isSatisfied(pass, behind: waiting.step) { throw waiting.error }
        guard frame.count > 0 else { return nil }
        switch pass.end {
        case .output(let slots, let schema): return frame.gathered(slots, schema)
        case .aggregate:
            // What fails here is not one record's fault: it ends the run whatever `onError` says.
            try states[number].add(frame)
            return nil
        }
    }

    /// One step; answers the error that waits for a limit.
    private mutating func work(
        _ step: PassStep, _ frame: inout Frame, canWait: Bool, _ clock: inout StageClock
    ) throws(TenonError) -> TenonError? {
        let before = frame.count
        switch step.operation {
        case .filter(let filter):
            return try attempt(step.stage, canWait, countsFiltered: true, &frame) {
                (frame, failures) throws(TenonError) in
                try frame.keep(filter, &failures)
            }
        case .derive(let columns):
            return try attempt(step.stage, canWait, countsFiltered: false, &frame) {
                (frame, failures) throws(TenonError) in
                try frame.derive(columns, &failures)
            }
        case .limit(let number, _):
            frame.keep(first: limits[number])
            limits[number] -= frame.count
            stageCounts[step.stage].filtered += Int64(before - frame.count)
        case .leave(let slots): leave(step.stage, frame, slots, &clock)
        }
        return nil
    }

    private mutating func leave(_ stage: Int, _ frame: Frame, _ slots: [Int], _ clock: inout StageClock) {
        stageCounts[stage].written += Int64(frame.count)
        stageCounts[stage].bytes += Int64(frame.byteCount(slots))
        guard stage + 1 < stageCounts.count else { return }
        clock.next(&stageCounts)
        stageCounts[stage + 1].read += Int64(frame.count)
        stageCounts[stage + 1].batches += 1
    }

    private mutating func attempt(
        _ index: Int, _ canWait: Bool, countsFiltered: Bool, _ frame: inout Frame,
        _ body: (inout Frame, inout RecordFailures) throws(TenonError) -> Void
    ) throws(TenonError) -> TenonError? {
        let stage = plan.stages[index]
        let before = frame.count
        var failures = RecordFailures(isSkipping: stage.onError == .skip, canWait: canWait)
        do throws(TenonError) {
            try body(&frame, &failures)
        } catch {
            throw named(error, stage)
        }
        stageCounts[index].failed += Int64(failures.count)
        stageCounts[index].read -= Int64(failures.unreadCount)
        if countsFiltered {
            let left = before - frame.count - failures.count - failures.unreadCount
            stageCounts[index].filtered += Int64(left)
        }
        return failures.error.map { named($0, stage) }
    }

    private func named(_ error: TenonError, _ stage: PlannedStage) -> TenonError {
        var error = error
        error.message = "Stage \"\(stage.name)\": \(error.message)"
        error.context["stage"] = stage.name
        return error
    }

    private func checkErrors(_ index: Int) throws(TenonError) {
        let counts = stageCounts[index]
        let earlier = earlierCounts[counts.name] ?? (0, 0)
        let (read, failed) = (counts.read + earlier.read, counts.failed + earlier.failed)
        guard let percent = plan.stages[index].maxErrorPercent, read > 0 else { return }
        guard Double(failed) * 100 > percent * Double(read) else { return }
        throw TenonError(
            .pipelineTooManyErrors,
            "In stage \"\(counts.name)\" \(failed) of \(read) records failed; \(percent) % are allowed.",
            context: ["stage": counts.name])
    }
}

/// Says how long a batch was in each stage.
private struct StageClock {
    private let time: (any TimeSource)?
    private var stage: Int
    private var began: UInt64

    init(_ time: (any TimeSource)?, stage: Int) {
        self.time = time
        self.stage = stage
        began = time?.monotonicNanoseconds() ?? 0
    }

    mutating func end(_ counts: inout [StageCounts]) {
        guard let time else { return }
        let now = time.monotonicNanoseconds()
        counts[stage].nanoseconds += now - began
        began = now
    }

    mutating func next(_ counts: inout [StageCounts]) {
        end(&counts)
        stage += 1
    }
}
