internal import Logging
internal import Synchronization
internal import TenonJSON
internal import TenonModel
internal import TenonSchedule
internal import TenonStore

/// Does what is due for the triggers of a host. Each commit holds what became of some ticks together with the
/// execution that it starts and how far the trigger has come, so that a host that dies in between neither
/// loses nor repeats a tick.
struct TriggerFiring {
    let host: TenonHost

    private var now: Timestamp { host.configuration.time.now() }

    /// Does what is due, and answers after how long it is worth looking again.
    func turn() -> Duration? {
        host.triggerLoop.book.withLock { book in
            let now = now
            takeEnded(&book)
            var hasFailed = false
            var next: Timestamp?
            for id in book.triggers.keys {
                guard var trigger = book.triggers[id], trigger.schedule != nil else { continue }
                let isAhead = trigger.state.handledAt > now
                if isAhead || trigger.takesFromQueue || trigger.nextLook.map({ $0 <= now }) ?? false {
                    if !settle(&trigger, now) { hasFailed = true }
                    book.triggers[id] = trigger
                }
                if let look = trigger.nextLook { next = min(next ?? look, look) }
            }
            if hasFailed { return Limits.triggerLook }
            return next.map { min(max($0 - now, .milliseconds(1)), Limits.triggerLook) }
        }
    }

    func takeEnded(_ book: inout TriggerLoop.Book) {
        for (id, execution) in host.triggerLoop.takeEnded() {
            book.triggers[id]?.running.remove(execution)
        }
    }

    /// Does what is due for one trigger. False: not all could be recorded; it stays due.
    func settle(_ trigger: inout Trigger, _ now: Timestamp) -> Bool {
        defer { trigger.lookAhead(now) }
        do throws(TenonError) {
            if trigger.heedClock(now) {
                host.configuration.logger.notice(
                    "the clock was set back; ticks that come again are not fired again",
                    metadata: ["trigger.id": "\(trigger.id)"])
                try record([.state(trigger.state)], .written)
            }
            try settleDue(&trigger, now)
            try fireQueued(&trigger, now)
            return true
        } catch {
            host.configuration.logger.error(
                "what is due for a trigger cannot be recorded; it stays due",
                metadata: ["trigger.id": "\(trigger.id)", "error": "\(error)"])
            return false
        }
    }

    private func settleDue(_ trigger: inout Trigger, _ now: Timestamp) throws(TenonError) {
        // What is not recorded yet: `trigger` changes with each commit.
        var draft = trigger
        var changes: [TriggerChange] = []
        // Ticks that come with missed ones wait with them where all of them are to fire.
        var hasMissed = false
        for decision in trigger.due(at: now) {
            draft.state.handledAt = max(draft.state.handledAt, decision.tick)
            switch decision.outcome {
            case .skip(let reason): changes.append(draft.skipped(decision, reason, at: now))
            case .fire(let isCatchUp):
                let origin = isCatchUp ? TickOrigin.catchUp : .schedule
                hasMissed = hasMissed || isCatchUp
                switch draft.verdict(isCatchingUp: hasMissed) {
                case .skip(let reason):
                    changes.append(draft.skipped(decision.tick, reason, origin: origin, at: now))
                case .wait:
                    let tick = QueuedTick(trigger: draft.id, tick: decision.tick, origin: origin)
                    draft.queue.append(tick)
                    changes.append(.queued(tick))
                case .fire, .cancelAndFire:
                    // Where nothing of it may run, `running` is empty.
                    if draft.schedule?.overlap == .cancel { cancel(draft.running) }
                    try fire(decision.tick, origin, &draft, &changes, now)
                }
            }
            draft.newestTick = max(draft.newestTick ?? decision.tick, decision.tick)
            if changes.isEmpty { trigger = draft }
        }
        guard !changes.isEmpty else { return }
        try record(changes + [.state(draft.state)], .written)
        trigger = draft
    }

    private func cancel(_ running: Set<ExecutionID>) {
        for execution in running { host.engine.run(execution)?.cancel() }
    }

    private func fireQueued(_ trigger: inout Trigger, _ now: Timestamp) throws(TenonError) {
        while trigger.takesFromQueue, let first = trigger.queue.first {
            var draft = trigger
            draft.queue.removeFirst()
            var changes = [TriggerChange.unqueued(first)]
            try fire(first.tick, first.origin, &draft, &changes, now)
            if !changes.isEmpty { try record(changes, .written) }
            trigger = draft
        }
    }

    /// Starts an execution for a tick, in one commit with `changes` and how far the trigger has come. Where
    /// it cannot be started, `changes` get the row that says so. Throws what may be over in a moment.
    private func fire(
        _ tick: Timestamp, _ origin: TickOrigin, _ trigger: inout Trigger, _ changes: inout [TriggerChange],
        _ now: Timestamp
    ) throws(TenonError) {
        var row = trigger.row(tick, origin: origin, at: now)
        row.outcome = .fired
        // After the clock was set back, what was skipped ahead of its time comes at its time.
        let isOld = trigger.newestTick.map { tick <= $0 } ?? false
        do throws(TenonError) {
            let start = TriggeredStart(trigger: trigger, tick: tick, origin: origin)
            let run = try host.start(start) { execution in
                row.executionID = execution
                let fired = TriggerChange.fired(row, replacesSkipped: isOld || origin == .backfill)
                return (changes + [fired, .state(trigger.state)]).map(JournalChange.trigger)
            }
            changes = []
            trigger.running.insert(run.id)
            run.finish.whenFinished { [loop = host.triggerLoop, id = trigger.id, run = run.id] in
                loop.note(end: run, of: id)
            }
        } catch {
            if error.code == .triggerTickTaken { return }
            guard !error.isMomentary else { throw error }
            host.configuration.logger.warning(
                "a tick could not be fired",
                metadata: ["trigger.id": "\(trigger.id)", "error": "\(error)"])
            row.outcome = .skipped
            row.reason = .error
            row.detail = error.message
            row.executionID = nil
            changes.append(.skipped(row))
        }
    }

    func record(_ changes: [TriggerChange], _ durability: Journal.Durability) throws(TenonError) {
        guard !changes.isEmpty else { return }
        try host.engine.record(changes.map(JournalChange.trigger), durability)
    }
}

extension TenonError {
    /// Whether the same may work a moment later: the host or its disk could not, not the definition.
    fileprivate var isMomentary: Bool {
        code == .hostDraining || code.rawValue.hasPrefix("store.")
    }
}
