internal import TenonModel
internal import TenonSchedule
internal import TenonStore

/// What becomes of a tick of a trigger, with an execution where it starts one; nothing of it is recorded yet.
struct FiringDraft {
    let id: TriggerID
    /// What is to be recorded in one commit.
    let part: Journal.Part
    /// How far the trigger has come then.
    private let state: TriggerState
    private var newestTick: Timestamp?
    private let skips: SkipRun
    /// Nil: the tick is skipped.
    private let start: PreparedStart?
    private let origin: TickOrigin

    /// A tick that fires, with `changes` in its commit. Throws where it cannot be started.
    init(
        _ queued: QueuedTick, _ trigger: Trigger, _ changes: [TriggerChange], _ host: TenonHost,
        at now: Timestamp
    ) throws(TenonError) {
        let prepared = try host.prepare(
            TriggeredStart(trigger: trigger, tick: queued.tick, origin: queued.origin))
        var row = trigger.row(queued.tick, origin: queued.origin, at: now)
        row.outcome = .fired
        row.executionID = prepared.run.id
        var state = trigger.state
        state.lastTick = queued.tick
        state.lastExecution = prepared.run.id
        // After the clock was set back, what was skipped ahead of its time comes at its time.
        let isOld = trigger.newestTick.map { queued.tick <= $0 } ?? false
        let fired = TriggerChange.fired(row, replacesSkipped: isOld || queued.origin == .backfill)
        id = trigger.id
        part = Journal.Part(
            changes: prepared.changes + (changes + [fired, .state(state)]).map(JournalChange.trigger),
            durability: prepared.durability)
        self.state = state
        newestTick = trigger.newestTick
        skips = SkipRun()
        start = prepared
        origin = queued.origin
    }

    /// Of a trigger of which one tick is due and nothing waits; nil where there is more to do than that, or
    /// where it cannot be started.
    init?(alone trigger: Trigger, _ host: TenonHost, at now: Timestamp) {
        var draft = trigger
        guard draft.queue.isEmpty, !draft.heedClock(now) else { return nil }
        let due = draft.due(at: now)
        guard due.count == 1, let decision = due.first, case .fire(let isCatchUp) = decision.outcome else {
            return nil
        }
        let tick = QueuedTick(
            trigger: draft.id, tick: decision.tick, origin: isCatchUp ? .catchUp : .schedule)
        draft.state.handledAt = max(draft.state.handledAt, tick.tick)
        switch draft.verdict(isCatchingUp: isCatchUp) {
        case .wait, .cancelAndFire: return nil
        case .fire:
            // Who looks at the trigger on its own finds the same error, and says it.
            guard let fired = try? FiringDraft(tick, draft, [], host, at: now) else { return nil }
            self = fired
        case .skip(let reason):
            let skipped = draft.skip(tick.tick, reason, origin: tick.origin, at: now)
            self.init(draft, [skipped, .state(draft.state)], tick.origin)
        }
        newestTick = max(trigger.newestTick ?? tick.tick, tick.tick)
    }

    /// A tick that is skipped, once it is counted in `trigger`.
    private init(_ trigger: Trigger, _ changes: [TriggerChange], _ origin: TickOrigin) {
        id = trigger.id
        part = Journal.Part(changes: changes.map(JournalChange.trigger), durability: .written)
        state = trigger.state
        newestTick = trigger.newestTick
        skips = trigger.skips
        start = nil
        self.origin = origin
    }

    /// It is recorded: the trigger has come so far, and the execution begins.
    func commence(_ trigger: inout Trigger, _ host: TenonHost) {
        trigger.state = state
        trigger.newestTick = newestTick
        trigger.skips = skips
        guard let start else { return }
        let run = start.run
        trigger.running[run.id] = origin
        start.begin()
        run.finish.whenFinished { [loop = host.triggerLoop, id = trigger.id, run = run.id] in
            loop.note(end: run, of: id)
        }
    }
}
