internal import Logging
internal import Synchronization
internal import TenonJSON
internal import TenonModel
internal import TenonSchedule
internal import TenonStore
internal import TenonWorkflow

extension TenonHost {
    /// Reads the triggers of all definitions and begins to fire them.
    func startTriggers() throws(TenonError) {
        try triggerLoop.book.withLock { book throws(TenonError) in
            var shelf = try RecordedTriggers(host: self)
            for kind in [ExecutionKind.workflow, .pipeline] {
                for row in try definitions.list(kind, project: nil) { try shelf.read(row) }
            }
            book = try shelf.finish()
        }
        let firing = TriggerFiring(host: self)
        try triggerLoop.start { firing.turn() }
    }

    /// What a trigger gives to its executions has to fit them.
    func checkTriggerContexts(_ definition: WorkflowDefinition) throws(TenonError) {
        for trigger in definition.triggers where trigger.type == .schedule {
            do throws(TenonError) {
                try checkContext(trigger.context, of: definition)
            } catch {
                throw TenonError(
                    .workflowInvalid,
                    "The context of the trigger at \(trigger.pointer) does not fit the workflow's inputSchema.",
                    fields: error.fields.map {
                        FieldError(
                            pointer: trigger.pointer.description + $0.pointer, message: $0.message,
                            code: .workflowInvalid)
                    })
            }
        }
    }

    /// Stores a definition and has its triggers go by it from now on: those that are still the same go on,
    /// ticks of a schedule that has changed count from now.
    func saveWithTriggers(_ row: DefinitionRow, _ document: JSON) throws(TenonError) -> DefinitionRow {
        let saved = try triggerLoop.book.withLock { book throws(TenonError) in
            guard book.isLoaded else { return try definitions.save(row) }
            let now = configuration.time.now()
            let old = try settled(DefinitionVersionKey(kind: row.kind, id: row.id, version: 0), &book, now)
            var update = TriggerUpdate(row, old: old, at: now)
            update.read(document.object ?? [:])
            try recall(&update.triggers, old)
            let saved = try definitions.save(row, triggers: update.changes)
            for trigger in old {
                book.triggers[trigger.id] = nil
                book.unread[trigger.id] = nil
            }
            for var trigger in update.triggers {
                trigger.owner = TriggerOwner(saved)
                trigger.lookAhead(now)
                book.triggers[trigger.id] = trigger
            }
            return saved
        }
        triggerLoop.wake()
        return saved
    }
}

extension TenonHost {
    /// The triggers of a definition once what is due has become of their ticks, which is not lost by what
    /// changes now: where that cannot be recorded, neither can the definition.
    private func settled(
        _ definition: DefinitionVersionKey, _ book: inout TriggerLoop.Book, _ now: Timestamp
    ) throws(TenonError) -> [Trigger] {
        func belongs(_ trigger: Trigger) -> Bool {
            trigger.owner.key.kind == definition.kind && trigger.owner.key.id == definition.id
        }
        let firing = TriggerFiring(host: self)
        firing.takeEnded(&book)
        for var trigger in book.triggers.values.filter(belongs) where trigger.schedule != nil {
            defer { book.triggers[trigger.id] = trigger }
            try firing.settle(&trigger, now)
        }
        return book.triggers.values.filter(belongs) + book.unread.values.filter(belongs)
    }

    /// Completes triggers that do not go on under their own id with what the ledger has of that, and those that
    /// the definition did not have before with what an earlier version of it has left running.
    private func recall(_ triggers: inout [Trigger], _ old: [Trigger]) throws(TenonError) {
        let known = Set(old.map(\.id))
        let unknown = triggers.indices.filter {
            triggers[$0].schedule != nil && triggers[$0].newestTick == nil
        }
        guard !unknown.isEmpty else { return }
        let prunedTicks = try triggerStore.prunedTicks()
        for index in unknown {
            let id = triggers[index].id
            triggers[index].newestTick = try triggerStore.newestTick(of: id)
            triggers[index].prunedTick = prunedTicks[id]
        }
        let new = unknown.filter { !known.contains(triggers[$0].id) }
        guard !new.isEmpty else { return }
        let running = try runningStarts()
        for index in new {
            triggers[index].running.merge(running[triggers[index].id] ?? [:]) { first, _ in first }
        }
    }
}

extension TriggerReader {
    /// The triggers of a stored definition.
    init(_ document: JSONObject, of key: DefinitionVersionKey) {
        var document = document
        // A workflow has no such field.
        if key.kind == .workflow { document["schedule"] = nil }
        self.init(
            document, kind: key.kind.rawValue, definitionID: key.id, takesContext: key.kind == .workflow)
    }
}
