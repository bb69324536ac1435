internal import Logging
internal import TenonJSON
internal import TenonModel
internal import TenonSchedule
internal import TenonStore

/// Puts the triggers of all definitions together with what is recorded about them.
struct RecordedTriggers {
    private let host: TenonHost
    private let now: Timestamp
    private var states: [TriggerID: TriggerState]
    private var queues: [TriggerID: [QueuedTick]]
    private var running: [TriggerID: Set<ExecutionID>] = [:]
    private var triggers: [TriggerID: Trigger] = [:]
    private var changes: [TriggerChange] = []

    init(host: TenonHost) throws(TenonError) {
        self.host = host
        now = host.configuration.time.now()
        let store = host.triggerStore
        states = Dictionary(try store.states().map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        queues = Dictionary(grouping: try store.queuedTicks(), by: \.trigger)
        for (trigger, execution) in try store.unfinishedExecutions() {
            // One that could not be taken over does not run any more.
            guard let run = host.engine.run(execution) else { continue }
            running[trigger, default: []].insert(execution)
            run.finish.whenFinished { [loop = host.triggerLoop] in loop.note(end: execution, of: trigger) }
        }
    }

    mutating func read(_ row: DefinitionRow) throws(TenonError) {
        let reader = TriggerReader(try host.storedDocument(row).object ?? [:], of: row.key)
        for definition in reader.triggers where definition.type != .manual { try take(definition, row) }
        guard let mistake = reader.mistakes.first else { return }
        host.configuration.logger.error(
            "a stored trigger cannot be read and does not fire; save its definition again",
            metadata: ["definition.id": "\(row.id)", "error": "\(mistake.pointer) \(mistake.message)"])
    }

    private mutating func take(_ definition: TriggerDefinition, _ row: DefinitionRow) throws(TenonError) {
        let id = TriggerDefinition.id(kind: row.kind.rawValue, definitionID: row.id, key: definition.key)
        // Without a state it was saved by a host that fired none: it counts from now.
        var trigger = Trigger(
            id: id, owner: TriggerOwner(row), definition: definition,
            state: TriggerState(id: id, schedule: definition.ticksText, handledAt: now))
        trigger.running = running[id] ?? []
        if trigger.schedule != nil {
            trigger.newestTick = try host.triggerStore.lastRow(of: id, firedOnly: false)?.tick
            let state = states.removeValue(forKey: id)
            if let state, state.schedule == trigger.state.schedule {
                trigger.state = state
                trigger.queue = queues[id] ?? []
            } else {
                changes.append(.state(trigger.state))
            }
        }
        trigger.lookAhead(now)
        triggers[id] = trigger
    }

    /// Forgets what belongs to no trigger any more.
    mutating func finish() throws(TenonError) -> [TriggerID: Trigger] {
        changes += states.keys.map(TriggerChange.removed)
        try TriggerFiring(host: host).record(changes, .synced)
        return triggers
    }
}
