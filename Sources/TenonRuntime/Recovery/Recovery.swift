internal import Logging
internal import TenonJSON
internal import TenonModel
internal import TenonStore
internal import TenonWorkflow

/// Takes over what earlier starts of the host have left unfinished, from its rows; nothing is replayed.
struct Recovery {
    let host: TenonHost

    func run() throws(TenonError) {
        let (executions, steps) = try host.executions.takeOver()
        var failed: [JournalChange] = []
        var pipelines: [LivePipeline] = []
        let orphans = OrphanedCells(runDirectory: DataDirectory.run(in: host.store.directory))
        for row in executions {
            switch row.definition.kind {
            case .workflow:
                do {
                    try resume(row, steps[row.number] ?? [])
                } catch {
                    failed.append(.execution(failure(row, error)))
                }
            case .pipeline:
                do {
                    pipelines.append(try host.interruptedPipeline(row, orphans))
                } catch {
                    failed.append(.execution(failure(row, error)))
                }
            }
        }
        if !failed.isEmpty { try host.engine.record(failed, .synced) }
        for pipeline in pipelines { pipeline.start() }
        guard !executions.isEmpty else { return }
        host.configuration.logger.notice(
            "took over unfinished executions",
            metadata: ["count": "\(executions.count)", "ended": "\(failed.count)"])
    }

    private func resume(_ row: ExecutionRow, _ steps: [JournalStep]) throws(TenonError) {
        let durability = Durability(rawValue: row.durability) ?? .strict
        var row = row
        // Such a row was there when it began, and no other was.
        if durability == .ephemeral { row.progress.state = nil }
        let machine = try Self.machine(row, steps, host.workflows, host.executions)
        let live = LiveExecution(
            machine, number: row.number, projectID: row.projectID, durability: durability, creation: nil,
            engine: host.engine)
        guard durability != .ephemeral else {
            live.beginAgain(NewExecution(row))
            return
        }
        live.recover(
            effects: Dictionary(
                steps.compactMap { step in step.effect.map { (step.step, $0) } }, uniquingKeysWith: { $1 }))
    }

    /// The run machine as the rows have it.
    static func machine(
        _ row: ExecutionRow, _ steps: [JournalStep], _ library: WorkflowLibrary, _ store: ExecutionStore
    ) throws(TenonError) -> RunMachine {
        let workflow = try library.version(row.definition).workflow
        var rows: [StepRow] = []
        rows.reserveCapacity(steps.count)
        for step in steps {
            var output = step.output
            if let digest = output.flatMap(StepOutput.digest(referredToBy:)) {
                guard let bytes = try store.blob(digest) else {
                    throw TenonError(
                        .executionUnrecoverable,
                        "The output of step \(step.step) of the execution \(row.id) is gone.")
                }
                output = String(decoding: bytes, as: UTF8.self)
            }
            rows.append(
                StepRow(
                    step: step.step, status: step.status, attempt: step.attempt, startedAt: step.startedAt,
                    finishedAt: step.finishedAt, output: output, detail: step.detail))
        }
        do {
            return try RunMachine(
                restoring: workflow, executionID: row.id, context: try JSONParser.parse(row.context),
                execution: row.progress.state.map { try ExecutionState(text: $0) } ?? ExecutionState(),
                rows: rows)
        } catch {
            throw TenonError(
                .executionUnrecoverable, "The execution \(row.id) cannot be read from its rows: \(error)")
        }
    }

    private func failure(_ row: ExecutionRow, _ error: TenonError) -> ExecutionProgress {
        host.configuration.logger.error(
            "an execution cannot go on", metadata: ["execution.id": "\(row.id)", "error": "\(error)"])
        return ended(
            row,
            TenonError(.executionUnrecoverable, "The execution could not go on after a restart: \(error)"))
    }

    private func ended(_ row: ExecutionRow, _ error: TenonError) -> ExecutionProgress {
        var progress = row.progress
        progress.status = ExecutionStatus.failed.rawValue
        progress.error = error.recorded.text
        progress.finishedAt = host.configuration.time.now()
        return progress
    }
}
