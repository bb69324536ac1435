internal import Synchronization
internal import TenonModel
internal import TenonStore
internal import TenonWorkflow

extension LiveExecution {
    /// How an execution stands that records nothing on its way; nil for all others: those show what is
    /// recorded.
    func unrecorded() -> ExecutionRecord? {
        run.withLock { run in
            guard durability == .ephemeral, let creation = run.creation else { return nil }
            return ExecutionRecord(
                creation, progress(of: run.machine),
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
