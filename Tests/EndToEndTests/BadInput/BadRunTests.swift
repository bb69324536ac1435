import Foundation
import Glibc
import TenonAPI
import TenonJSON
import TenonTestKit
import Testing

/// What only goes wrong when it runs: the execution fails with a code and a sentence, and the host goes on.
struct BadRunTests {
    /// A step that calls `integration`.
    private static func workflow(_ integration: String, action: String, input: JSON) -> JSON {
        [
            "projectId": "project-123", "name": "w", "integrationIds": [.string(integration)],
            "steps": [
                [
                    "name": "a", "type": "api-call", "order": 0,
                    "parameters": [
                        "integrationId": .string(integration), "action": .string(action), "input": input,
                    ],
                ]
            ],
        ]
    }

    private static func pipeline(_ source: String, stream: String, to target: String) -> JSON {
        [
            "projectId": "project-123", "name": "p", "sourceIntegrationId": .string(source),
            "targetIntegrationId": .string(target),
            "stages": [
                [
                    "name": "Extract", "type": "extract", "order": 0, "transformations": [],
                    "parameters": ["stream": .string(stream)],
                ],
                [
                    "name": "Load", "type": "load", "order": 1, "transformations": [],
                    "parameters": ["stream": "arrived", "createIfMissing": true],
                ],
            ],
        ]
    }

    /// Saves and executes over REST; answers the saved definition and the execution's error.
    private static func run(_ definition: JSON, on host: ServedHost) async throws -> (
        saved: JSON, error: JSON
    ) {
        let isPipeline = definition["stages"] != nil
        let (create, execute) =
            isPipeline
            ? (Endpoint.createPipeline, Endpoint.executePipeline)
            : (Endpoint.createWorkflow, Endpoint.executeWorkflow)
        let created = try await RawRequest(method: "POST", path: create.path, body: definition.text)
            .send(to: host)
        #expect(created.status == 201, "\(created.json.text)")
        let saved = created.json[isPipeline ? "pipeline" : "workflow"] ?? .null
        let id = try #require(saved["id"]?.string)
        let answer = try await RawRequest(method: "POST", path: execute.path(id: id), body: "{}")
            .send(to: host)
        #expect(answer.status == 200, "\(answer.json.text)")
        #expect(answer.json["execution"]?["status"] == "failed", "\(answer.json.text)")

        // What the command line says of it, without another run: one whose source vanishes takes its time.
        let watch = try await host.run([
            "execution", "watch", answer.json["execution"]?["id"]?.string ?? "",
        ])
        #expect(watch.exitCode == 1)
        let message = answer.json["execution"]?["error"]?["message"]?.string ?? ""
        #expect(watch.errors.contains("is failed: ") && !watch.errors.contains(".."), "\(watch.errors)")
        #expect(!message.isEmpty)
        return (saved, answer.json["execution"]?["error"] ?? .null)
    }

    @Test func `an integration that is not deployed warns when saved and fails when run`() async throws {
        let host = try ServedHost()
        let (saved, error) = try await Self.run(
            Self.workflow("nobody", action: "echo", input: [:]), on: host)
        #expect(saved["warnings"]?[0]?["code"] == "workflow.integration-not-deployed")
        #expect(saved["warnings"]?[0]?["pointer"] == "/steps/0/parameters/integrationId")
        #expect(error["code"] == "integration.not-deployed")
        #expect(error["message"]?.string?.contains("tenon deploy") == true)

        let pipeline = try await Self.run(Self.pipeline("a", stream: "s", to: "b"), on: host)
        #expect(pipeline.saved["warnings"]?[0]?["code"] == "pipeline.integration-not-deployed")
        #expect(pipeline.error["code"] == "integration.not-deployed")
    }

    @Test func `a template that names nothing, and an action that is not there, fail the step`()
        async throws
    {
        let host = try ServedHost()
        try await host.deploy(fixture: "misbehave", as: "echo")
        let template = try await Self.run(
            Self.workflow("echo", action: "echo", input: ["v": "{{context.nothing}}"]), on: host
        ).error
        #expect(template["code"] == "template.missing")
        #expect(template["message"]?.string?.contains("?? default") == true)
        var other = Self.workflow("echo", action: "nothing", input: [:]).object ?? JSONObject()
        other["name"] = "other"
        let action = try await Self.run(.object(other), on: host).error
        #expect(action["code"] == "action.unknown")
        #expect(action["message"]?.string?.contains("It has echo,") == true)
        let list = try JSONParser.parse(try await host.run(["execution", "list", "--json"]).output)
        let id = list["executions"]?[0]?["id"]?.string ?? ""
        let shown = try await host.run(["execution", "show", id]).output
        let row = shown.split(separator: "\n").first { $0.hasPrefix("a ") } ?? ""
        #expect(row.contains("failed") && row.contains("has no action \"nothing\""), "\(shown)")
        #expect(await host.stop() == 0)
    }

    @Test(arguments: ["vanishAt=2500", "failAt=2500"])
    func `a source that vanishes midway fails the pipeline and leaves nothing half done`(how: String)
        async throws
    {
        let host = try ServedHost()
        let target = host.directory.file("target.db")
        try await host.deploy(fixture: "counter", as: "source", ["rows=5000", "batchRows=100", how])
        try await host.deploy("sqlite", as: "target", ["path=\(target)", "createIfMissing=true"])
        let error = try await Self.run(
            Self.pipeline("source", stream: "numbers", to: "target"), on: host
        ).error
        #expect(error["code"] == "pipeline.source-failed")
        #expect(error["message"]?.string?.contains(". The target keeps what was committed before.") == true)
        try await sqlite3(target, "CREATE TABLE arrived(nothing_was_there_before)")
        #expect(try await RawRequest(path: "/health/ready").send(to: host).status == 200)
    }

    @Test func `an HTTP answer that breaks off midway fails the pipeline`() async throws {
        let host = try ServedHost()
        let server = try LocalServer()
        try await host.deploy(
            "http", as: "source", ["baseUrl=\(server.url)", #"streams={"cut": "/cut"}"#])
        try await host.deploy(
            "sqlite", as: "target", ["path=\(host.directory.file("t.db"))", "createIfMissing=true"])
        let error = try await Self.run(Self.pipeline("source", stream: "cut", to: "target"), on: host).error
        #expect(error["code"] == "pipeline.source-failed")
        #expect(error["class"] == "transient")
        #expect(error["message"]?.string?.contains("broke off") == true, "\(error.text)")
    }

    @Test(.enabled(if: TinyDisk.isPossible, "mounting a tmpfs takes root"))
    func `a full disk of the target fails the pipeline and undoes what was not committed`() async throws {
        let host = try ServedHost()
        let disk = try TinyDisk()
        try await host.deploy(fixture: "counter", as: "source", ["rows=200000"])
        try await host.deploy(
            "sqlite", as: "target", ["path=\(disk.path)/target.db", "createIfMissing=true"])
        let error = try await Self.run(
            Self.pipeline("source", stream: "numbers", to: "target"), on: host
        ).error
        #expect(error["code"] == "pipeline.target-full")
        #expect(error["message"]?.string?.contains("is full. What it had committed") == true, "\(error.text)")
        #expect(error["message"]?.string?.contains("Make room") == true)
        #expect(await host.stop() == 0)
    }
}

/// The API of `Tests/Fixtures/Servers/api_server.py`, until the value goes away.
private final class LocalServer {
    let url: String
    private let process = Process()
    private let input = Pipe()

    init() throws {
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", Fixtures.root + "/Tests/Fixtures/Servers/api_server.py"]
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        url = "http://127.0.0.1:" + line.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}

/// A file system of 256 kB.
private final class TinyDisk {
    static let isPossible = (try? TinyDisk()) != nil

    private let directory = TemporaryDirectory()
    var path: String { directory.path }

    init() throws {
        let status = mount("tmpfs", directory.path, "tmpfs", 0, "size=256k")
        try #require(status == 0, "mount failed with \(errno)")
    }

    deinit { _ = umount2(path, Int32(MNT_DETACH)) }
}
