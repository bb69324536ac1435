import Synchronization
import TenonConnectors
import TenonJSON
import TenonModel
import Testing

@testable import TenonRuntime

@Suite(.timeLimit(.minutes(1)))
struct PipelineSecretTests {
    private static let value = "c0rrect-horse-battery"

    private func body(extract: JSON, load: JSON = ["stream": "out"]) -> JSON {
        [
            "projectId": "project", "name": "p", "sourceIntegrationId": "source",
            "targetIntegrationId": "target",
            "stages": [
                ["name": "E", "type": "extract", "parameters": extract],
                ["name": "L", "type": "load", "parameters": load],
            ],
        ]
    }

    private func run(_ host: SecretHost, _ body: JSON) async throws -> ExecutionRecord {
        let id = try host.host.executePipeline(
            host.host.savePipeline(body, id: nil, options: SaveOptions(updatesByName: true)).id)
        #expect(await host.host.whenFinished(id, within: .seconds(20)))
        return try host.host.execution(id)
    }

    @Test func `the source gets a query with its secret, and the database the query without`() async throws {
        let source = RecordBox()
        let host = try SecretHost(["source": source, "target": RecordBox()])
        try host.set("token", Self.value)
        let record = try await run(host, body(extract: ["query": "SELECT 1 -- {{secret.token}}"]))
        #expect(record.status == "completed")
        let requests = source.kept.withLock { $0.readRequests }
        #expect(requests.contains { $0.contains("SELECT 1 -- \(Self.value)") })
        #expect(try host.files(holding: Self.value) == [])
        #expect(!host.log.text.contains(Self.value))
    }

    @Test func `the target gets a stream with its secret, and the database the name without`() async throws {
        let target = RecordBox()
        let host = try SecretHost(["source": RecordBox(), "target": target])
        try host.set("token", Self.value)
        let record = try await run(host, body(extract: [:], load: ["stream": "t-{{secret.token}}"]))
        #expect(record.status == "completed")
        #expect(target.kept.withLock { $0.requests }.allSatisfy { $0.contains("\"t-\(Self.value)\"") })
        #expect(try host.files(holding: Self.value) == [])
    }

    @Test func `a failure does not repeat the value that it is about`() async throws {
        var plan = RecordBox.Plan()
        plan.failsAfter = 0
        plan.failure = CallFailure(.badData, "no such token: \(Self.value)", effect: .notApplied)
        let host = try SecretHost(["source": RecordBox(plan), "target": RecordBox()])
        try host.set("token", Self.value)
        let record = try await run(host, body(extract: ["query": "{{secret.token}}"]))
        #expect(record.status == "failed")
        #expect(record.json.text.contains("no such token: ********"))
        #expect(try host.files(holding: Self.value) == [])
    }

    @Test func `explaining asks the source with the value, and tells nobody`() throws {
        let source = RecordBox()
        let host = try SecretHost(["source": source, "target": RecordBox()])
        try host.set("token", Self.value)
        let explained = try host.host.explainPipeline(
            document: body(extract: ["query": "SELECT 1 -- {{secret.token}}"]))
        let requests = source.kept.withLock { $0.readRequests }
        #expect(!requests.isEmpty)
        #expect(requests.allSatisfy { $0.contains("SELECT 1 -- \(Self.value)") })
        #expect(!explained.text.contains(Self.value))
    }

    @Test func `a source that refuses what it is asked for is explained without the value`() throws {
        var plan = RecordBox.Plan()
        plan.failsAfter = 0
        plan.failure = CallFailure(.badData, "no such token: \(Self.value)", effect: .notApplied)
        let host = try SecretHost(["source": RecordBox(plan), "target": RecordBox()])
        try host.set("token", Self.value)
        let error = #expect(throws: TenonError.self) {
            try host.host.explainPipeline(document: body(extract: ["query": "{{secret.token}}"]))
        }
        #expect(error?.message.contains("no such token: ********") == true)
        #expect(error?.description.contains(Self.value) == false)
    }

    @Test func `a secret that is not set is a warning when saving and fails the execution`() async throws {
        let host = try SecretHost(["source": RecordBox(), "target": RecordBox()])
        let body = body(extract: ["query": "{{secret.token}}"])
        let saved = try host.host.savePipeline(body, id: nil)
        #expect(saved.warnings.map(\.code) == ["pipeline.secret-not-set"])
        let record = try await run(host, body)
        #expect(record.error?["code"] == "pipeline.secret-not-set")
    }

    @Test(arguments: [
        ["query": "{{context.x}}"], ["query": "{{secret}}"], ["query": "{{secret.a"],
        ["stream": "{{secret.a}}"],
    ])
    func `other names, and a stream that nobody else may hear of, are mistakes`(extract: JSON) throws {
        let host = try SecretHost(["source": RecordBox(), "target": RecordBox()])
        let error = #expect(throws: TenonError.self) {
            try host.host.savePipeline(body(extract: extract, load: [:]), id: nil)
        }
        #expect(error?.fields.first?.pointer.hasPrefix("/stages/") == true)
    }
}
