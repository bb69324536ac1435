package import TenonModel

/// A workflow ready to run: its graph and its compiled expressions, shared by all executions of one version.
package final class CompiledWorkflow: Sendable {
    package let definition: WorkflowDefinition
    package let steps: [CompiledStep]

    package init(_ definition: WorkflowDefinition) throws(TenonError) {
        self.definition = definition
        steps = []
    }

    /// The index of the step with that id or name.
    package func step(named name: String) -> Int? { nil }
}
