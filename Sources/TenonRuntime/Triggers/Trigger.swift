internal import TenonModel
internal import TenonSchedule
internal import TenonStore

/// The definition that a trigger belongs to.
struct TriggerOwner: Sendable, Equatable {
    var key: DefinitionVersionKey
    var projectID: ProjectID
    var name: String

    init(_ row: DefinitionRow) {
        key = row.key
        projectID = row.projectID
        name = row.name
    }
}

/// A trigger of a saved definition, and how far it has come. Decides; whoever holds it acts.
///
///     active --pause--> paused --resume--> active
///     active, paused --no tick any more--> ended
///
/// A tick that is due:
///
///     paused                           --> skipped
///     nothing of the trigger runs      --> fired
///     something runs, overlap `allow`  --> fired; when very many run: queued
///     something runs, overlap `cancel` --> fired, what ran is cancelled
///     something runs, overlap `queue`  --> queued --something ended--> fired
///     something runs, overlap `skip`   --> skipped; a missed tick with misfire `all`: queued
///     only a backfill runs             --> queued before what is left of the backfill
struct Trigger: Sendable {
    /// What becomes of a tick.
    enum Verdict: Equatable {
        case fire
        /// What runs is cancelled once this has started, and what waits is skipped.
        case cancelAndFire
        case wait
        case skip(SkipReason)
    }

    let id: TriggerID
    var owner: TriggerOwner
    var definition: TriggerDefinition
    var state: TriggerState
    /// Oldest first.
    var queue: [QueuedTick] = []
    /// Executions that it has started and that have not ended, and of which ticks.
    var running: [ExecutionID: TickOrigin] = [:]
    /// The ticks that it has skipped last, one after the other for one reason.
    var skips = SkipRun()
    /// The youngest tick of which the ledger knows. Where the clock was set back, ticks up to here may have
    /// their rows.
    var newestTick: Timestamp?
    /// Up to here rows of the ledger were removed: nobody knows any more which of the ticks have fired.
    var prunedTick: Timestamp?
    /// When there is something to do next; nil: never.
    var nextLook: Timestamp?

    /// Nil where it does not fire.
    var schedule: Schedule? { definition.isEnabled ? definition.schedule : nil }

    /// How many executions of it may run where ticks wait for each other.
    private var capacity: Int { schedule?.overlap == .allow ? Limits.executionsPerTrigger : 1 }

    /// Whether a tick of the queue may fire.
    var takesFromQueue: Bool { !queue.isEmpty && running.count < capacity }

    /// The tick that fires next of those that wait: what the schedule asks for goes before backfills.
    var nextInQueue: QueuedTick? { queue.first { $0.origin != .backfill } ?? queue.first }

    /// How many ticks of its schedule wait.
    private var waitingCount: Int { queue.count { $0.origin != .backfill } }

    /// Whether an execution runs that is not of a backfill.
    private var runsScheduled: Bool { running.contains { $0.value != .backfill } }

    func isDue(at now: Timestamp) -> Bool {
        guard schedule != nil else { return false }
        return state.handledAt > now || takesFromQueue || nextLook.map { $0 <= now } ?? false
    }

    /// Computes when there is something to do next.
    mutating func lookAhead(_ now: Timestamp) {
        nextLook = nil
        guard let schedule else { return }
        if takesFromQueue {
            nextLook = now
        } else if let tick = schedule.nextTick(after: state.handledAt) {
            nextLook = tick + schedule.jitterDelay(tick, triggerID: id.rawValue)
        }
    }

    /// The clock was set back far behind what is handled: of the ticks that come again, the ledger knows which
    /// have started something.
    mutating func heedClock(_ now: Timestamp) -> Bool {
        let back = max(now, prunedTick ?? now)
        guard state.handledAt - back > Self.clockTolerance else { return false }
        state.handledAt = back
        return true
    }

    private static let clockTolerance: Duration = .seconds(60)

    /// What is to be done about each tick that is due, oldest first.
    func due(at now: Timestamp) -> [TickDecision] {
        guard let schedule else { return [] }
        return schedule.decide(lastHandled: state.handledAt, now: now, triggerID: id.rawValue)
    }

    /// What becomes of a tick that is due. `isCatchingUp`: it, or one that is looked at with it, was missed.
    func verdict(isCatchingUp: Bool) -> Verdict {
        guard let schedule else { return .skip(.ended) }
        if state.isPaused { return .skip(.paused) }
        let waitingCount = waitingCount
        if running.isEmpty, waitingCount == 0 { return .fire }
        let waiting: Verdict = waitingCount < Limits.queuedTicksPerTrigger ? .wait : .skip(.limit)
        switch schedule.overlap {
        case .allow: return running.count < capacity ? .fire : waiting
        case .cancel: return running.isEmpty ? .fire : runsScheduled ? .cancelAndFire : .wait
        case .queue: return waiting
        case .skip:
            let waits = isCatchingUp || queue.contains { $0.origin == .catchUp }
            if schedule.misfire == .all, waits { return waiting }
            if running.isEmpty { return .fire }
            // A tick is not lost to a backfill that runs at its time.
            return waitingCount == 0 && !runsScheduled ? .wait : .skip(.overlap)
        }
    }

    /// A row of the ledger about a tick.
    func row(_ tick: Timestamp, origin: TickOrigin, at now: Timestamp) -> LedgerRow {
        var row = LedgerRow(id, of: owner.key, project: owner.projectID, tick: tick, recordedAt: now)
        row.origin = origin
        return row
    }

    func skipped(
        _ tick: Timestamp, _ reason: SkipReason, origin: TickOrigin, at now: Timestamp
    ) -> TriggerChange {
        var row = row(tick, origin: origin, at: now)
        row.reason = reason
        return .skipped(row)
    }

    /// A tick is skipped at its time; very many that are skipped one after the other share a row.
    mutating func skip(
        _ tick: Timestamp, _ reason: SkipReason, origin: TickOrigin, at now: Timestamp
    ) -> TriggerChange {
        let change = skipped(tick, reason, origin: origin, at: now)
        guard case .skipped(let row) = change, skips.sharesRow(reason, origin) else { return change }
        return .skippedAlso(row)
    }

    /// What waits of its schedule is skipped for a newer tick.
    mutating func skipWaiting(at now: Timestamp) -> [TriggerChange] {
        let waiting = queue.filter { $0.origin != .backfill }
        queue = queue.filter { $0.origin == .backfill }
        return waiting.flatMap { queued in
            [.unqueued(queued), skipped(queued.tick, .overlap, origin: queued.origin, at: now)]
        }
    }
}

extension Trigger {
    /// A run of ticks that were all missed.
    func skipped(_ decision: TickDecision, _ reason: TickDecision.SkipReason, at now: Timestamp)
        -> TriggerChange
    {
        var row = row(decision.tick, origin: .catchUp, at: now)
        row.firstTick = decision.firstTick
        row.tickCount = Int64(decision.count)
        if decision.isCountAtLeast { row.detail = "and more" }
        row.reason =
            switch reason {
            case .misfire: .misfire
            case .catchUp: .catchUp
            case .limit: .limit
            }
        return .skipped(row)
    }
}

/// Ticks that were skipped one after the other for one reason.
struct SkipRun: Sendable {
    private var reason: SkipReason?
    private var origin = TickOrigin.schedule
    private var count = 0

    /// Counts one more. True: it is one of so many that it belongs into the row of the one before.
    mutating func sharesRow(_ reason: SkipReason, _ origin: TickOrigin) -> Bool {
        if reason != self.reason || origin != self.origin { count = 0 }
        self.reason = reason
        self.origin = origin
        count += 1
        return count > Limits.singleSkips + 1
    }
}
