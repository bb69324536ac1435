internal import TenonJSON
internal import TenonModel
internal import TenonSchedule
internal import TenonStore

/// What becomes of a definition's triggers when a version of it is saved.
struct TriggerUpdate {
    private(set) var triggers: [Trigger] = []
    private(set) var changes: [TriggerChange] = []
    private let row: DefinitionRow
    private var old: [TriggerID: Trigger]
    private let now: Timestamp

    init(_ row: DefinitionRow, old: [Trigger], at now: Timestamp) {
        self.row = row
        self.old = Dictionary(old.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.now = now
    }

    mutating func read(_ document: JSONObject) {
        for definition in TriggerReader(document, of: row.key).triggers where definition.type != .manual {
            take(definition)
        }
        for trigger in old.values where trigger.schedule != nil {
            changes += trigger.dropQueue(.ended, at: now) + [.removed(trigger.id)]
        }
    }

    private mutating func take(_ definition: TriggerDefinition) {
        let id = TriggerDefinition.id(kind: row.kind.rawValue, definitionID: row.id, key: definition.key)
        let state = TriggerState(id: id, schedule: definition.ticksText, handledAt: now)
        var trigger = Trigger(id: id, owner: TriggerOwner(row), definition: definition, state: state)
        let before = old.removeValue(forKey: id)
        if let before {
            trigger.running = before.running
            trigger.newestTick = before.newestTick
        }
        if let before, before.schedule != nil {
            if trigger.schedule == nil {
                changes += before.dropQueue(.ended, at: now) + [.removed(id)]
            } else if before.state.schedule == state.schedule {
                trigger.state = before.state
                trigger.queue = before.queue
            } else {
                trigger.state.isPaused = before.state.isPaused
                changes += before.dropQueue(.ended, at: now) + [.state(trigger.state)]
            }
        } else if trigger.schedule != nil {
            changes.append(.state(trigger.state))
        }
        triggers.append(trigger)
    }
}

extension Trigger {
    /// The ticks that wait will not be fired.
    func dropQueue(_ reason: SkipReason, at now: Timestamp) -> [TriggerChange] {
        queue.flatMap { queued in
            [.unqueued(queued), skipped(queued.tick, reason, origin: queued.origin, at: now)]
        }
    }
}
