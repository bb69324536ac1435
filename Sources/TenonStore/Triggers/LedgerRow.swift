package import TenonModel

/// What became of a tick.
package enum TickOutcome: String, Sendable, CaseIterable {
    case fired
    case skipped
}

/// Why a tick started nothing.
package enum SkipReason: String, Sendable, CaseIterable {
    /// An execution of the trigger was still running.
    case overlap
    case paused
    /// Missed for longer than the catch-up window.
    case catchUp = "catch-up"
    /// Missed, and the trigger's misfire policy leaves missed ticks out.
    case misfire
    /// Too many executions or waiting ticks of the trigger.
    case limit
    /// The trigger's definition changed or went away while the tick waited.
    case ended
    /// The execution could not be started; the row's detail says why.
    case error
}

/// Why a tick was looked at.
package enum TickOrigin: String, Sendable, CaseIterable {
    case schedule
    /// Late: the host was down or the clock was moved.
    case catchUp = "catch-up"
    /// Somebody asked for it.
    case backfill
}

/// What became of a tick of a trigger, or of many that were skipped for one reason.
package struct LedgerRow: Sendable, Equatable {
    /// Grows from row to row; 0 until it is stored.
    package var number: Int64 = 0
    package var trigger: TriggerID
    package var kind: ExecutionKind
    package var definitionID: String
    package var projectID: ProjectID
    /// The tick; of several the last.
    package var tick: Timestamp
    /// Of several ticks the first.
    package var firstTick: Timestamp
    package var tickCount: Int64 = 1
    package var outcome = TickOutcome.skipped
    package var reason: SkipReason?
    /// More about the reason, for people.
    package var detail: String?
    package var executionID: ExecutionID?
    package var origin = TickOrigin.schedule
    package var recordedAt: Timestamp

    package init(
        _ trigger: TriggerID, of definition: DefinitionVersionKey, project: ProjectID, tick: Timestamp,
        recordedAt: Timestamp
    ) {
        self.trigger = trigger
        kind = definition.kind
        definitionID = definition.id
        projectID = project
        self.tick = tick
        firstTick = tick
        self.recordedAt = recordedAt
    }
}

/// A row of the ledger that is older than what it keeps.
package struct OldLedgerRow: Sendable, Equatable {
    var number: Int64
    package var trigger: TriggerID
    package var tick: Timestamp
}

/// How far a trigger has come.
package struct TriggerState: Sendable, Equatable {
    package var id: TriggerID
    /// What its ticks follow from: where that changes, the old ticks do not count any more.
    package var schedule: String
    /// All ticks up to here are in the ledger or in the queue.
    package var handledAt: Timestamp
    package var isPaused = false
    /// The tick that fired last, and what it has started.
    package var lastTick: Timestamp?
    package var lastExecution: ExecutionID?

    package init(id: TriggerID, schedule: String, handledAt: Timestamp) {
        self.id = id
        self.schedule = schedule
        self.handledAt = handledAt
    }
}

/// A tick that waits for an earlier execution of its trigger to end.
package struct QueuedTick: Sendable, Hashable {
    package var trigger: TriggerID
    package var tick: Timestamp
    package var origin: TickOrigin

    package init(trigger: TriggerID, tick: Timestamp, origin: TickOrigin) {
        self.trigger = trigger
        self.tick = tick
        self.origin = origin
    }
}
