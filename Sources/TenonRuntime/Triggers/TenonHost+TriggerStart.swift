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
            book.triggers = try shelf.finish()
            book.isLoaded = true
        }
        let firing = TriggerFiring(host: self)
        triggerLoop.start { firing.turn() }
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
            let old = book.triggers.values.filter {
                $0.owner.key.kind == row.kind && $0.owner.key.id == row.id
            }
            let firing = TriggerFiring(host: self)
            for var trigger in old where trigger.schedule != nil {
                // What was due before is not lost; where it cannot be recorded, neither can the definition.
                _ = firing.settle(&trigger, now)
                book.triggers[trigger.id] = trigger
            }
            var update = TriggerUpdate(
                row, old: old.compactMap { book.triggers[$0.id] }, at: now)
            update.read(document.object ?? [:])
            let saved = try definitions.save(row, triggers: update.changes)
            for trigger in old { book.triggers[trigger.id] = nil }
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
