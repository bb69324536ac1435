package import TenonJSON
package import TenonModel

/// Where a step of an execution stands.
package enum StepStatus: String, Sendable, CaseIterable {
    /// Something before it has not settled.
    case pending
    /// Its call or transformation is in flight.
    case running
    /// It failed and is tried again later.
    case waiting
    case completed
    case failed
    case skipped
    case cancelled
    /// A write whose outcome nobody knows; somebody has to decide.
    case inDoubt = "in-doubt"

    /// Whether the steps after it may be looked at.
    package var isSettled: Bool {
        switch self {
        case .completed, .failed, .skipped, .cancelled: true
        case .pending, .running, .waiting, .inDoubt: false
        }
    }
}

/// What an execution knows about one of its steps; the fixed part (name, type) is in
/// `CompiledWorkflow.steps`.
package struct StepState: Sendable, Equatable {
    package var status: StepStatus = .pending
    /// Calls begun so far; 1 while the first is in flight.
    package var attempt = 0
    package var output: JSON?
    /// Status and headers of an API call's answer.
    package var response: JSON?
    /// The failure of the last attempt; kept while the step waits and when it ends `failed` or `in-doubt`.
    package var error: CallFailure?
    package var startedAt: Timestamp?
    package var finishedAt: Timestamp?
    /// When a waiting step is tried again.
    package var retryAt: Timestamp?
    /// The way a condition went: the index of its branch, or `StepState.stops`.
    package var branch: Int?
    /// The step's time was over while its call was in flight; the call's end is awaited, but it is not tried
    /// again.
    package var isTimedOut = false

    /// A condition's outcome that skips everything after it.
    package static let stops = -2

    package init() {}
}
