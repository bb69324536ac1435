internal import Synchronization
internal import TenonModel
internal import TenonStore
internal import TenonWorkflow

extension LiveExecution {
    /// How an execution stands that records nothing on its way; nil for all others and once it has recorded its
    /// steps: those show what is recorded.
    func unrecorded() -> ExecutionRecord? {
        run.withLock { run in
            guard let creation = run.unrecorded else { return nil }
            var progress = progress(of: run.machine)
            if progress.finishedAt != nil {
                // Its end counts once it is recorded.
                progress.status = ExecutionStatus.running.rawValue
                progress.error = nil
                progress.finishedAt = nil
            }
            return ExecutionRecord(
                creation, progress,
                steps: run.machine.steps.indices.map(run.machine.json(of:)),
                warnings: run.machine.warnings)
        }
    }

    /// Whether something is in flight or about to be, rather than waiting for a time or a person.
    var isBusy: Bool {
        let hasWork = inbox.withLock { $0.phase != .idle || !$0.calls.isEmpty }
        return hasWork || run.withLock { !$0.awaitingCommit.isEmpty }
    }
}
