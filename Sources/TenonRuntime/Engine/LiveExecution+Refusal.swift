internal import Synchronization
internal import TenonJSON
internal import TenonModel
internal import TenonStore
internal import TenonWorkflow

extension LiveExecution {
    func didRefuse(_ failure: TenonError) {
        let isNewlyQueued = inbox.withLock { inbox in
            inbox.refusal = failure
            return inbox.enqueue()
        }
        if isNewlyQueued { engine.enqueue(.execution(self)) }
    }

    /// Ends the execution, whose rows stay as they were recorded last; nothing that waits for a commit
    /// happens any more.
    func giveUp(_ refusal: TenonError) {
        let isFirst = inbox.withLock { inbox in
            defer { inbox.isGivenUp = true }
            return !inbox.isGivenUp
        }
        guard isFirst else { return }
        let error = TenonError(
            .executionUnrecoverable, "The database refuses the execution's progress: \(refusal.message)",
            context: refusal.context)
        var progress = run.withLock { run in
            run.awaitingCommit = []
            return self.progress(of: run.machine)
        }
        let steps = inbox.withLock { inbox in
            inbox.isEnding = true
            return inbox.calls.map(\.step)
        }
        for step in steps { cancelCall(step) }
        unscheduleAll()
        progress.status = ExecutionStatus.failed.rawValue
        progress.error = error.recorded.text
        progress.finishedAt = engine.time.now()
        // Where this is refused too, the next start takes the execution over as it is recorded.
        try? engine.record([.execution(progress)], journalDurability)
        engine.forget(self)
    }
}
