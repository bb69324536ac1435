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
        var changes: [JournalChange] = []
        var endedCount = 0
        var starts: [() -> Void] = []
        let orphans = OrphanedCells(runDirectory: DataDirectory.run(in: host.store.directory))
        for row in executions {
            do throws(TenonError) {
                switch row.definition.kind {
                case .workflow: starts.append(try resumed(row, steps[row.number] ?? [], &changes))
                case .pipeline:
                    let pipeline = try host.interruptedPipeline(row, orphans)
                    starts.append { pipeline.start() }
                }
            } catch {
                endedCount += 1
                changes.append(.execution(failure(row, error)))
            }
        }
        if !changes.isEmpty { try host.engine.record(changes, .synced) }
        for start in starts { start() }
        guard !executions.isEmpty else { return }
        host.configuration.logger.notice(
            "took over unfinished executions",
            metadata: ["count": "\(executions.count)", "ended": "\(endedCount)"])
    }

    /// What lets a workflow's execution go on once `changes` are recorded.
    private func resumed(
        _ row: ExecutionRow, _ steps: [JournalStep], _ changes: inout [JournalChange]
    ) throws(TenonError) -> () -> Void {
        let durability = Durability(rawValue: row.durability) ?? .strict
        // Where it has recorded no step, nobody knows how far it had come.
        let beginsAgain = durability == .ephemeral && steps.isEmpty
        var row = row
        if beginsAgain { row.progress.state = try nextBeginning(row).text }
        let machine = try Self.machine(row, steps, host.workflows, host.executions)
        let live = LiveExecution(
            machine, number: row.number, projectID: row.projectID, durability: durability, creation: nil,
            engine: host.engine)
        guard !beginsAgain else {
            changes.append(.execution(row.progress))
            let creation = NewExecution(row)
            return { live.beginAgain(creation) }
        }
        let effects = Dictionary(
            steps.compactMap { step in step.effect.map { (step.step, $0) } }, uniquingKeysWith: { $1 })
        return { live.recover(effects: effects) }
    }

    /// Throws where it has begun so often that it is likely what ends the host.
    private func nextBeginning(_ row: ExecutionRow) throws(TenonError) -> ExecutionState {
        var next = ExecutionState()
        guard let state = row.progress.state else { return next }
        next.beginnings = try ExecutionState(text: state).beginnings + 1
        guard next.beginnings <= Limits.ephemeralBeginnings else {
            throw TenonError(
                .executionUnrecoverable,
                "It has begun \(Limits.ephemeralBeginnings) times, and its host has always ended before it.")
        }
        return next
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
