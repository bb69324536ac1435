package import TenonJSON
package import TenonModel

/// Moves an execution from state to state and says what to do about it.
package struct RunMachine: Sendable {
    package let workflow: CompiledWorkflow
    package let executionID: ExecutionID
    package let context: JSON
    package internal(set) var execution = ExecutionState()
    /// By index, as in `CompiledWorkflow.steps`.
    package internal(set) var steps: [StepState]

    package init(_ workflow: CompiledWorkflow, executionID: ExecutionID, context: JSON) {
        self.workflow = workflow
        self.executionID = executionID
        self.context = context
        steps = []
    }

    /// The machine as its last committed rows have it. Steps without a row are pending. Next: `recovered`, then `stepLost`
    /// for each api-call step that is `running`.
    package init(
        restoring workflow: CompiledWorkflow, executionID: ExecutionID, context: JSON,
        execution: ExecutionState, rows: [StepRow]
    ) throws(TenonError) {
        self.init(workflow, executionID: executionID, context: context)
    }

    package var status: ExecutionStatus { execution.status }
    package var warnings: [String] { execution.warnings }

    /// Takes one event in. Events that came too late (an answer for a step that has ended) change nothing; the only error
    /// is a `resolved` for a step that is not in doubt (`workflow.not-in-doubt`).
    package mutating func apply(_ event: RunEvent, at now: Timestamp) throws(TenonError) -> [RunEffect] {
        []
    }

    /// The steps that changed since the last call, each once: the rows to write.
    package mutating func takeChangedSteps() -> [Int] { [] }

    /// The row of a step as it is now.
    package func row(of step: Int) -> StepRow {
        StepRow(
            step: step, status: "", attempt: 0, startedAt: nil, finishedAt: nil, output: nil, detail: nil)
    }

    /// A step as the REST API shows it.
    package func json(of step: Int) -> JSON { .null }

    /// Why the execution failed, was cancelled or timed out; nil while it runs or when it completed.
    package var failure: TenonError? { nil }
}
