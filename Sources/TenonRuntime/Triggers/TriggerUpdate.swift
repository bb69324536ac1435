internal import TenonJSON
internal import TenonModel
internal import TenonSchedule
internal import TenonStore

/// What becomes of a definition's triggers when a version of it is saved.
struct TriggerUpdate {
    var triggers: [Trigger] = []
    private(set) var changes: [TriggerChange] = []
    private let row: DefinitionRow
    private var old: [TriggerID: Trigger]
    /// Those that go on as one of the version before.
    private var followed: Set<TriggerID> = []
    private let now: Timestamp

    init(_ row: DefinitionRow, old: [Trigger], at now: Timestamp) {
        self.row = row
        self.old = Dictionary(old.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.now = now
    }

    mutating func read(_ document: JSONObject) {
        triggers = TriggerReader(document, of: row.key).triggers.filter { $0.type != .manual }.map(new)
        follow { $0.definition.isNamed || $0.state.schedule == $1.state.schedule }
        followUnnamed()
        follow { _, _ in true }
        changes += triggers.filter { $0.definition.type == .schedule }.map { .state($0.state) }
        for trigger in old.values { forget(trigger) }
        // A number that one has given up may be another's now: first what goes, then what is.
        changes = changes.filter(\.isRemoval) + changes.filter { !$0.isRemoval }
    }

    private func new(_ definition: TriggerDefinition) -> Trigger {
        let id = TriggerDefinition.id(kind: row.kind.rawValue, definitionID: row.id, key: definition.key)
        let state = TriggerState(id: id, schedule: definition.ticksText, handledAt: now)
        return Trigger(id: id, owner: TriggerOwner(row), definition: definition, state: state)
    }

    /// Triggers go on as those with their ids were, where that is right.
    private mutating func follow(_ isRight: (Trigger, Trigger) -> Bool) {
        for index in triggers.indices where !followed.contains(triggers[index].id) {
            guard let before = old[triggers[index].id], isRight(triggers[index], before) else { continue }
            triggers[index] = follow(before, triggers[index])
        }
    }

    /// Triggers without an id go on as those with the same ticks: what is inserted or removed before one moves
    /// its number only.
    private mutating func followUnnamed() {
        for index in triggers.indices where !followed.contains(triggers[index].id) {
            let trigger = triggers[index]
            guard !trigger.definition.isNamed, trigger.definition.type == .schedule else { continue }
            let same = old.values.filter {
                !$0.definition.isNamed && $0.state.schedule == trigger.state.schedule
            }
            guard let before = same.min(by: { $0.id.rawValue < $1.id.rawValue }) else { continue }
            triggers[index] = follow(before, triggers[index])
        }
    }

    /// The trigger goes on as `before`: the same one as it was, perhaps with another number.
    private mutating func follow(_ before: Trigger, _ new: Trigger) -> Trigger {
        var trigger = new
        old[before.id] = nil
        followed.insert(trigger.id)
        trigger.running = before.running
        if trigger.id == before.id {
            trigger.newestTick = before.newestTick
            trigger.prunedTick = before.prunedTick
        }
        guard before.definition.type == .schedule, trigger.definition.type == .schedule else {
            forget(before)
            return trigger
        }
        trigger.state.isPaused = before.state.isPaused
        trigger.state.lastTick = before.state.lastTick
        trigger.state.lastExecution = before.state.lastExecution
        let isSame = before.definition.isEnabled && before.state.schedule == trigger.state.schedule
        guard trigger.schedule != nil, isSame else {
            changes += before.dropQueue(.ended, at: now)
            if trigger.id != before.id { changes.append(.removed(before.id)) }
            return trigger
        }
        trigger.state.handledAt = before.state.handledAt
        trigger.queue = before.queue
        guard trigger.id != before.id else { return trigger }
        changes.append(.removed(before.id))
        trigger.queue = before.queue.map {
            QueuedTick(trigger: trigger.id, tick: $0.tick, origin: $0.origin)
        }
        changes += trigger.queue.map(TriggerChange.queued)
        return trigger
    }

    private mutating func forget(_ before: Trigger) {
        guard before.definition.type == .schedule else { return }
        changes += before.dropQueue(.ended, at: now) + [.removed(before.id)]
    }
}

extension TriggerDefinition {
    /// Whether its definition gives it an id; otherwise it is called by its number.
    var isNamed: Bool { document["id"]?.string != nil || key == "schedule" }
}

extension Trigger {
    /// The ticks that wait will not be fired.
    func dropQueue(_ reason: SkipReason, at now: Timestamp) -> [TriggerChange] {
        queue.flatMap { queued in
            [.unqueued(queued), skipped(queued.tick, reason, origin: queued.origin, at: now)]
        }
    }
}

extension TriggerChange {
    fileprivate var isRemoval: Bool {
        switch self {
        case .removed, .unqueued: true
        default: false
        }
    }
}
