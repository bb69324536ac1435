import TenonJSON
import TenonModel
import TenonWorkflow
import Testing

/// The names that a step's expressions see when it runs.
@Suite struct ScopeTests {
    @Test func `now is the recorded moment at which the step began, also when it is tried again`() throws {
        var simulation = try Simulation(.workflow([.reading("A", "{{now()}}")]))
        try simulation.start()
        let first = simulation.calls[0].input
        #expect(first != .null)
        simulation.now = simulation.now + .seconds(5)
        try simulation.fail("A", CallFailure(.unavailable, "later", effect: .notApplied))
        simulation.now = simulation.now + .seconds(60)
        try simulation.apply(.retryDue(step: 0))
        #expect(simulation.calls[0].attempt == 2)
        #expect(simulation.calls[0].input == first)
    }

    @Test func `the trigger is what the context says, else manual`() throws {
        func input(_ context: JSON) throws -> JSON? {
            var simulation = try Simulation(
                .workflow([.reading("A", "{{trigger.type}} {{trigger.tick ?? 'none'}}")]), context: context)
            try simulation.start()
            return simulation.calls.first?.input
        }
        #expect(try input([:]) == "manual none")
        #expect(
            try input(["trigger": ["type": "schedule", "tick": "2026-11-24T02:00:00Z"]])
                == "schedule 2026-11-24T02:00:00Z")
    }

    @Test func `a template that names nothing says what exists`() throws {
        var simulation = try Simulation(
            .workflow([.call("Fetch Data"), .reading("B", "{{context.Fetch Data.titel}}", ["order": 1])]),
            context: ["userId": 7])
        try simulation.start()
        try simulation.succeed("Fetch Data", ["title": "Wing", "id": 1])
        let failure = try #require(try simulation.state("B").error)
        #expect(failure.code == "template.missing")
        #expect(failure.message.contains("\"id\", \"title\""))
        #expect(failure.message.contains("Did you mean \"title\"?"))
    }

    @Test func `inserted text is encoded in a path and refused in a header where it breaks the line`() throws
    {
        func started(_ parameters: JSONObject, _ context: JSON) throws -> Simulation {
            var simulation = try Simulation(
                .workflow([
                    .call(
                        "A",
                        ["parameters": .object(JSONObject([("integrationId", "i")] + parameters.members))])
                ]), context: context)
            try simulation.start()
            return simulation
        }
        let context: JSON = ["id": "a/b?c d%", "line": "x\r\nEvil: 1"]
        let path = try started(["endpoint": "/designs/{{id}}"], context)
        #expect(path.calls[0].input["endpoint"] == "/designs/a%2Fb%3Fc%20d%25")
        let header = try started(["endpoint": "/", "headers": ["X-Line": "{{line}}"]], context)
        #expect(try header.state("A").error?.code == "template.header")
    }

    @Test func `a step's output has a name of its own by outputAs, before a key of the context`() throws {
        var simulation = try Simulation(
            .workflow([
                .call("Get", ["outputAs": "design"]), .reading("B", "{{design.id}}", ["order": 1]),
                .reading("C", "{{context.design.id}}", ["order": 2]),
            ]), context: ["design": ["id": "old"]])
        try simulation.start()
        try simulation.succeed("Get", ["id": "new"])
        #expect(simulation.calls[0].input == "new")
        try simulation.succeed("B")
        #expect(simulation.calls[0].input == "new")
    }
}
