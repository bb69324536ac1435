package import TenonModel

extension Limits {
    /// Executions of one trigger that run at the same time.
    package static let executionsPerTrigger = 100
    /// Ticks of one trigger's schedule that wait for their turn.
    package static let queuedTicksPerTrigger = 1000
    /// Ticks that one backfill looks at.
    package static let backfillTicks = 10_000
    /// How long it takes at most until triggers notice that the wall clock was set.
    package static let triggerLook: Duration = .seconds(1)
}
