package import TenonModel

extension Limits {
    /// Executions of one trigger that run at the same time.
    package static let executionsPerTrigger = 100
    /// Ticks of one trigger's schedule that wait for their turn.
    package static let queuedTicksPerTrigger = 1000
    /// Executions that a trigger starts before others get their turn.
    static let triggerStartsAtOnce = 10
    /// Triggers whose ticks are recorded in one commit.
    static let triggersPerCommit = 100
    /// How long others wait at most while these are collected, once more than one is.
    static let triggersTogether: Duration = .milliseconds(20)
    /// Ticks in a row that a trigger skips for one reason and that each have a row of the ledger; those after
    /// them share one.
    static let singleSkips = 100
    /// Ticks that one backfill looks at.
    package static let backfillTicks = 10_000
    /// How long the ledger keeps rows.
    package static let ledgerRetention: Duration = .seconds(90 * 86_400)
    /// How often it is looked whether there are older ones.
    static let ledgerPruning: Duration = .seconds(3600)
    /// Of each outcome, rows of the ledger that are removed in one commit.
    static let ledgerRowsAtOnce = 200
    /// How long it takes at most until triggers notice that the wall clock was set.
    package static let triggerLook: Duration = .seconds(1)
}
