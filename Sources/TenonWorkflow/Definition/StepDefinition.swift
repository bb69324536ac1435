package import TenonJSON

/// The kinds of step that run today.
package enum StepType: String, Sendable, CaseIterable {
    case apiCall = "api-call"
    case dataTransform = "data-transform"
    case condition

    /// Kinds that the format knows and this host does not run yet.
    package static let plannedNames = [
        "loop", "parallel", "pipeline", "workflow", "wait", "approval", "event", "notify", "assert",
    ]
}

/// One step as its author wrote it.
package struct StepDefinition: Sendable {
    /// What becomes of a write whose outcome nobody knows.
    package enum InDoubtPolicy: String, Sendable, CaseIterable {
        case wait
        case fail
        case retry
    }

    package var name: String
    package var id: String
    package var type: StepType
    package var order: Int64
    package var parameters: JSONObject
    /// Names or ids, as written.
    package var dependencies: [String]
    /// `success`, `failure`, `always` or an expression.
    package var runIf: String?
    package var retry: RetryPolicy
    /// For all attempts of the step together.
    package var timeout: Duration?
    package var continuesOnError: Bool
    /// A top-level name for the step's output.
    package var outputName: String?
    package var isEnabled: Bool
    package var onInDoubt: InDoubtPolicy?
    /// Where the step stands in its document, such as `/steps/0`.
    package var pointer: JSONPointer
}
