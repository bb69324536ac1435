import TenonJSON
import TenonModel
import TenonWorkflow
import Testing

@Suite struct InDoubtTests {
    private let lost = CallFailure(.unavailable, "connection lost")

    private func started(_ policy: String?) throws -> Simulation {
        let step: JSONObject = policy.map { ["onInDoubt": .string($0)] } ?? [:]
        var simulation = try Simulation(.workflow([.call("A", step), .call("B")]))
        try simulation.start()
        return simulation
    }

    @Test func `a write whose outcome is unknown is not sent again; the execution waits`() throws {
        var simulation = try started(nil)
        try simulation.fail("A", lost, isUncertain: true)
        #expect(try simulation.state("A").status == .inDoubt)
        #expect(simulation.machine.status == .waiting)
        #expect(simulation.calls.isEmpty)
    }

    @Test func `onInDoubt fail fails the step`() throws {
        var simulation = try started("fail")
        try simulation.fail("A", lost, isUncertain: true)
        #expect(simulation.machine.status == .failed)
    }

    @Test func `onInDoubt retry sends again, after a pause and at most maxAttempts times`() throws {
        var simulation = try started("retry")
        for _ in 1...2 {
            try simulation.fail("A", lost, isUncertain: true)
            #expect(try simulation.state("A").status == .waiting)
            try simulation.apply(.retryDue(step: 0))
        }
        try simulation.fail("A", lost, isUncertain: true)
        #expect(simulation.machine.status == .failed)
    }

    @Test func `a decision for completed goes on with the given output`() throws {
        var simulation = try started(nil)
        try simulation.fail("A", lost, isUncertain: true)
        try simulation.apply(.resolved(step: 0, .completed(output: ["id": 5])))
        #expect(try simulation.state("A").status == .completed)
        #expect(try simulation.state("A").output == ["id": 5])
        #expect(simulation.machine.status == .running)
        #expect(simulation.calls.map(\.step) == [1])
    }

    @Test func `a decision for failed fails the step`() throws {
        var simulation = try started(nil)
        try simulation.fail("A", lost, isUncertain: true)
        try simulation.apply(.resolved(step: 0, .failed(message: "was not there")))
        #expect(simulation.machine.status == .failed)
        #expect(try simulation.state("A").error?.message == "was not there")
    }

    @Test func `a decision for retry sends again with the same key`() throws {
        var simulation = try started(nil)
        let key = simulation.calls[0].idempotencyKey
        try simulation.fail("A", lost, isUncertain: true)
        try simulation.apply(.resolved(step: 0, .retry))
        #expect(simulation.calls.map(\.idempotencyKey) == [key])
        #expect(simulation.calls.map(\.attempt) == [2])
        #expect(simulation.machine.status == .running)
    }

    @Test func `a decision about a step that is not in doubt is refused`() throws {
        var simulation = try started(nil)
        let error = #expect(throws: TenonError.self) { try simulation.apply(.resolved(step: 0, .retry)) }
        #expect(error?.code == .workflowNotInDoubt)
        let other = #expect(throws: TenonError.self) { try simulation.apply(.resolved(step: 7, .retry)) }
        #expect(other?.code == .workflowUnknownStep)
    }

    @Test func `siblings go on while a step is in doubt`() throws {
        var simulation = try Simulation(
            .workflow([.call("A"), .call("B"), .call("C", ["dependencies": ["B"]])], ["mode": "dag"]))
        try simulation.start()
        try simulation.fail("A", lost, isUncertain: true)
        #expect(simulation.machine.status == .running)
        try simulation.succeed("B")
        try simulation.succeed("C")
        #expect(simulation.machine.status == .waiting)
    }

    @Test func `cancelling an execution with a step in doubt ends it and the step stays in doubt`() throws {
        var simulation = try started(nil)
        try simulation.fail("A", lost, isUncertain: true)
        try simulation.apply(.cancelRequested)
        #expect(simulation.machine.status == .cancelled)
        #expect(simulation.machine.steps.map(\.status) == [.inDoubt, .cancelled])
    }

    @Test func `a write that was being cancelled and whose outcome is unknown is in doubt`() throws {
        var simulation = try started("retry")
        try simulation.apply(.cancelRequested)
        try simulation.fail("A", lost, isUncertain: true)
        #expect(simulation.machine.steps[0].status == .inDoubt)
        #expect(simulation.machine.status == .cancelled)
    }

    // MARK: The host went away

    @Test(arguments: [ActionEffect.read, .idempotent])
    func `a lost call that may be repeated is sent again at once with the same key`(effect: ActionEffect)
        throws
    {
        var simulation = try started(nil)
        let key = simulation.calls[0].idempotencyKey
        try simulation.apply(.stepLost(step: 0, effect: effect))
        #expect(simulation.calls.map(\.attempt) == [1, 2])
        #expect(simulation.calls[1].idempotencyKey == key)
    }

    @Test func `a lost write is in doubt`() throws {
        var simulation = try started(nil)
        try simulation.apply(.stepLost(step: 0, effect: .write))
        #expect(try simulation.state("A").status == .inDoubt)
        #expect(simulation.machine.status == .waiting)
    }

    @Test func `a recovered machine says again what was outstanding`() throws {
        let definition = try WorkflowDefinition.parse(
            .workflow(
                [
                    .call("A", ["timeout": "1m"]), .call("B", ["timeout": "2m"]),
                    .call("C", ["dependencies": ["A"]]),
                ], ["mode": "dag", "timeout": "1h"])
        ).definition
        var simulation = Simulation(try CompiledWorkflow(definition))
        try simulation.start()
        let start = simulation.now
        try simulation.fail("A", lost)
        let retryAt = try #require(simulation.machine.steps[0].retryAt)
        try simulation.restore()
        simulation.now = simulation.now + .seconds(10)
        let effects = try simulation.apply(.recovered)
        #expect(
            effects == [
                .deadline(step: nil, at: start + .seconds(3600)),
                .deadline(step: 0, at: start + .seconds(60)),
                .retry(step: 0, at: retryAt), .deadline(step: 1, at: start + .seconds(120)),
            ])
    }
}

extension Simulation {
    /// The host dies: what is left is what the rows say.
    mutating func restore() throws {
        machine = try RunMachine(
            restoring: machine.workflow, executionID: machine.executionID, context: machine.context,
            execution: try ExecutionState(text: machine.execution.text),
            rows: machine.steps.indices.map { machine.row(of: $0) })
    }
}
