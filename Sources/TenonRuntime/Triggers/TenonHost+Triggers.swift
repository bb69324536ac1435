internal import Synchronization
package import TenonJSON
package import TenonModel
internal import TenonSchedule
internal import TenonStore

/// Which rows of the ledger a list shows; nil is any.
package struct LedgerFilter: Sendable {
    package var trigger: TriggerID?
    package var project: ProjectID?
    /// A workflow's or pipeline's id.
    package var definitionID: String?
    /// `fired` or `skipped`.
    package var outcome: String?
    /// Ticks from here on.
    package var from: Timestamp?
    /// Ticks before this moment.
    package var to: Timestamp?
    /// At most `Limits.pageSize`.
    package var limit = 50
    /// Where the page before has ended.
    package var cursor: String?

    package init() {}
}

/// Some rows of the ledger, youngest tick first.
package struct LedgerPage: Sendable {
    package var rows: [JSON]
    /// Nil: there are no more.
    package var nextCursor: String?
}

extension TenonHost {
    /// All triggers but manual ones, by definition; nil is any. `status`: `active`, `paused`, `ended`,
    /// `disabled`, `not-fired`.
    package func triggers(project: ProjectID?, definition: String?, status: String?) throws(TenonError)
        -> [JSON]
    {
        let now = configuration.time.now()
        let triggers = triggerLoop.book.withLock { Array($0.triggers.values) }.filter { trigger in
            (project == nil || trigger.owner.projectID == project)
                && (definition == nil || trigger.owner.key.id == definition)
                && (status == nil || trigger.status(at: now) == status)
        }
        let sorted = triggers.sorted {
            ($0.owner.projectID.rawValue, $0.owner.name, $0.id.rawValue)
                < ($1.owner.projectID.rawValue, $1.owner.name, $1.id.rawValue)
        }
        return sorted.map { $0.json(at: now) }
    }

    private func shown(_ trigger: Trigger) -> JSON { trigger.json(at: configuration.time.now()) }

    /// Throws `trigger.not-found`.
    package func trigger(_ id: TriggerID) throws(TenonError) -> JSON {
        guard let trigger = triggerLoop.book.withLock({ $0.triggers[id] }) else { throw Self.noTrigger(id) }
        return shown(trigger)
    }

    private static func noTrigger(_ id: TriggerID) -> TenonError {
        TenonError(.triggerNotFound, "There is no trigger with the id \(id). List them to see their ids.")
    }

    /// What became of ticks, youngest first.
    package func triggerLedger(_ filter: LedgerFilter) throws(TenonError) -> LedgerPage {
        var query = LedgerQuery()
        query.trigger = filter.trigger
        query.project = filter.project
        query.definitionID = filter.definitionID
        query.outcome = filter.outcome
        query.from = filter.from
        query.to = filter.to
        query.after = try filter.cursor.map(LedgerPosition.init(cursor:))
        let page = try ListPage(limit: filter.limit, cursor: nil)
        query.limit = page.fetchCount
        let rows = try triggerStore.ledger(query)
        let shown = rows.prefix(page.limit)
        let triggers = triggerLoop.book.withLock { $0.triggers }
        return LedgerPage(
            rows: shown.map { $0.json(triggers[$0.trigger]) },
            nextCursor: rows.count > shown.count ? shown.last.map { LedgerPosition($0).cursor } : nil)
    }

    /// Lets a trigger fire no more until it is resumed: its ticks are skipped. Throws `trigger.not-found`,
    /// `trigger.not-active`.
    package func pauseTrigger(_ id: TriggerID) throws(TenonError) -> JSON {
        shown(try change(id) { trigger, now in trigger.pause(at: now) })
    }

    /// Lets a paused trigger fire again, from its next tick on.
    package func resumeTrigger(_ id: TriggerID) throws(TenonError) -> JSON {
        shown(
            try change(id) { trigger, _ in
                trigger.state.isPaused = false
                return [.state(trigger.state)]
            })
    }

    /// Changes a trigger once what is due has become of its ticks, and records what `body` answers.
    /// `startsUpTo`: how many executions of those ticks it starts at most.
    @discardableResult
    private func change(
        _ id: TriggerID, startsUpTo count: Int = .max,
        _ body: (inout Trigger, Timestamp) throws(TenonError) -> [TriggerChange]
    ) throws(TenonError) -> Trigger {
        let changed = try triggerLoop.book.withLock { book throws(TenonError) in
            guard var trigger = book.triggers[id] else { throw Self.noTrigger(id) }
            guard trigger.schedule != nil else { throw Self.notActive(trigger) }
            let now = configuration.time.now()
            let firing = TriggerFiring(host: self)
            firing.takeEnded(&book)
            trigger.running = book.triggers[id]?.running ?? [:]
            // What has happened so far is not lost where the rest fails.
            defer { book.triggers[id] = trigger }
            try firing.settle(&trigger, now, startsUpTo: count)
            var changed = trigger
            try firing.record(try body(&changed, now), .synced)
            trigger = changed
            trigger.lookAhead(now)
            return trigger
        }
        triggerLoop.wake()
        return changed
    }

    private static func notActive(_ trigger: Trigger) -> TenonError {
        let why =
            trigger.definition.type == .schedule
            ? "is disabled in its definition"
            : "is of the type \(trigger.definition.type), which is not fired yet"
        return TenonError(
            .triggerNotActive,
            "The trigger \(trigger.id) \(why). Change the \(trigger.owner.key.kind) \(trigger.owner.key.id).")
    }

    /// Fires those ticks of a range, `to` not included, that have not fired: one after the other, or at once
    /// where executions of the trigger may overlap. Ticks that are still to come are not part of it.
    ///
    /// Answers `{"due", "started", "alreadyDone", "queued", "ticks"}`: `started` are the ticks that fire, of
    /// which `queued` wait for their turn. Throws `trigger.not-found`, `trigger.not-active`,
    /// `trigger.range-invalid`.
    package func backfill(_ id: TriggerID, from: Timestamp, to: Timestamp, isDryRun: Bool) throws(TenonError)
        -> JSON
    {
        var plan = BackfillPlan()
        let trigger = try change(id) { trigger, _ throws(TenonError) in
            plan = try BackfillPlan(trigger, from: from, to: to, store: self.triggerStore)
            guard !isDryRun else { return [] }
            let ticks = plan.missing.map { QueuedTick(trigger: id, tick: $0, origin: .backfill) }
            trigger.queue = (trigger.queue + ticks).sorted { $0.tick < $1.tick }
            return ticks.map(TriggerChange.queued)
        }
        guard !isDryRun else { return plan.json(trigger, queued: 0) }
        let queue = try startFirst(id)
        let missing = Set(plan.missing)
        return plan.json(trigger, queued: queue.count { $0.origin == .backfill && missing.contains($0.tick) })
    }
}

extension TenonHost {
    /// Starts as many of the ticks that wait as may run, a few at a time, and answers which wait still.
    private func startFirst(_ id: TriggerID) throws(TenonError) -> [QueuedTick] {
        var left = Limits.executionsPerTrigger
        while left > 0 {
            let trigger = try change(id, startsUpTo: Limits.triggerStartsAtOnce) { _, _ in [] }
            guard trigger.takesFromQueue else { return trigger.queue }
            left -= Limits.triggerStartsAtOnce
        }
        return try change(id, startsUpTo: 0) { _, _ in [] }.queue
    }
}

/// The ticks of a range, and which of them a backfill fires.
private struct BackfillPlan {
    var missing: [Timestamp] = []
    private var dueCount = 0

    init() {}

    init(_ trigger: Trigger, from: Timestamp, to: Timestamp, store: TriggerStore) throws(TenonError) {
        guard from < to, let schedule = trigger.schedule else {
            throw TenonError(
                .triggerRangeInvalid, "A backfill needs a range that ends after it begins.",
                fields: [FieldError(pointer: "/to", message: "must be after \"from\"")])
        }
        let end = min(to, trigger.state.handledAt + .microseconds(1))
        let ticks = schedule.ticks(from: from, to: end, limit: Limits.backfillTicks + 1)
        guard ticks.count <= Limits.backfillTicks else {
            throw TenonError(
                .triggerRangeInvalid,
                "The range has more than \(Limits.backfillTicks) ticks. Ask for a shorter one.",
                fields: [FieldError(pointer: "/to", message: "is too far from \"from\"")])
        }
        if let pruned = trigger.prunedTick, let first = ticks.first, first <= pruned {
            throw TenonError(
                .triggerRangeInvalid,
                "The ledger of the trigger begins after \(trigger.tickText(pruned)): which ticks before have fired is"
                    + " not known any more.",
                fields: [FieldError(pointer: "/from", message: "must be after \(trigger.tickText(pruned))")])
        }
        dueCount = ticks.count
        guard let first = ticks.first, let last = ticks.last else { return }
        let fired = try store.firedTicks(of: trigger.id, from: first, through: last)
        let queued = Set(trigger.queue.map(\.tick))
        missing = ticks.filter { !fired.contains($0) && !queued.contains($0) }
        guard trigger.queue.count + missing.count <= Limits.backfillTicks + Limits.queuedTicksPerTrigger
        else {
            throw TenonError(
                .triggerRangeInvalid,
                "\(trigger.queue.count) ticks of the trigger wait already. Ask again when they are done.")
        }
    }

    func json(_ trigger: Trigger, queued: Int) -> JSON {
        [
            "due": .int(Int64(dueCount)), "started": .int(Int64(missing.count)),
            "alreadyDone": .int(Int64(dueCount - missing.count)), "queued": .int(Int64(queued)),
            "ticks": .array(missing.map { .string(trigger.tickText($0)) }),
        ]
    }
}

extension Trigger {
    /// Its schedule's ticks that wait are skipped; backfills go on.
    fileprivate mutating func pause(at now: Timestamp) -> [TriggerChange] {
        state.isPaused = true
        var waiting = self
        waiting.queue = queue.filter { $0.origin != .backfill }
        queue = queue.filter { $0.origin == .backfill }
        return waiting.dropQueue(.paused, at: now) + [.state(state)]
    }
}
