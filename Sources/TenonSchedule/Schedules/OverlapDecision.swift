/// What to do with a tick that fires, where executions of earlier ticks may be running.
package enum OverlapDecision: Hashable, Sendable {
    case start
    /// The tick is skipped: an earlier one is still running.
    case skip
    /// It starts when those before it have ended.
    case wait
    /// The tick is skipped: too many wait already.
    case skipForLimit
    /// It starts, and the running ones are cancelled.
    case cancelRunningAndStart
}

extension Schedule.Overlap {
    /// Decides by how many executions of the trigger run and how many of its ticks wait.
    ///
    ///     policy   nothing runs or waits   something does
    ///     skip     start                   skip
    ///     queue    start                   wait, or skip for the limit
    ///     cancel   start                   cancel running and start
    ///     allow    start                   start
    package func decision(runningCount: Int, waitingCount: Int, waitingLimit: Int) -> OverlapDecision {
        guard runningCount > 0 || waitingCount > 0 else { return .start }
        return switch self {
        case .skip: .skip
        case .queue: waitingCount < waitingLimit ? .wait : .skipForLimit
        case .cancel: .cancelRunningAndStart
        case .allow: .start
        }
    }
}
