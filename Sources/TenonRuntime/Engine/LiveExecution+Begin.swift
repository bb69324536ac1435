internal import Synchronization
internal import TenonModel
internal import TenonStore
internal import TenonWorkflow

extension LiveExecution {
    /// Begins a new execution on the caller's thread: returns when its row and its first intents are recorded,
    /// or at once where it records nothing on its way.
    func begin() throws(TenonError) {
        let changes = firstChanges(recordsBeginning: false)
        if !changes.isEmpty { try engine.record(changes, journalDurability) }
        commence()
    }

    /// What is to be recorded before it commences. `recordsBeginning`: one that records nothing on its way
    /// leaves the row that begins it, so that the next host finds it.
    func firstChanges(recordsBeginning: Bool) -> [JournalChange] {
        let advance = advance([.event(.started)])
        return run.withLock { run in
            run.awaitingCommit.append(advance.effects)
            guard advance.isUnrecorded else { return advance.changes }
            guard recordsBeginning, var creation = run.creation else { return [] }
            creation.progress = progress(of: run.machine)
            run.isCreated = true
            return [.created(creation)]
        }
    }

    /// The first changes are recorded.
    func commence() {
        engine.keep(self)
        inbox.withLock { inbox in
            inbox.releasedCount += 1
            inbox.phase = .queued
        }
        engine.enqueue(.execution(self))
    }

    /// Begins once more, from its first step: of one that records nothing on its way, nobody knows how far it
    /// had come.
    func beginAgain(_ creation: NewExecution) {
        run.withLock { run in
            run.creation = creation
            run.unrecorded = creation
            run.isCreated = true
        }
        inbox.withLock { inbox in
            inbox.messages = [.event(.started)]
            inbox.phase = .queued
        }
        engine.keep(self)
        engine.enqueue(.execution(self))
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
        inbox.withLock { inbox in
            inbox.messages = [.event(.recovered)] + lost
            inbox.phase = .queued
        }
        engine.keep(self)
        engine.enqueue(.execution(self))
    }
}
