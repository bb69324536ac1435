package import TenonModel

/// One row that a trigger writes, in the same commit as the execution that it starts.
package enum TriggerChange: Sendable {
    /// A tick has started an execution. Refused with `trigger.tick-taken` where it has done so before;
    /// `replacesSkipped`: unless it was skipped then.
    case fired(LedgerRow, replacesSkipped: Bool)
    /// A row that is there already stays.
    case skipped(LedgerRow)
    /// One more tick of a run of skipped ones: the trigger's row before it grows by it, where that is about the
    /// same.
    case skippedAlso(LedgerRow)
    case state(TriggerState)
    case queued(QueuedTick)
    case unqueued(QueuedTick)
    /// The trigger is gone; its rows in the ledger stay.
    case removed(TriggerID)
    /// A row of the ledger is removed.
    case pruned(OldLedgerRow)
}
