import TenonJSON
import TenonModel
import TenonWorkflow
import Testing

/// What no definition and no data may bring about.
@Suite struct BoundsTests {
    /// Steps that each put the output of the one before into their own, by `input`.
    private func chain(_ count: Int, _ input: (String) -> JSON) -> JSON {
        .workflow(
            (0..<count).map { index in
                [
                    "name": .string("S\(index)"), "type": "data-transform",
                    "parameters": [
                        "input": index == 0 ? [:] : input("{{steps.S\(index - 1).output}}"),
                        "transformation": ["type": "map", "mapping": ["a": "a"]],
                    ],
                ]
            })
    }

    @Test func `steps that nest each other's outputs fail before the nesting ends the process`() throws {
        var simulation = try Simulation(chain(400) { ["a": ["a": ["a": .string($0)]]] })
        try simulation.start()
        #expect(simulation.machine.status == .failed)
        #expect(simulation.machine.failure?.code == .workflowValueTooLarge)
    }

    @Test func `steps that double each other's outputs fail before the memory ends`() throws {
        var simulation = try Simulation(chain(400) { ["a": .string($0), "b": .string($0)] })
        try simulation.start()
        #expect(simulation.machine.status == .failed)
    }

    @Test func `an output that is nested too deep fails its step and is not asked for again`() throws {
        var simulation = try Simulation(.workflow([.call("A")]))
        try simulation.start()
        try simulation.succeed("A", (0..<200).reduce(JSON.null) { inner, _ in [inner] })
        #expect(try simulation.state("A").status == .failed)
        #expect(try simulation.state("A").error?.effect == .applied)
        #expect(simulation.calls.isEmpty)
    }

    @Test func `nobody has a step sent again while the execution is being cancelled`() throws {
        var simulation = try Simulation(
            .workflow([.call("A", ["order": 0]), .call("B", ["order": 0])]))
        try simulation.start()
        try simulation.fail("A", CallFailure(.unavailable, "lost"), isUncertain: true)
        try simulation.apply(.cancelRequested)
        let calls = simulation.calls.count
        let error = #expect(throws: TenonError.self) { try simulation.apply(.resolved(step: 0, .retry)) }
        #expect(error?.code == .workflowNotInDoubt)
        #expect(simulation.calls.count == calls)
        try simulation.fail("B", CallFailure(.cancelled, "cancelled"))
        #expect(simulation.machine.status == .cancelled)
        #expect(try simulation.state("A").status == .inDoubt)
    }

    @Test(.timeLimit(.minutes(1)))
    func `ten thousand names with one slug get ids of their own in time`() throws {
        let steps = (0..<10_000).map { index -> JSON in
            .call("a" + String(String(index, radix: 2).map { $0 == "0" ? "!" : "?" } as [Character]))
        }
        let (definition, _) = try WorkflowDefinition.parse(.workflow(steps))
        #expect(Set(definition.steps.map { $0.id }).count == 10_000)
    }

    @Test(.timeLimit(.minutes(1)))
    func `constant conditions with loops are not run when a workflow is saved`() throws {
        let ten = "[0,0,0,0,0,0,0,0,0,0]"
        let loops = ["a", "b", "c", "d", "e"].map { "\(ten).all(\($0), " }.joined() + "true)))))"
        let steps = (0..<1000).map { index -> JSON in .call("S\(index)", ["runIf": .string(loops)]) }
        #expect(try WorkflowDefinition.parse(.workflow(steps)).definition.steps.count == 1000)
    }
}
