package import TenonModel

/// A step's state as the journal keeps it: small columns and two JSON texts.
package struct StepRow: Sendable, Equatable {
    /// Index in `CompiledWorkflow.steps`.
    package var step: Int
    /// `StepStatus.rawValue`.
    package var status: String
    package var attempt: Int
    package var startedAt: Timestamp?
    package var finishedAt: Timestamp?
    /// The output as JSON text.
    package var output: String?
    /// What is rarely there (error, response, branch, retry time) as JSON text, or nil.
    package var detail: String?

    package init(
        step: Int, status: String, attempt: Int, startedAt: Timestamp?, finishedAt: Timestamp?,
        output: String?, detail: String?
    ) {
        self.step = step
        self.status = status
        self.attempt = attempt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.output = output
        self.detail = detail
    }
}
