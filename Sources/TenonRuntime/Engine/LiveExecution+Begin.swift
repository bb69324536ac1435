internal import Synchronization
internal import TenonModel
internal import TenonStore
internal import TenonWorkflow

extension LiveExecution {
    /// Begins a new execution on the caller's thread: returns when its row and its first intents are
    /// recorded, and `more` in the same commit; where the execution records nothing on its way, `more` alone.
    func begin(_ more: [JournalChange] = []) throws(TenonError) {
        let advance = advance([.event(.started)])
        var releasedCount = 0
        if durability == .ephemeral, !advance.isFinished {
            if !more.isEmpty { releasedCount = try engine.journal.record(more, journalDurability) }
            run.withLock { $0.awaitingCommit.append(advance.effects) }
        } else {
            releasedCount = try engine.journal.record(advance.changes + more, journalDurability)
            run.withLock { $0.awaitingCommit.append(advance.effects) }
        }
        engine.keep(self)
        inbox.withLock { inbox in
            inbox.releasedCount += 1
            inbox.phase = .queued
        }
        engine.queue.push(.execution(self))
        engine.wake(releasedCount + 1)
    }

    /// Goes on from recorded rows: what was in flight when the host went away is reported as lost.
    func recover(effects: [Int: ActionEffect]) {
        let running = run.withLock { run in
            run.effects = effects
            return run.machine.steps.indices.filter { step in
                run.machine.steps[step].status == .running
                    && run.machine.workflow.steps[step].type == .apiCall
            }
        }
        // A row without an effect cannot be: the careful reading is that it was a write.
        let lost = running.map { Message.event(.stepLost(step: $0, effect: effects[$0] ?? .write)) }
        engine.keep(self)
        inbox.withLock { inbox in
            inbox.messages = [.event(.recovered)] + lost
            inbox.phase = .queued
        }
        engine.enqueue(.execution(self))
    }
}
