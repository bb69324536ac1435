import TenonJSON
import TenonModel
import TenonWorkflow
import Testing

/// Secrets in the expressions of a workflow: where they may stand, and where their values go.
@Suite struct SecretTests {
    private func mistake(_ steps: [JSON]) -> String {
        do throws(TenonError) {
            _ = try WorkflowDefinition.parse(.workflow(steps))
            return ""
        } catch {
            return error.fields.map { "\($0.pointer): \($0.message)" }.joined(separator: "\n")
        }
    }

    private static func source(
        _ values: SecretValues
    ) -> @Sendable ([String]) throws(TenonError) -> GivenSecrets {
        { names in GivenSecrets(names, of: values, mask: SecretMask(values.all(of: names))) }
    }

    private static func request(_ parameters: JSONObject) -> JSON {
        .call("A", ["parameters": .object(JSONObject([("integrationId", "i")] + parameters.members))])
    }

    @Test func `every part of a connector's input may hold a secret`() throws {
        let step = Self.request([
            "method": "POST", "endpoint": "/{{secret.path}}", "query": ["key": "{{secret.key}}"],
            "headers": ["Authorization": "Bearer {{secret.token}}"],
            "data": ["password": "{{secret.password}}"],
        ])
        let workflow = try CompiledWorkflow(WorkflowDefinition.parse(.workflow([step])).definition)
        #expect(workflow.steps[0].reads.secrets == ["key", "password", "path", "token"])
        #expect(workflow.secrets == ["key", "password", "path", "token"])
    }

    private static let elsewhere: [(String, JSON)] = [
        ("/steps/0/parameters/condition", .condition("A", "secret.key == 'x'", "A")),
        ("/steps/0/runIf", .call("A", ["runIf": "size(secret.key) > 3"])),
        (
            "/steps/0/parameters/input",
            [
                "name": "A", "type": "data-transform",
                "parameters": [
                    "input": ["k": "{{secret.key}}"], "transformation": ["type": "map", "mapping": [:]],
                ],
            ]
        ),
        (
            "/steps/0/parameters/switch",
            [
                "name": "A", "type": "condition",
                "parameters": ["switch": "secret.key", "cases": [["value": 1, "step": "A"]]],
            ]
        ),
    ]

    @Test(arguments: elsewhere)
    func `anywhere else a secret is a mistake`(pointer: String, step: JSON) {
        let found = mistake([step])
        #expect(found.hasPrefix(pointer) && found.contains("input of a connector"), "\(found)")
    }

    @Test(arguments: ["secret", "secret[context.name]", "secret.a.b", "steps[secret.a]['b'] == secret"])
    func `a secret is named as it stands`(expression: String) {
        #expect(mistake([.reading("A", "{{\(expression)}}")]) != "")
    }

    @Test func `the input holds the value, and the state that is recorded does not`() throws {
        var simulation = try Simulation(
            .workflow([
                Self.request(["headers": ["Authorization": "Bearer {{secret.token}}"]]),
                .reading("B", "{{context.A}}"),
            ]))
        simulation.machine.secretSource = Self.source(["token": "abc-def-123", "other": "not used"])
        try simulation.start()
        let call = simulation.calls[0]
        #expect(call.input["headers"]?["Authorization"] == "Bearer abc-def-123")
        #expect(call.mask.masked("got Bearer abc-def-123, not used") == "got Bearer ********, not used")
        try simulation.succeed("A", call.mask.masked(["echo": "abc-def-123"]))
        #expect(simulation.calls.last?.input == ["echo": "********"])
        // A later call is masked too: its connector may know the token from the first.
        #expect(simulation.calls.last?.mask == call.mask)
    }

    @Test func `a value that was replaced before is masked, and given to nobody`() throws {
        var simulation = try Simulation(.workflow([.reading("A", "{{secret.token}}")]))
        simulation.machine.secretSource = Self.source(
            SecretValues(
                ["token": "abc-def-123"], replaced: ["token": ["ghi-jkl-456"], "other": ["not used"]]))
        try simulation.start()
        #expect(simulation.calls[0].input == "abc-def-123")
        #expect(
            simulation.calls[0].mask.masked("abc-def-123 ghi-jkl-456 not used")
                == "******** ******** not used")
    }

    @Test func `a secret that is not there fails the step and says how to set it`() throws {
        var simulation = try Simulation(.workflow([.reading("A", "{{secret.erp_key}}")]))
        simulation.machine.secretSource = Self.source(["erp": "abcdefgh"])
        try simulation.start()
        #expect(simulation.machine.status == .failed)
        let message = try simulation.state("A").error?.message ?? ""
        #expect(message.contains("tenon secret set erp_key --project project-1"), "\(message)")
        var withDefault = try Simulation(.workflow([.reading("A", "{{secret.erp_key ?? 'none'}}")]))
        try withDefault.start()
        #expect(withDefault.calls[0].input == "none")
    }

    @Test func `an error about an input does not repeat the secret in it`() throws {
        var simulation = try Simulation(.workflow([Self.request(["endpoint": "/a/../{{secret.key}}/b"])]))
        simulation.machine.secretSource = Self.source(["key": "s3cr3t-key"])
        try simulation.start()
        let failure = try #require(try simulation.state("A").error)
        #expect(failure.code == "template.path")
        #expect(!"\(failure)".contains("s3cr3t-key"))
        #expect(failure.message.contains("********"))
    }

    @Test func `where secrets cannot be opened, the step that needs one fails with the reason`() throws {
        var simulation = try Simulation(.workflow([.reading("A", "{{secret.key}}")]))
        simulation.machine.secretSource = { _ throws(TenonError) in
            throw TenonError(ErrorCode("secrets.unreadable", 500), "cannot be opened")
        }
        try simulation.start()
        #expect(try simulation.state("A").error?.code == "secrets.unreadable")
    }
}
