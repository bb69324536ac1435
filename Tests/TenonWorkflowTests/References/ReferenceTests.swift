import TenonJSON
import TenonModel
import TenonWorkflow
import Testing

/// What a definition says about the names in its expressions when it is saved.
@Suite struct ReferenceTests {
    /// The mistakes of a workflow, as `pointer: message`.
    private func mistakes(_ json: JSON) -> [String] {
        do throws(TenonError) {
            _ = try WorkflowDefinition.parse(json)
            return []
        } catch {
            return error.fields.map { "\($0.pointer): \($0.message)" }
        }
    }

    private func mistake(in template: String, _ more: JSONObject = [:]) -> String {
        mistakes(.workflow([.call("Fetch Data"), .reading("Send", template)], more)).joined(separator: "\n")
    }

    private func warnings(_ json: JSON) throws -> [String] {
        try WorkflowDefinition.parse(json).warnings.filter {
            $0.code.hasPrefix("workflow.reads") || $0.code == "workflow.unknown-name"
        }.map { "\($0.pointer): \($0.message)" }
    }

    // MARK: Mistakes

    @Test(arguments: [
        ("steps.Fetch Dta.output", "Did you mean steps.Fetch Data?", 7),
        ("steps.fetch-data.outptu", "Did you mean \"output\"?", 1),
        ("steps.fetch-data.response.header", "Did you mean \"headers\"?", 1),
        ("1 + steps.fetch-data.error.mesage", "Did you mean \"message\"?", 5),
        ("execution.startedAtt", "Did you mean \"startedAt\"?", 1),
        ("workflow.title", "there is no \"title\" in workflow. It has name, projectId", 1),
        ("steps.fetch-data.status.code", "there is no \"code\" in steps.fetch-data.status", 1),
        ("context.Fetch Dta.id", "Did you mean context.Fetch Data?", 15),
    ])
    func `a name that cannot exist is a mistake with its position and what was meant`(
        expression: String, message: String, position: Int
    ) {
        let found = mistake(in: "{{\(expression)}}")
        #expect(found.contains(message), "\(found)")
        #expect(found.contains("(character \(position + 2) of"), "\(found)")
        #expect(found.hasPrefix("/steps/1/parameters/input"))
    }

    @Test(arguments: [
        "steps.Fetch Data.output.anything.at.all", "steps.fetch-data.response.headers.etag", "steps",
        "context.Fetch Data.id", "context.whatever", "whatever.id", "execution.hasFailed", "workflow.name",
        "trigger.type", "context.list.map(secret, secret.x)", "steps.fetch-data.attempts",
    ])
    func `names that exist or may exist are accepted`(expression: String) {
        #expect(mistake(in: "{{\(expression) ?? 0}}") == "")
    }

    @Test func `where the input schema allows no other keys, other names are mistakes`() {
        let schema: JSONObject = [
            "inputSchema": [
                "type": "object", "properties": ["design": true], "additionalProperties": false,
            ]
        ]
        #expect(mistake(in: "{{design.id}} {{context.design.id}} {{context.Fetch Data}}", schema) == "")
        #expect(mistake(in: "{{desing.id}}", schema).contains("Did you mean \"design\"?"))
        #expect(mistake(in: "{{context.desing}}", schema).contains("Did you mean \"design\"?"))
        #expect(mistake(in: "{{item.id}}", schema).contains("there is no \"item\""))
        let open: JSONObject = [
            "inputSchema": [
                "properties": ["design": true], "patternProperties": ["^x": true],
                "additionalProperties": false,
            ]
        ]
        #expect(mistake(in: "{{x1}}", open) == "")
    }

    // MARK: Warnings

    @Test func `a step that reads what has not ended is warned of, whatever the graph`() throws {
        let later = JSON.workflow([.reading("A", "{{steps.B.output}}"), .call("B", ["order": 1])])
        #expect(try warnings(later).joined().contains("add \"B\" to its dependencies"))
        let beside = JSON.workflow([
            .call("A", ["order": 1]), .reading("B", "{{context.A.id}}", ["order": 1]),
        ])
        #expect(try warnings(beside).count == 1)
        let own = JSON.workflow([.reading("A", "{{steps.A.attempts}}")])
        #expect(try warnings(own).joined().contains("reads its own output"))
        let disabled = JSON.workflow([.call("A", ["enabled": false]), .reading("B", "{{context.A}}")])
        #expect(try warnings(disabled).joined().contains("\"A\", which is disabled"))
        let order = JSON.workflow([.call("A"), .call("B"), .reading("C", "{{context.A}} {{steps.B.output}}")])
        #expect(try warnings(order) == [])
    }

    @Test func `in a graph of dependencies a step may read all that are before it, and no others`() throws {
        func graph(_ read: String) -> JSON {
            .workflow(
                [
                    .call("A"), .call("B", ["dependencies": ["A"]]), .call("X"),
                    .condition("C", "true", "D", ["dependencies": ["B"]]),
                    .reading("D", "{{steps.\(read).output}}"),
                ], ["mode": "dag"])
        }
        #expect(try warnings(graph("A")) == [])
        #expect(try warnings(graph("C")) == [])
        #expect(try warnings(graph("X")).count == 1)
    }

    @Test func `a name that nobody declares is warned of where something like it exists`() throws {
        func found(_ expression: String) throws -> String {
            try warnings(
                .workflow([.call("fetch", ["outputAs": "design"]), .reading("B", "{{\(expression) ?? 0}}")])
            ).joined()
        }
        #expect(try found("desgin.id").contains("Did you mean \"design\"?"))
        #expect(try found("contxt.id").contains("Did you mean \"context\"?"))
        #expect(try found("item.id").contains("in loops only"))
        #expect(try found("fetch.id").contains("context.fetch"))
        #expect(try found("customer.id") == "")
        #expect(try found("design.id") == "")
    }

    // MARK: What is inferred

    @Test func `a step's data dependencies are those that its expressions read`() throws {
        let steps: [JSON] = [
            .call("Fetch Data", ["outputAs": "design"]), .call("Other"),
            .condition("Check", "steps.other.output.ok && design.cost > 3", "Send"),
            .reading(
                "Send", "{{context.Fetch Data.id}} {{context.unknown ?? 1}}", ["runIf": "steps.Check.output"]),
            [
                "name": "Shape", "type": "data-transform",
                "parameters": [
                    "input": "context['Other'].list",
                    "transformation": ["type": "map", "mapping": ["a": "{{context.Fetch Data.id}}"]],
                ],
            ],
        ]
        let workflow = try CompiledWorkflow(WorkflowDefinition.parse(.workflow(steps)).definition)
        #expect(workflow.steps.map(\.reads.steps) == [[], [], [0, 1], [0, 2], [0, 1]])
    }

    @Test func `a very large graph is checked in bounded time`() throws {
        // Each step of this chain waits for and reads the one before and a hundred others.
        let steps: [JSON] = (0..<3000).map { number in
            let before = (max(0, number - 100)..<number).map { JSON.string("s\($0)") }
            return .reading(
                "s\(number)", number == 0 ? "x" : "{{steps.s\(number - 1).output}}",
                ["dependencies": .array(before)])
        }
        #expect(try warnings(.workflow(steps, ["mode": "dag"])) == [])
    }
}

extension JSON {
    /// A call whose input is this template.
    static func reading(_ name: String, _ template: String, _ more: JSONObject = [:]) -> JSON {
        .call(
            name,
            JSONObject(
                [("parameters", ["integrationId": "i", "action": "echo", "input": .string(template)])]
                    + more.members))
    }

    static func condition(_ name: String, _ condition: String, _ step: String, _ more: JSONObject = [:])
        -> JSON
    {
        .object(
            JSONObject(
                [
                    ("name", .string(name)), ("type", "condition"),
                    ("parameters", ["condition": .string(condition), "trueStep": .string(step)]),
                ] + more.members))
    }
}
