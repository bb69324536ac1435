internal import TenonJSON
internal import TenonModel
internal import TenonPipeline
internal import TenonSchedule
internal import TenonStore
internal import TenonWorkflow

/// An execution that a trigger starts.
struct TriggeredStart {
    var trigger: Trigger
    var tick: Timestamp
    var origin: TickOrigin

    /// The context of the execution: that of the trigger, and as `trigger` what has started it.
    var context: JSON {
        var context = trigger.definition.context.object ?? [:]
        context["trigger"] = [
            "id": .string(trigger.id.rawValue), "type": .string(trigger.definition.type.rawValue),
            "tick": .string(trigger.schedule?.tickText(tick) ?? tick.iso8601),
            "origin": .string(origin.rawValue),
        ]
        return .object(context)
    }
}

/// An execution that begins as soon as its changes are recorded.
struct PreparedStart {
    let run: any LiveRun
    let changes: [JournalChange]
    let durability: Journal.Durability
    let begin: () -> Void
}

extension TenonHost {
    /// Makes an execution of the newest version, of which nothing is recorded yet.
    func prepare(_ start: TriggeredStart) throws(TenonError) -> PreparedStart {
        try checkAccepting()
        let owner = start.trigger.owner.key
        switch owner.kind {
        case .workflow:
            let entry = try workflows.current(WorkflowID(owner.id))
            try checkContext(start.trigger.definition.context, of: entry.workflow.definition)
            let live = newExecution(entry, context: start.context, ExecuteOptions())
            return PreparedStart(
                run: live, changes: live.firstChanges(recordsBeginning: true),
                durability: live.journalDurability
            ) { live.commence() }
        case .pipeline:
            let row = try currentPipeline(PipelineID(owner.id))
            let (live, creation) = try newExecution(row, context: start.context.text, ExecuteOptions())
            return PreparedStart(run: live, changes: [.created(creation)], durability: live.durability) {
                live.start()
            }
        }
    }
}
