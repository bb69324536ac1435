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

extension TenonHost {
    /// Starts an execution of the newest version; what `changes` answers for its id is recorded in the commit
    /// that begins it.
    func start(_ start: TriggeredStart, _ changes: (ExecutionID) -> [JournalChange]) throws(TenonError)
        -> any LiveRun
    {
        try checkAccepting()
        let owner = start.trigger.owner.key
        switch owner.kind {
        case .workflow:
            let entry = try workflows.current(WorkflowID(owner.id))
            try checkContext(start.trigger.definition.context, of: entry.workflow.definition)
            let live = newExecution(entry, context: start.context, ExecuteOptions())
            try live.begin(changes(live.id))
            return live
        case .pipeline:
            let row = try currentPipeline(PipelineID(owner.id))
            let (live, creation) = try newExecution(row, context: start.context.text, ExecuteOptions())
            try engine.record([.created(creation)] + changes(live.id), live.durability)
            live.start()
            return live
        }
    }
}
