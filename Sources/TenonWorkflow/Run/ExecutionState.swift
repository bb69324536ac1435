package import TenonModel

/// Where an execution stands.
package enum ExecutionStatus: String, Sendable, CaseIterable {
    case pending
    case running
    /// Nothing is in flight and a step in doubt has to be decided.
    case waiting
    case paused
    case completed
    case failed
    case cancelled
    case timedOut = "timed-out"

    package var isTerminal: Bool {
        switch self {
        case .completed, .failed, .cancelled, .timedOut: true
        case .pending, .running, .waiting, .paused: false
        }
    }
}

/// The part of an execution that belongs to no single step.
package struct ExecutionState: Sendable, Equatable {
    /// Why nothing new starts any more.
    package enum Ending: String, Sendable {
        case cancelled
        case timedOut = "timed-out"
    }

    package var status: ExecutionStatus = .pending
    package var startedAt: Timestamp?
    package var finishedAt: Timestamp?
    package var ending: Ending?
    /// The first step that failed and made the execution fail.
    package var failedStep: Int?
    /// At most `Limits.warningsPerExecution`.
    package var warnings: [String] = []

    package init() {}
}

extension ExecutionState {
    /// What the execution's row keeps, as JSON text.
    package var text: String { "" }
    package init(text: String) throws(TenonError) { self.init() }
}
