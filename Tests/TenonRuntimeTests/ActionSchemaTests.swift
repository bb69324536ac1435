import Synchronization
import TenonConnectors
import TenonJSON
import TenonModel
import Testing

@testable import TenonRuntime

@Suite(.timeLimit(.minutes(1)))
struct ActionSchemaTests {
    /// An action that takes `{"step": …}` and promises `{"id": integer}`.
    private func action() throws -> ActionDescription {
        let document: JSON = [
            "name": "mail", "version": "1.0.0", "type": "action", "runtime": "tenon", "abi": "1.0",
            "libraries": [
                "linux-x86_64": "lib/linux-x86_64/m.so", "linux-aarch64": "lib/linux-aarch64/m.so",
            ],
            "configSchema": true, "capabilities": ["tenon.instance/1", "tenon.action/1"],
            "actions": [
                [
                    "name": "do", "effect": "write",
                    "input": ["properties": ["step": ["type": "string", "maxLength": 4]]],
                    "output": ["required": ["id"], "properties": ["id": ["type": "integer"]]],
                ]
            ],
        ]
        return try #require(try Manifest.parse(JSONWriter.bytes(document)).action("do"))
    }

    private func host(_ calls: Calls, answer: String) throws -> EngineHost {
        let there = InProcessConnection { _ in
            calls.count.add(1, ordering: .relaxed)
            return .now(.success(Array(answer.utf8)))
        }
        return try EngineHost(["there": there], effect: .write, action: action())
    }

    private final class Calls: Sendable {
        let count = Atomic<Int>(0)
        var made: Int { count.load(ordering: .relaxed) }
    }

    @Test func `a step whose input does not fit the action's schema fails before anything is sent`()
        async throws
    {
        let calls = Calls()
        let host = try host(calls, answer: "{\"id\":1}")
        let record = try await host.run([call("much too long", order: 0)])
        let error = record.steps?[0]?["error"]
        #expect(record.status == "failed")
        #expect(error?["code"]?.string == "action.input-invalid")
        #expect(error?["fieldPath"]?.string == "/input/step")
        #expect(calls.made == 0)
    }

    @Test func `a step whose connector answers what its schema does not allow fails, and is not repeated`()
        async throws
    {
        let calls = Calls()
        let host = try host(calls, answer: "{\"id\":\"one\"}")
        let record = try await host.run([call("one", order: 0, ["retry": ["maxAttempts": 3]])])
        let error = record.steps?[0]?["error"]
        #expect(record.status == "failed")
        #expect(error?["code"]?.string == "action.output-invalid")
        #expect(error?["effect"]?.string == "applied")
        #expect(calls.made == 1)
    }

    @Test func `what fits on both ways goes through`() async throws {
        let host = try host(Calls(), answer: "{\"id\":1}")
        let record = try await host.run([call("one", order: 0)])
        #expect(record.status == "completed")
        #expect(record.steps?[0]?["output"] == ["id": 1])
    }

    @Test func `a single call is held against the schemas too`() throws {
        let host = try host(Calls(), answer: "{\"id\":\"one\"}")
        let input = #expect(throws: TenonError.self) {
            try host.host.invokeAction(
                ProjectID("p"), IntegrationID("there"), action: "do", input: ["step": 1])
        }
        #expect(input?.code == .actionInputInvalid)
        #expect(input?.fields.map(\.pointer) == ["/input/step"])
        let output = #expect(throws: TenonError.self) {
            try host.host.invokeAction(ProjectID("p"), IntegrationID("there"), action: "do", input: [:])
        }
        #expect(output?.code == .actionOutputInvalid)
        #expect(output?.fields.map(\.pointer) == ["/output/id"])
    }
}
