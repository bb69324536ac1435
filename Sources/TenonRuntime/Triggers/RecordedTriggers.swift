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
    private var running: [TriggerID: [ExecutionID: TickOrigin]]
    private let prunedTicks: [TriggerID: Timestamp]
    private var book = TriggerLoop.Book()
    private var changes: [TriggerChange] = []

    init(host: TenonHost) throws(TenonError) {
        self.host = host
        now = host.configuration.time.now()
        let store = host.triggerStore
        states = Dictionary(try store.states().map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        queues = Dictionary(grouping: try store.queuedTicks(), by: \.trigger)
        running = try host.runningStarts()
        prunedTicks = try store.prunedTicks()
    }

    mutating func read(_ row: DefinitionRow) throws(TenonError) {
        var mistake: String?
        do throws(TenonError) {
            let reader = TriggerReader(try host.storedDocument(row).object ?? [:], of: row.key)
            for definition in reader.triggers where definition.type != .manual {
                // One that is wrong keeps what is recorded until it can be read again.
                guard definition.type != .schedule || definition.schedule != nil else { continue }
                try take(definition, row)
            }
            mistake = reader.mistakes.first.map { "\($0.pointer) \($0.message)" }
        } catch {
            guard error.code == .storeCorrupt else { throw error }
            mistake = error.message
        }
        guard let mistake else { return }
        keepUnread(row)
        host.configuration.logger.error(
            "a stored trigger cannot be read and does not fire; save its definition again",
            metadata: ["definition.id": "\(row.id)", "error": "\(mistake)"])
    }

    private mutating func take(_ definition: TriggerDefinition, _ row: DefinitionRow) throws(TenonError) {
        let id = TriggerDefinition.id(kind: row.kind.rawValue, definitionID: row.id, key: definition.key)
        // Without a state it was saved by a host that fired none: it counts from now.
        var trigger = Trigger(
            id: id, owner: TriggerOwner(row), definition: definition,
            state: TriggerState(id: id, schedule: definition.ticksText, handledAt: now))
        trigger.running = running[id] ?? [:]
        if definition.type == .schedule { try takeRecorded(&trigger) }
        trigger.lookAhead(now)
        book.triggers[id] = trigger
    }

    private mutating func takeRecorded(_ trigger: inout Trigger) throws(TenonError) {
        trigger.newestTick = try host.triggerStore.newestTick(of: trigger.id)
        trigger.prunedTick = prunedTicks[trigger.id]
        let state = states.removeValue(forKey: trigger.id)
        trigger.queue = queues.removeValue(forKey: trigger.id) ?? []
        if let state, state.schedule == trigger.state.schedule, trigger.schedule != nil {
            trigger.state = state
            return
        }
        if let state {
            trigger.state.isPaused = state.isPaused
            trigger.state.lastTick = state.lastTick
            trigger.state.lastExecution = state.lastExecution
        }
        changes += trigger.dropQueue(.ended, at: now)
        trigger.queue = []
        // A disabled one counts from when it is enabled again.
        if trigger.schedule != nil { changes.append(.state(trigger.state)) }
    }

    /// Keeps what is recorded about the triggers of a definition that cannot be read.
    private mutating func keepUnread(_ row: DefinitionRow) {
        let prefix = TriggerDefinition.id(kind: row.kind.rawValue, definitionID: row.id, key: "").rawValue
        for (id, state) in states where id.rawValue.hasPrefix(prefix) {
            let key = String(id.rawValue.dropFirst(prefix.count))
            guard !key.contains(":") else { continue }
            let definition = TriggerDefinition(
                key: key, type: .schedule, document: Int(key) == nil ? ["id": .string(key)] : [:],
                pointer: JSONPointer())
            var trigger = Trigger(id: id, owner: TriggerOwner(row), definition: definition, state: state)
            trigger.running = running[id] ?? [:]
            trigger.queue = queues.removeValue(forKey: id) ?? []
            book.unread[id] = trigger
        }
        for id in book.unread.keys { states[id] = nil }
    }

    /// Forgets what belongs to no trigger any more.
    mutating func finish() throws(TenonError) -> TriggerLoop.Book {
        let gone = Set(states.keys).union(queues.keys).subtracting(book.triggers.keys)
        changes += gone.map(TriggerChange.removed)
        try TriggerFiring(host: host).record(changes, .synced)
        book.isLoaded = true
        return book
    }
}

extension TenonHost {
    /// The executions that triggers have started and that still run; each tells the loop when it ends.
    func runningStarts() throws(TenonError) -> [TriggerID: [ExecutionID: TickOrigin]] {
        var running: [TriggerID: [ExecutionID: TickOrigin]] = [:]
        for start in try triggerStore.unfinishedExecutions() {
            // One that could not be taken over does not run any more.
            guard let run = engine.run(start.execution) else { continue }
            running[start.trigger, default: [:]][start.execution] = start.origin
            run.finish.whenFinished { [triggerLoop] in
                triggerLoop.note(end: start.execution, of: start.trigger)
            }
        }
        return running
    }
}
