import TenonJSON
import TenonModel
import TenonWorkflow
import Testing

@Suite struct DefinitionTests {
    /// The mistakes as `code pointer`.
    private func mistakes(_ json: JSON) -> (code: String, fields: [String], message: String) {
        do throws(TenonError) {
            _ = try WorkflowDefinition.parse(json)
            return ("accepted", [], "")
        } catch {
            let fields = error.fields.map { "\($0.code?.rawValue ?? "-") \($0.pointer)" }
            return (error.code.rawValue, fields, error.description)
        }
    }

    private func warnings(_ json: JSON) throws -> [String] {
        try WorkflowDefinition.parse(json).warnings.map { "\($0.code) \($0.pointer)" }
    }

    @Test func `an unknown step type is refused with what was probably meant`() {
        let found = mistakes(.workflow([.call("A", ["type": "api-cal"])]))
        #expect(found.code == "workflow.unknown-step-type")
        #expect(found.fields == ["workflow.unknown-step-type /steps/0/type"])
        #expect(found.message.contains("Did you mean \"api-call\"?"))
    }

    @Test(arguments: StepType.plannedNames)
    func `a step type that comes later is refused as not supported yet`(type: String) {
        let found = mistakes(.workflow([.call("A", ["type": .string(type)])]))
        #expect(found.code == "workflow.unsupported-step")
    }

    @Test(arguments: ["onError", "finally", "concurrency"])
    func `a field that would change an execution is refused as not supported yet`(field: String) {
        #expect(mistakes(.workflow([.call("A")], [:])).code == "accepted")
        let found = mistakes(.workflow([.call("A")], [field: ["limit": 1]]))
        #expect(found.fields == ["workflow.unsupported-field /\(field)"])
    }

    @Test(arguments: ["catch", "compensate"])
    func `a step's field that would change an execution is refused as not supported yet`(field: String) {
        let found = mistakes(.workflow([.call("A", [field: ["x": 1]])]))
        #expect(found.fields == ["workflow.unsupported-field /steps/0/\(field)"])
    }

    @Test func `steps that depend on each other are a cycle that is spelt out`() {
        let found = mistakes(
            .workflow([
                .call("A", ["dependencies": ["C"]]), .call("B", ["dependencies": ["A"]]),
                .call("C", ["dependencies": ["B"]]),
            ]))
        #expect(found.code == "workflow.cycle")
        #expect(found.message.contains("\"A\" waits for \"C\" waits for \"B\" waits for \"A\""))
    }

    @Test func `a step that depends on itself is a cycle`() {
        #expect(mistakes(.workflow([.call("A", ["dependencies": ["A"]])])).code == "workflow.cycle")
    }

    @Test func `barriers take part in the cycle check`() {
        let steps: [JSON] = [
            .call("A", ["order": 0, "dependencies": ["B"]]), .call("B", ["order": 1]),
        ]
        #expect(mistakes(.workflow(steps)).code == "workflow.cycle")
        #expect(mistakes(.workflow(steps, ["mode": "dag"])).code == "accepted")
    }

    @Test func `gates take part in the cycle check`() {
        let condition: JSON = [
            "name": "C", "type": "condition", "order": 1,
            "parameters": ["condition": "true", "trueStep": "A"],
        ]
        #expect(mistakes(.workflow([.call("A", ["order": 0]), condition])).code == "workflow.cycle")
    }

    @Test func `an unknown dependency is refused with what was probably meant`() {
        let found = mistakes(.workflow([.call("Extract"), .call("Load", ["dependencies": ["Extrct"]])]))
        #expect(found.fields == ["workflow.unknown-dependency /steps/1/dependencies/0"])
        #expect(found.message.contains("Did you mean \"Extract\"?"))
    }

    @Test func `names and ids that occur twice are refused`() {
        #expect(
            mistakes(.workflow([.call("A"), .call("A")])).fields == ["workflow.duplicate-step /steps/1/name"])
        let found = mistakes(.workflow([.call("A", ["id": "x"]), .call("B", ["id": "x"])]))
        #expect(found.fields == ["workflow.duplicate-step /steps/1/id"])
    }

    @Test func `names with one slug get ids of their own`() throws {
        let definition = try WorkflowDefinition.parse(.workflow([.call("A b"), .call("a-B")])).definition
        #expect(definition.steps.map(\.id) == ["a-b", "a-b-2"])
    }

    @Test func `mistakes in expressions and templates are found when saving`() {
        let found = mistakes(
            .workflow([
                [
                    "name": "C", "type": "condition",
                    "parameters": ["condition": "design.status = 'approved'"],
                ],
                .call("A", ["runIf": "steps.Nobody.output > 1"]),
                .call(
                    "B", ["parameters": ["integrationId": "i", "action": "x", "input": ["a": ["{{1 +}}"]]]]),
                .call("D", ["parameters": ["integrationId": "i", "action": "x", "input": "{{secret}}"]]),
            ]))
        #expect(found.code == "workflow.invalid")
        #expect(
            found.fields == [
                "expression.invalid /steps/0/parameters/condition",
                "template.invalid /steps/2/parameters/input/a/0",
                "template.invalid /steps/3/parameters/input", "expression.invalid /steps/1/runIf",
            ])
        #expect(found.message.contains("there is no \"Nobody\" in steps"))
    }

    @Test func `a template that cannot name anything says how names with spaces are written`() {
        let found = mistakes(
            .workflow([
                .call(
                    "B",
                    ["parameters": ["integrationId": "i", "action": "x", "input": "{{context.Nope Data}}"]])
            ]))
        #expect(found.code == "template.invalid")
        #expect(found.message.contains("context[\"like this\"]"))
    }

    @Test func `bad retries and timeouts are refused where they stand`() {
        let found = mistakes(
            .workflow(
                [
                    .call(
                        "A",
                        [
                            "timeout": "soon",
                            "retry": [
                                "maxAttempts": 0, "initialDelay": "-1s", "factor": 0.5, "jitter": 2,
                                "on": ["never"],
                            ],
                        ])
                ], ["timeout": 0]))
        #expect(
            Set(found.fields) == [
                "workflow.invalid /timeout", "workflow.invalid /steps/0/timeout",
                "workflow.invalid /steps/0/retry/maxAttempts", "workflow.invalid /steps/0/retry/initialDelay",
                "workflow.invalid /steps/0/retry/factor", "workflow.invalid /steps/0/retry/jitter",
                "workflow.invalid /steps/0/retry/on/0",
            ])
    }

    @Test(
        arguments: [
            (250, 250), ("500ms", 500), ("30s", 30_000), ("1.5m", 90_000), ("1h30m", 5_400_000),
        ] as [(JSON, Int64)])
    func `a timeout is milliseconds or a text with units`(timeout: JSON, milliseconds: Int64) throws {
        let json = JSON.workflow([.call("A")], ["timeout": timeout])
        #expect(try WorkflowDefinition.parse(json).definition.timeout == .milliseconds(milliseconds))
    }

    @Test(arguments: [
        JSON.null, [], "x", 1, [:], ["steps": 1], ["steps": []], ["steps": [1, nil, []]],
        ["projectId": 1, "name": [], "steps": [["name": 1, "type": 2]]],
        ["projectId": "p", "name": "n", "steps": [["name": "a", "type": "api-call", "parameters": 5]]],
        ["projectId": "p", "name": "n", "steps": [["name": "a", "type": "condition", "dependencies": "x"]]],
        ["projectId": "p", "name": "n", "steps": [["name": "a", "type": "data-transform"]]],
    ])
    func `what is no workflow is refused and never crashes`(json: JSON) {
        #expect(mistakes(json).code == "workflow.invalid")
    }

    @Test func `every changed field of a good definition is accepted or refused, never a crash`() throws {
        let good = SpecificationExampleTests.multiSystemSync
        let replacements: [JSON] = [
            nil, true, -1, 1e300, "", "{{", "}}", "a.b(", [], [[]], [:], ["": ""], "\u{0}", .number("1e999"),
        ]
        for pointer in good.allPointers {
            for replacement in replacements {
                _ = mistakes(good.replacing(pointer, with: replacement))
            }
        }
    }

    @Test func `warnings name what is probably not meant`() throws {
        let found = try warnings(
            .workflow(
                [
                    .call("A", ["ordr": 1]),
                    [
                        "name": "C", "type": "condition",
                        "parameters": ["condition": "1 == 2", "trueStep": "B"],
                    ],
                    .call("B"), .call("D", ["dependencies": ["B"]]),
                ], ["integrationIds": ["unused"], "nmae": "x", "inputSchema": [:]]))
        #expect(
            Set(found) == [
                "workflow.unknown-field /steps/0/ordr", "workflow.unknown-field /nmae",
                "workflow.unused-integration /integrationIds/0",
                "workflow.unlisted-integration /steps/0/parameters/integrationId",
                "workflow.unlisted-integration /steps/2/parameters/integrationId",
                "workflow.unlisted-integration /steps/3/parameters/integrationId",
                "workflow.unreachable-step /steps/2", "workflow.unreachable-step /steps/3",
            ])
    }

    @Test func `a write without idempotency is a warning, unless it has a key or a policy`() throws {
        func post(_ name: String, _ headers: JSONObject, _ more: JSONObject) -> JSON {
            .call(
                name,
                JSONObject(
                    [
                        (
                            key: "parameters",
                            value: ["integrationId": "i", "method": "POST", "headers": .object(headers)]
                        )
                    ]
                        + more.members))
        }
        let found = try warnings(
            .workflow([
                post("A", [:], [:]), post("B", ["Idempotency-Key": "{{execution.id}}"], [:]),
                post("C", [:], ["onInDoubt": "retry"]),
            ]))
        #expect(found == ["workflow.write-without-idempotency /steps/0"])
    }

    @Test func `a thousand steps compile`() throws {
        let steps = (0..<1000).map { JSON.call("Step \($0)", ["order": .int(Int64($0))]) }
        let workflow = try CompiledWorkflow(try WorkflowDefinition.parse(.workflow(steps)).definition)
        #expect(workflow.steps.count == 1000)
        #expect(workflow.step(named: "step-999") == 999)
    }
}

extension JSON {
    /// The pointers of every value in here, this one's excepted.
    fileprivate var allPointers: [JSONPointer] {
        switch self {
        case .array(let elements):
            elements.enumerated().flatMap { index, element in
                [JSONPointer([String(index)])]
                    + element.allPointers.map { JSONPointer([String(index)] + $0.tokens) }
            }
        case .object(let object):
            object.members.flatMap { member in
                [JSONPointer([member.key])]
                    + member.value.allPointers.map { JSONPointer([member.key] + $0.tokens) }
            }
        default: []
        }
    }

    fileprivate func replacing(_ pointer: JSONPointer, with value: JSON) -> JSON {
        guard let token = pointer.tokens.first else { return value }
        let rest = JSONPointer(Array(pointer.tokens.dropFirst()))
        switch self {
        case .array(var elements):
            guard let index = Int(token) else { return self }
            elements[index] = elements[index].replacing(rest, with: value)
            return .array(elements)
        case .object(var object):
            object[token] = object[token]?.replacing(rest, with: value)
            return .object(object)
        default: return self
        }
    }
}

@Suite struct ManyMistakesTests {
    @Test func `thousands of mistakes are cut short`() throws {
        let steps = (0..<1000).map { JSON.call("Step \($0)", ["dependencies": [.string("Stp \($0)")]]) }
        let error = #expect(throws: TenonError.self) { try WorkflowDefinition.parse(.workflow(steps)) }
        #expect(error?.fields.count == Limits.mistakesPerDefinition)
        #expect(error?.code.rawValue == "workflow.unknown-dependency")
    }

    @Test func `thousands of branches that lead nowhere are warnings`() throws {
        let steps = (0..<1000).map { number -> JSON in
            [
                "name": .string("C \(number)"), "type": "condition",
                "parameters": ["condition": "true", "trueStep": .string("D\(number)")],
            ]
        }
        let warnings = try WorkflowDefinition.parse(.workflow(steps)).warnings
        #expect(warnings.count { $0.code == "workflow.unknown-branch" } == 1000)
    }
}
