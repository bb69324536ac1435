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

    /// Does what is due, and answers after how long it is worth looking again. Others get their turn after each
    /// few executions.
    func turn() -> Duration? {
        let due = host.triggerLoop.book.withLock { book in
            let now = now
            takeEnded(&book)
            return book.triggers.values.filter { $0.isDue(at: now) }.map(\.id)
        }
        var hasFailed = false
        var rest = due.count > 1 ? due[...] : []
        while !rest.isEmpty, !host.triggerLoop.isStopping { stepTogether(&rest) }
        for id in due where !host.triggerLoop.isStopping { if !step(id) { hasFailed = true } }
        return host.triggerLoop.book.withLock { book in
            LedgerPruning(host: host).prune(&book, at: now)
            return pause(book, hasFailed: hasFailed)
        }
    }

    private func pause(_ book: TriggerLoop.Book, hasFailed: Bool) -> Duration? {
        let firing = book.triggers.values.filter { $0.schedule != nil }
        let prunesIn = book.prunesAt.map { max($0 - now, .milliseconds(1)) }
        guard !firing.isEmpty else { return prunesIn }
        guard !hasFailed, let next = firing.compactMap(\.nextLook).min() else { return Limits.triggerLook }
        return min(max(next - now, .milliseconds(1)), prunesIn ?? Limits.triggerLook, Limits.triggerLook)
    }

    /// False: not all could be recorded; it stays due.
    private func step(_ id: TriggerID) -> Bool {
        host.triggerLoop.book.withLock { book in
            let now = now
            takeEnded(&book)
            guard var trigger = book.triggers[id], trigger.isDue(at: now) else { return true }
            defer { book.triggers[id] = trigger }
            do throws(TenonError) {
                try settle(&trigger, now, startsUpTo: Limits.triggerStartsAtOnce)
                return true
            } catch {
                guard error.code != .hostDraining else { return false }
                host.configuration.logger.error(
                    "what is due for a trigger cannot be recorded; it stays due",
                    metadata: ["trigger.id": "\(id)", "error": "\(error)"])
                return false
            }
        }
    }

    /// Does in one commit what is due for triggers of which one tick is due and nothing waits, as where very many
    /// come at one second. What cannot be done or recorded like that stays due. Takes as many off `ids` as it has
    /// looked at: few where they take long, as where an instance has to start first.
    private func stepTogether(_ ids: inout ArraySlice<TriggerID>) {
        host.triggerLoop.book.withLock { book in
            let now = now
            takeEnded(&book)
            var drafts: [FiringDraft] = []
            let end = monotonicNanoseconds() &+ UInt64(max(0, Limits.triggersTogether.wholeNanoseconds))
            for id in ids.prefix(Limits.triggersPerCommit) {
                ids.removeFirst()
                if let trigger = book.triggers[id], trigger.isDue(at: now),
                    let draft = FiringDraft(alone: trigger, host, at: now)
                {
                    drafts.append(draft)
                }
                if monotonicNanoseconds() >= end { break }
            }
            // What is not recorded is tried again for each on its own, and the reason said there.
            guard let failures = try? host.engine.record(drafts.map(\.part)) else { return }
            for (index, draft) in drafts.enumerated() where failures[index] == nil {
                guard var trigger = book.triggers[draft.id] else { continue }
                draft.commence(&trigger, host)
                trigger.lookAhead(now)
                book.triggers[draft.id] = trigger
            }
        }
    }

    func takeEnded(_ book: inout TriggerLoop.Book) {
        for (id, execution) in host.triggerLoop.takeEnded()
        where book.triggers[id]?.running.removeValue(forKey: execution) == nil {
            // Its trigger has another number in the definition now.
            for other in book.triggers.keys { book.triggers[other]?.running[execution] = nil }
        }
    }

    /// Does what is due for one trigger; where more than `limit` executions are to start, the rest stays due.
    /// Throws where something cannot be recorded; what is not recorded stays due.
    func settle(_ trigger: inout Trigger, _ now: Timestamp, startsUpTo limit: Int = .max) throws(TenonError) {
        defer { trigger.lookAhead(now) }
        if trigger.heedClock(now) {
            host.configuration.logger.notice(
                "the clock was set back; ticks that come again are not fired again",
                metadata: ["trigger.id": "\(trigger.id)"])
            try record([.state(trigger.state)], .written)
        }
        var left = limit
        try settleDue(&trigger, now, &left)
        try fireQueued(&trigger, now, &left)
    }

    private func settleDue(_ trigger: inout Trigger, _ now: Timestamp, _ left: inout Int) throws(TenonError) {
        // What is not recorded yet: `trigger` changes with each commit.
        var draft = trigger
        var changes: [TriggerChange] = []
        // Ticks that come with missed ones wait with them where all of them are to fire.
        var hasMissed = false
        for decision in trigger.due(at: now) {
            guard left > 0 || !decision.fires else { break }
            draft.state.handledAt = max(draft.state.handledAt, decision.tick)
            switch decision.outcome {
            case .skip(let reason): changes.append(draft.skipped(decision, reason, at: now))
            case .fire(let isCatchUp):
                let tick = QueuedTick(
                    trigger: draft.id, tick: decision.tick, origin: isCatchUp ? .catchUp : .schedule)
                hasMissed = hasMissed || isCatchUp
                let verdict = draft.verdict(isCatchingUp: hasMissed)
                if try settle(tick, verdict, &draft, &changes, now) { left -= 1 }
            }
            draft.newestTick = max(draft.newestTick ?? decision.tick, decision.tick)
            if changes.isEmpty { trigger = draft }
        }
        guard !changes.isEmpty else { return }
        try record(changes + [.state(draft.state)], .written)
        trigger = draft
    }

    /// True: the tick has started an execution, with which `changes` were recorded.
    private func settle(
        _ tick: QueuedTick, _ verdict: Trigger.Verdict, _ draft: inout Trigger,
        _ changes: inout [TriggerChange], _ now: Timestamp
    ) throws(TenonError) -> Bool {
        switch verdict {
        case .skip(let reason):
            changes.append(draft.skip(tick.tick, reason, origin: tick.origin, at: now))
            return false
        case .wait:
            if draft.schedule?.overlap == .cancel { changes += draft.skipWaiting(at: now) }
            draft.queue.append(tick)
            changes.append(.queued(tick))
            return false
        case .fire: return try fire(tick, &draft, &changes, now)
        case .cancelAndFire:
            let before = draft.running.filter { $0.value != .backfill }.keys
            var started = draft
            var all = changes + started.skipWaiting(at: now)
            let count = all.count
            guard try fire(tick, &started, &all, now) else {
                // What runs goes on, and what waits keeps its place; a row may say why.
                changes += all.dropFirst(count)
                return false
            }
            draft = started
            changes = []
            for execution in before { host.engine.run(execution)?.cancel() }
            return true
        }
    }

    private func fireQueued(_ trigger: inout Trigger, _ now: Timestamp, _ left: inout Int) throws(TenonError)
    {
        while left > 0, trigger.takesFromQueue, let next = trigger.nextInQueue {
            var draft = trigger
            draft.queue.removeAll { $0 == next }
            var changes = [TriggerChange.unqueued(next)]
            _ = try fire(next, &draft, &changes, now)
            if !changes.isEmpty { try record(changes, .written) }
            trigger = draft
            left -= 1
        }
    }

    /// Starts an execution for a tick, in one commit with `changes` and how far the trigger has come. False:
    /// the tick has its execution already, or it cannot be started, which a row among `changes` says. Throws
    /// what may be over in a moment.
    private func fire(
        _ queued: QueuedTick, _ trigger: inout Trigger, _ changes: inout [TriggerChange], _ now: Timestamp
    ) throws(TenonError) -> Bool {
        do throws(TenonError) {
            let draft = try FiringDraft(queued, trigger, changes, host, at: now)
            try host.engine.record(draft.part.changes, draft.part.durability)
            changes = []
            draft.commence(&trigger, host)
            return true
        } catch {
            if error.code == .triggerTickTaken { return false }
            guard !error.isMomentary else { throw error }
            host.configuration.logger.warning(
                "a tick could not be fired",
                metadata: ["trigger.id": "\(trigger.id)", "error": "\(error)"])
            var row = trigger.row(queued.tick, origin: queued.origin, at: now)
            row.reason = .error
            row.detail = error.message
            changes.append(.skipped(row))
            return false
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
