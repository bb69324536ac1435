import TenonJSON
import TenonModel
import TenonWorkflow
import Testing

/// Definitions that were accepted before the newest rules, or on another machine.
@Suite struct StoredDefinitionTests {
    private static func conditional(_ text: String) -> JSON {
        .workflow([
            .call("A"), .call("B", ["runIf": .string(text)]),
            [
                "name": "C", "type": "condition",
                "parameters": ["condition": .string(text), "falseStep": "D"],
            ], .call("D"),
        ])
    }

    @Test(arguments: [
        "context.yes && size(5) > 1", "context.yes && 1 + 'a' == '1a'",
        "context.yes && timestamp('bad') < now()",
        "context.yes && now().getHours('Nowhere/Else') == 1", "context.yes && steps.Gone.status == 'x'",
        "context.yes && workflow.nme == 'x'",
    ])
    func `an unfinished execution goes on with what is refused now`(text: String) throws {
        #expect(throws: TenonError.self) { try WorkflowDefinition.parse(Self.conditional(text)) }
        let stored = try CompiledWorkflow(
            WorkflowDefinition.parse(Self.conditional(text), isStored: true).definition)
        var before = Simulation(stored, context: ["yes": false])
        try before.start()
        try before.succeed("A")
        var after = before
        after.machine = try RunMachine(
            restoring: stored, executionID: before.machine.executionID, context: before.machine.context,
            execution: ExecutionState(text: before.machine.execution.text),
            rows: before.machine.takeChangedSteps().compactMap { before.machine.row(of: $0) })
        try after.succeed("D")
        #expect(try after.state("B").status == .skipped)
        #expect(after.machine.status == .completed)
    }

    @Test func `a schedule that cannot be read any more does not keep executions from their definition`()
        throws
    {
        let triggers: JSON = [["type": "schedule", "schedule": "0 9 * * *", "timezone": "Nowhere/Else"]]
        let definition = JSON.workflow([.call("A")], ["triggers": triggers])
        #expect(throws: TenonError.self) { try WorkflowDefinition.parse(definition) }
        #expect(try WorkflowDefinition.parse(definition, isStored: true).definition.steps.count == 1)
    }

    @Test func `what is unreadable is refused, and a secret outside of a connector's input`() {
        for text in ["context.yes &&", "secret.key == 'x'"] {
            #expect(throws: TenonError.self) {
                try WorkflowDefinition.parse(Self.conditional(text), isStored: true)
            }
        }
    }
}
