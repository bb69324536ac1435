package import TenonExpression
package import TenonModel

/// A workflow ready to run: its graph and its compiled expressions, shared by all executions of one version.
package final class CompiledWorkflow: Sendable {
    package let definition: WorkflowDefinition
    package let steps: [CompiledStep]
    let names: StepNames
    /// The step that gives its output a top-level name.
    let outputNames: [String: Int]
    /// Edges into each step.
    let waits: [Int32]
    /// The steps of each group.
    let groups: [[Int]]
    /// The names that may stand around the records of a transformation.
    package let namesAroundRecords: KnownNames
    /// Of all steps, each once.
    package let secrets: [String]

    /// Throws what `WorkflowDefinition.parse` would.
    package init(_ definition: WorkflowDefinition) throws(TenonError) {
        var reader = DefinitionReader()
        let steps = GraphCompiler.compile(definition, &reader)
        try reader.throwMistakes()
        self.definition = definition
        self.steps = steps
        names = StepNames(definition.steps)
        namesAroundRecords = ScopeNames(definition).aroundRecords
        var outputNames: [String: Int] = [:]
        var groups: [[Int]] = Array(repeating: [], count: (steps.map(\.group).max() ?? -1) + 1)
        for (index, step) in steps.enumerated() {
            if let name = step.outputName { outputNames[name] = index }
            groups[step.group].append(index)
        }
        self.outputNames = outputNames
        self.groups = groups
        secrets = Set(steps.flatMap(\.reads.secrets)).sorted()
        waits = steps.map { Int32($0.dependencies.count + $0.gates.count) }
    }

    /// The index of the step with that id or name.
    package func step(named name: String) -> Int? { names.exact(name) }
}
