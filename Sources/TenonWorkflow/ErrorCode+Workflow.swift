package import TenonModel

extension ErrorCode {
    /// A definition has mistakes; each field error says which.
    package static let workflowInvalid = ErrorCode("workflow.invalid", 422)
    package static let workflowUnknownStepType = ErrorCode("workflow.unknown-step-type", 422)
    package static let workflowUnsupportedStep = ErrorCode("workflow.unsupported-step", 422)
    package static let workflowUnsupportedField = ErrorCode("workflow.unsupported-field", 422)
    package static let workflowCycle = ErrorCode("workflow.cycle", 422)
    package static let workflowUnknownDependency = ErrorCode("workflow.unknown-dependency", 422)
    package static let workflowDuplicateStep = ErrorCode("workflow.duplicate-step", 422)
    /// A decision about a step that is not in doubt.
    package static let workflowNotInDoubt = ErrorCode("workflow.not-in-doubt", 409)
    package static let workflowUnknownStep = ErrorCode("workflow.unknown-step", 404)
    /// An execution ended because this step failed.
    package static let workflowStepFailed = ErrorCode("workflow.step-failed", 422)
    /// What a step takes or gives is larger or deeper than the limits.
    package static let workflowValueTooLarge = ErrorCode("workflow.value-too-large", 422)
    package static let workflowCancelled = ErrorCode("workflow.cancelled", 409)
    package static let workflowTimedOut = ErrorCode("workflow.timed-out", 504)
    /// The rows of an execution do not fit its workflow version.
    package static let workflowRowsInvalid = ErrorCode("workflow.rows-invalid", 500)
}
