internal import TenonJSON
internal import TenonModel
internal import TenonSchedule
internal import TenonStore

extension TenonHost {
    /// Warnings about triggers that are written well and whose last tick has passed.
    func endedTriggers(_ triggers: [TriggerDefinition], of kind: ExecutionKind) -> [DefinitionWarning] {
        let now = configuration.time.now()
        return triggers.filter { trigger in
            guard trigger.isEnabled, let schedule = trigger.schedule else { return false }
            return schedule.nextTick(after: now) == nil
        }
        .map { trigger in
            DefinitionWarning(
                code: "\(kind.rawValue).trigger-ended",
                message: "the last tick of this schedule has passed; it starts nothing any more",
                pointer: trigger.pointer.description)
        }
    }
}
