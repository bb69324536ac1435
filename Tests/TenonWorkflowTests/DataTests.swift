import TenonJSON
import TenonModel
import TenonWorkflow
import Testing

@Suite struct DataTests {
    private static func transform(_ name: String, _ more: JSONObject = [:], input: JSON? = nil) -> JSON {
        var parameters: JSONObject = ["transformation": ["type": "map", "mapping": [:]]]
        parameters["input"] = input
        var object: JSONObject = [
            "name": .string(name), "type": "data-transform", "parameters": .object(parameters),
        ]
        for member in more { object[member.key] = member.value }
        return .object(object)
    }

    private static func condition(_ name: String, _ text: String, _ more: JSONObject = [:]) -> JSON {
        .object([
            "name": .string(name), "type": "condition",
            "parameters": .object(JSONObject([(key: "condition", value: .string(text))] + more.members)),
        ])
    }

    /// The input of a step's transformation.
    private func input(_ simulation: Simulation, of name: String) throws -> JSON? {
        let index = try simulation.index(name)
        for case .transform(index, _, let input) in simulation.effects { return input }
        return nil
    }

    private func finished(_ steps: [JSON], context: JSON = [:], _ outputs: [(String, JSON)]) throws
        -> Simulation
    {
        var simulation = try Simulation(.workflow(steps), context: context)
        try simulation.start()
        for (name, output) in outputs { try simulation.succeed(name, output) }
        return simulation
    }

    // MARK: The input of a transformation

    @Test func `a transformation reads the nearest earlier step's output`() throws {
        let run = try finished([.call("A"), .call("B"), Self.transform("T")], [("A", 1), ("B", 2)])
        #expect(try input(run, of: "T") == 2)
    }

    @Test func `conditions and skipped steps are passed over`() throws {
        let run = try finished(
            [
                .call("A"), Self.condition("C", "false", ["falseStep": "F", "trueStep": "S"]), .call("S"),
                Self.transform("F"),
            ], [("A", 1)])
        #expect(try input(run, of: "F") == 1)
    }

    @Test func `several in one group give an object by name`() throws {
        let run = try finished(
            [.call("A", ["order": 0]), .call("B b", ["order": 0]), Self.transform("T", ["order": 1])],
            [("A", 1), ("B b", 2)])
        #expect(try input(run, of: "T") == ["A": 1, "B b": 2])
    }

    @Test func `a transformation with dependencies reads those, through conditions`() throws {
        let run = try finished(
            [
                .call("A", ["order": 0]), .call("B", ["order": 1]), Self.condition("C", "true"),
                Self.transform("T", ["dependencies": ["A"]]), Self.transform("U", ["dependencies": ["C"]]),
            ], [("A", 1), ("B", 2)])
        #expect(try input(run, of: "T") == 1)
        #expect(try input(run, of: "U") == 2)
    }

    @Test func `with no step before it a transformation reads the context`() throws {
        let run = try finished([Self.transform("T")], context: ["a": 1], [])
        #expect(try input(run, of: "T") == ["a": 1])
    }

    @Test func `the input may be an expression or a template`() throws {
        let run = try finished(
            [
                .call("A"), Self.transform("T", input: "context.A.rows"),
                Self.transform(
                    "U", input: ["rows": "{{steps.A.output.rows}}", "n": "{{size(context.A.rows)}} rows"]),
            ], [("A", ["rows": [1, 2]])])
        #expect(try input(run, of: "T") == [1, 2])
        #expect(try input(run, of: "U") == ["rows": [1, 2], "n": "2 rows"])
    }

    // MARK: Names

    @Test func `expressions see the context, steps and outputs by name`() throws {
        var call = JSON.call(
            "Z",
            [
                "parameters": [
                    "integrationId": "i", "action": "x",
                    "input": [
                        "a": "{{context.First Step.id}}", "b": "{{steps.first-step.output.id}}",
                        "c": "{{mine.id}}",
                        "d": "{{user}}", "e": "{{steps.First Step.status}}",
                        "f": "{{steps.First Step.attempts}}",
                        "g": "{{execution.id}}", "h": "{{workflow.name}}",
                        "i": "{{context[\"First Step\"].id}}",
                        "j": "{{context.user}} {{context.First Step}}",
                    ],
                ]
            ])
        let run = try finished(
            [.call("First Step", ["outputAs": "mine"]), call], context: ["user": "u"],
            [("First Step", ["id": 7])])
        call = run.calls[0].input
        #expect(
            call == [
                "a": 7, "b": 7, "c": 7, "d": "u", "e": "completed", "f": 1, "g": "execution-1",
                "h": "Workflow",
                "i": 7, "j": "u {\"id\":7}",
            ])
    }

    @Test func `a value that looks like a template is not evaluated again`() throws {
        let step = JSON.call(
            "Z", ["parameters": ["integrationId": "i", "action": "x", "input": "{{text}} and {{text}}"]])
        let run = try finished([step], context: ["text": "{{execution.id}}"], [])
        #expect(run.calls[0].input == "{{execution.id}} and {{execution.id}}")
    }

    @Test func `a template that names nothing fails its step and says which names exist`() throws {
        let run = try finished(
            [
                .call("Extract"),
                .call(
                    "Z",
                    [
                        "parameters": [
                            "integrationId": "i", "action": "x", "input": "{{context.Extract.idd}}",
                        ]
                    ]),
            ], [("Extract", ["id": 1, "name": "n"])])
        #expect(run.machine.status == .failed)
        #expect(run.machine.failure?.code.rawValue == "template.missing")
        let message = try #require(run.machine.failure?.message)
        #expect(message.contains("`context.Extract.idd` names nothing"))
        #expect(message.contains("\"id\", \"name\""))
        #expect(message.contains("Did you mean \"id\"?"))
    }

    @Test func `a default stands in for a missing value`() throws {
        let step = JSON.call(
            "Z", ["parameters": ["integrationId": "i", "action": "x", "input": "{{nothing.here ?? 'none'}}"]])
        #expect(try finished([step], []).calls[0].input == "none")
    }

    // MARK: Requests

    private func request(_ parameters: JSONObject, _ context: JSON) throws -> Simulation {
        let all = JSONObject([(key: "integrationId", value: "i")] + parameters.members)
        var simulation = try Simulation(
            .workflow([.call("A", ["parameters": .object(all)])]), context: context)
        try simulation.start()
        return simulation
    }

    @Test func `a request carries its fields with values of their own type`() throws {
        let run = try request(
            [
                "method": "post", "endpoint": "/a/{{id}}", "query": ["q": "{{id}}", "x": "a&b"],
                "headers": ["X-Id": "n{{id}}"], "data": ["n": "{{number}}", "l": ["{{list}}"]],
                "successStatus": 201,
            ], ["id": "ä/?", "number": 9_007_199_254_740_993, "list": [1]])
        #expect(
            run.calls[0].input == [
                "method": "POST", "endpoint": "/a/%C3%A4%2F%3F", "query": ["q": "ä/?", "x": "a&b"],
                "headers": ["X-Id": "nä/?"], "data": ["n": 9_007_199_254_740_993, "l": [[1]]],
                "successStatus": [201],
            ])
    }

    @Test(arguments: ["a\r\nHost: evil", "a\nb", "a\u{0}b"])
    func `a line break in a header's value is refused`(text: String) throws {
        let run = try request(["headers": ["X": "{{text}}"]], ["text": .string(text)])
        #expect(run.calls.isEmpty)
        #expect(run.machine.failure?.code.rawValue == "template.header")
    }

    @Test(arguments: [".", ".."])
    func `an inserted text cannot lead to another path`(text: String) throws {
        let run = try request(["endpoint": "/a/{{text}}/b"], ["text": .string(text)])
        #expect(run.machine.failure?.code.rawValue == "template.path")
    }

    @Test func `an answer is taken apart only for requests`() throws {
        let answer: JSON = ["status": 200, "headers": [:], "body": "x"]
        var run = try request(["endpoint": "/"], [:])
        try run.succeed("A", answer)
        #expect(try run.state("A").output == "x")
        var other = try finished([.call("A")], [])
        try other.succeed("A", answer)
        #expect(try other.state("A").output == answer)
        #expect(try other.state("A").response == nil)
    }

    // MARK: Conditions

    @Test(arguments: [
        ("context.n > 3", true), ("n > 3 and not (n > 5)", true), ("n === 4", true), ("n == null", false),
        ("nothing == null", true), ("nothing.at.all > 1", false), ("!nothing", false),
        ("nothing ?? true", true),
        ("nothing || n == 4", true), ("{{ n == 4 }}", true), ("empty.x == 1", false),
        ("!empty.flag || true", true), ("now().formatTime('yyyy-MM-dd') == '2023-11-14'", true),
    ])
    func `conditions are decided`(text: String, isTrue: Bool) throws {
        let run = try finished([Self.condition("C", text)], context: ["n": 4, "empty": [:]], [])
        #expect(run.machine.steps[0].output == .bool(isTrue))
    }

    @Test func `a switch takes the first case that fits`() throws {
        let steps: [JSON] = [
            [
                "name": "C", "type": "condition",
                "parameters": [
                    "switch": "kind",
                    "cases": [["value": "a", "step": "A"], ["value": 2, "step": "B"]], "default": "D",
                ],
            ], .call("A"), .call("B"), .call("D"),
        ]
        let kinds: [(JSON, String)] = [("a", "A"), (2.0, "B"), ("z", "D"), (nil, "D")]
        for (kind, step) in kinds {
            let run = try finished(steps, context: ["kind": kind], [])
            #expect(run.calls.map { run.machine.workflow.steps[$0.step].name } == [step])
            #expect(run.machine.steps[0].output == .string(step == "D" ? "default" : step))
        }
    }

    @Test func `a switch of conditions without a fitting case skips the rest`() throws {
        let steps: [JSON] = [
            [
                "name": "C", "type": "condition",
                "parameters": ["cases": [["condition": "n > 9", "step": "A"]]],
            ], .call("A"), .call("B"),
        ]
        let run = try finished(steps, context: ["n": 1], [])
        #expect(run.machine.status == .completed)
        #expect(run.machine.steps.map(\.status) == [.completed, .skipped, .skipped])
    }
}
