import Foundation
import TenonAPI
import TenonClient
import TenonJSON
import TenonTestKit
import Testing

/// The description in `/openapi.json` beside what a host answers.
struct AnswerTests {
    /// A host that is asked, and the operations that were.
    private final class Asked {
        let host: ServedHost
        let description: AnswerDescription
        var operations: Set<String> = []

        init(_ host: ServedHost) async throws {
            self.host = host
            description = AnswerDescription(
                try await RawRequest(path: Endpoint.description.path()).send(to: host).json)
        }

        /// Asks and compares status and body with what the operation's description says.
        @discardableResult
        func ask(
            _ endpoint: Endpoint, _ id: String? = nil, name: String? = nil, body: JSON? = nil,
            query: String = ""
        ) async throws -> JSON {
            var request = RawRequest(path: endpoint.path(id: id, name: name) + query)
            request.method = endpoint.method.rawValue
            request.body = body?.text
            let answer = try await request.send(to: host)
            let statuses = description.statuses(of: endpoint.operation)
            #expect(statuses.contains("\(answer.status)"), "\(endpoint.operation): \(answer.json.text)")
            note(endpoint, answer.json)
            return answer.json
        }

        /// Asks for what is refused, and compares the problem document with its description.
        func refused(_ endpoint: Endpoint, body: JSON) async throws -> JSON {
            var request = RawRequest(path: endpoint.path())
            request.method = endpoint.method.rawValue
            request.body = body.text
            let answer = try await request.send(to: host)
            #expect(answer.status == 422)
            #expect(description.problems(ofComponent: "Problem", answer.json) == [])
            return answer.json
        }

        func note(_ endpoint: Endpoint, _ answer: JSON) {
            operations.insert(endpoint.operation)
            #expect(description.problems(of: endpoint.operation, answer) == [])
        }
    }

    @Test func `every answer is what the description says, and has no member more`() async throws {
        let host = try ServedHost()
        let folder = host.directory.file("tables")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try "id,kind\n1,a\n2,b\n".write(toFile: folder + "/in.csv", atomically: true, encoding: .utf8)
        try await host.deploy("files", as: "tables", ["path=\(folder)"])
        try await host.deploy(fixture: "misbehave", as: "other")
        let asked = try await Asked(host)
        try await askHost(asked)
        try await askConnectors(asked, folder)
        let workflow = try await askWorkflows(asked)
        let pipeline = try await askPipelines(asked)
        try await askExecutions(asked, workflow, pipeline)
        try await askTriggers(asked, workflow)
        try await asked.ask(.setSecret, "project-123", name: "key", body: ["value": "a value"])
        try await asked.ask(.listSecrets, "project-123")
        try await asked.ask(.removeSecret, "project-123", name: "key")
        let all = Set(Endpoint.all.map(\.operation))
        #expect(asked.operations == all, "\(all.subtracting(asked.operations)) was not asked")
    }

    private func askHost(_ asked: Asked) async throws {
        for endpoint in [Endpoint.live, .ready, .description] { try await asked.ask(endpoint) }
        try await asked.ask(.errorPage, "workflow.cycle")
    }

    private func askConnectors(_ asked: Asked, _ folder: String) async throws {
        let file = try Products.package("http")
        let size = try #require(try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int64)
        var upload = ClientCall(.uploadPackage)
        upload.query = [("allowUnsigned", "true")]
        upload.body = .file(UploadFile(path: file, byteCount: size))
        let package = try await asked.host.client.send(upload)
        asked.note(.uploadPackage, package)
        try await asked.ask(.listPackages)
        try await asked.ask(.getPackage, "http")
        let version = package["package"]?["version"]?.string ?? ""
        try await asked.ask(.removePackage, "http", query: "?version=\(version)")
        try await asked.ask(
            .createConnector, body: ["name": "Draft", "type": "source", "configuration": [:]])
        let connectors = try await asked.ask(.listConnectors)["connectors"]?.array ?? []
        let files = try #require(connectors.first { $0["name"] == "files" }?["id"]?.string)
        try await asked.ask(.getConnector, files)
        let deployment: JSON = [
            "projectId": "project-123", "integrationId": "third", "configuration": ["path": .string(folder)],
        ]
        let instance = try await asked.ask(.deployConnector, files, body: deployment)
        let id = try #require(instance["instance"]?["id"]?.string)
        try await asked.ask(.listInstances)
        try await asked.ask(.getInstance, id)
        try await asked.ask(.checkInstance, id)
        try await asked.ask(.removeInstance, id)
    }

    private func askWorkflows(_ asked: Asked) async throws -> String {
        let call: JSON = ["integrationId": "other", "action": "echo", "input": ["a": 1]]
        var workflow: JSONObject = [
            "projectId": "project-123", "name": "Echo", "integrationIds": ["other"], "mode": "dag",
            "triggers": [["type": "schedule", "schedule": "0 2 1 1 *"], ["type": "event", "event": "a"]],
            "inputSchema": ["type": "object"], "timeout": "30m", "durability": "relaxed", "enabled": true,
            "steps": [["name": "Echo", "type": "api-call", "order": 0, "parameters": call]],
        ]
        try await asked.ask(.createWorkflow, body: .object(workflow), query: "?dryRun=true")
        let id = try #require(
            try await asked.ask(.createWorkflow, body: .object(workflow))["workflow"]?["id"]?.string)
        workflow["description"] = "changed"
        // What is answered can be sent back.
        let saved = try await asked.ask(.updateWorkflow, id, body: .object(workflow))
        try await asked.ask(.updateWorkflow, id, body: saved["workflow"])
        try await asked.ask(.getWorkflow, id)
        // The other forms that a workflow may have.
        for (name, value) in [
            ("timeout", 60_000), ("inputSchema", true), ("description", .null), ("durability", .null),
            ("triggers", .null), ("mode", .null), ("enabled", .null),
        ] as [(String, JSON)] { workflow[name] = value }
        workflow["name"] = "Other forms"
        try await asked.ask(.createWorkflow, body: .object(workflow))
        for name in ["timeout", "inputSchema", "integrationIds"] { workflow[name] = .null }
        workflow["name"] = "Nulls"
        try await asked.ask(.createWorkflow, body: .object(workflow))
        try await asked.ask(.listProjectWorkflows, "project-123")
        workflow["steps"] = [["name": "Echo", "type": "ap-call", "order": 0]]
        let refused = try await asked.refused(.createWorkflow, body: .object(workflow))
        #expect(refused["errors"]?[0]?["code"] != nil)
        return id
    }

    private func askPipelines(_ asked: Asked) async throws -> String {
        var pipeline: JSONObject = [
            "projectId": "project-123", "name": "Copy", "sourceIntegrationId": "tables",
            "targetIntegrationId": "tables", "triggers": [["type": "schedule", "schedule": "@yearly"]],
            "batchSize": 1000, "durability": "strict", "enabled": true,
            "stages": [
                [
                    "name": "Extract", "type": "extract", "order": 0, "transformations": [],
                    "parameters": ["stream": "in.csv"],
                ],
                [
                    "name": "Load", "type": "load", "order": 1, "transformations": [],
                    "parameters": ["stream": "out.ndjson", "mode": "overwrite"],
                ],
            ],
        ]
        let id = try #require(
            try await asked.ask(.createPipeline, body: .object(pipeline))["pipeline"]?["id"]?.string)
        let saved = try await asked.ask(.updatePipeline, id, body: .object(pipeline))
        try await asked.ask(.updatePipeline, id, body: saved["pipeline"])
        try await asked.ask(.getPipeline, id)
        try await asked.ask(.listProjectPipelines, "project-123")
        try await asked.ask(.explainPipeline, id)
        try await asked.ask(.explainSavedPipeline, id)
        try await asked.ask(.explainPipelineDefinition, body: .object(pipeline))
        // The other forms that a pipeline may have.
        for (name, value) in [
            ("name", "Other forms"), ("schedule", ["schedule": "0 2 * * *", "timezone": "Europe/Berlin"]),
            ("sync", ["mode": "full"]), ("description", .null), ("triggers", .null), ("durability", .null),
            ("batchSize", .null), ("enabled", .null),
        ] as [(String, JSON)] { pipeline[name] = value }
        try await asked.ask(.createPipeline, body: .object(pipeline))
        for name in ["schedule", "sync"] { pipeline[name] = .null }
        pipeline["name"] = "Nulls"
        try await asked.ask(.createPipeline, body: .object(pipeline))
        return id
    }

    private func askExecutions(_ asked: Asked, _ workflow: String, _ pipeline: String) async throws {
        for (execute, get, id) in [
            (Endpoint.executeWorkflow, Endpoint.getWorkflowExecution, workflow),
            (.executePipeline, .getPipelineExecution, pipeline),
        ] {
            let answer = try await asked.ask(execute, id)
            let execution = try #require(answer["execution"]?["id"]?.string)
            #expect(answer["execution"]?["status"] == "completed")
            try await asked.ask(get, execution)
            try await asked.ask(.getExecution, execution)
        }
        try await asked.ask(.listExecutions)
        let sleeping = try await start("sleep", ["ms": 60_000], asked)
        var events = try await asked.host.client.events(of: sleeping)
        if case .progress(let progress) = try await events.next() {
            #expect(asked.description.problems(ofComponent: "ExecutionProgress", progress.json) == [])
            asked.operations.insert(Endpoint.followExecution.operation)
        } else {
            Issue.record("an execution that runs is followed from where it is")
        }
        try await asked.ask(.cancelExecution, sleeping)
        let crashed = try await start("crash", [:], asked)
        var states = try await asked.host.client.events(of: crashed)
        var status: JSON?
        while status != "in-doubt", case .progress(let progress) = try await states.next() {
            status = progress.json["steps"]?[0]?["status"]
        }
        try #require(status == "in-doubt")
        try await asked.ask(.getExecution, crashed)
        try await asked.ask(
            .resolveExecution, crashed, body: ["step": "Call", "resolution": "failed", "message": "gone"])
    }

    /// Starts an execution that does not end by itself.
    private func start(_ action: String, _ input: JSON, _ asked: Asked) async throws -> String {
        let call: JSON = ["integrationId": "other", "action": .string(action), "input": input]
        let workflow: JSON = [
            "projectId": "project-123", "name": .string(action), "integrationIds": ["other"],
            "steps": [["name": "Call", "type": "api-call", "order": 0, "parameters": call]],
        ]
        let saved = try await asked.ask(.createWorkflow, body: workflow)["workflow"]?["id"]?.string
        let answer = try await asked.ask(.executeWorkflow, saved, query: "?wait=0")
        return try #require(answer["execution"]?["id"]?.string)
    }

    private func askTriggers(_ asked: Asked, _ workflow: String) async throws {
        let list = try await asked.ask(.listTriggers, query: "?definitionId=\(workflow)")
        let id = try #require(list["triggers"]?.array?.first { $0["type"] == "schedule" }?["id"]?.string)
        try await asked.ask(.getTrigger, id)
        try await asked.ask(.pauseTrigger, id)
        try await asked.ask(.resumeTrigger, id)
        var range: JSON = ["from": "2025-01-01", "to": "2025-01-01", "dryRun": true]
        try await asked.ask(.backfillTrigger, id, body: range)
        range = ["from": "2025-01-01", "to": "2025-01-01"]
        try await asked.ask(.backfillTrigger, id, body: range)
        let ledger = try await asked.ask(.listTriggerLedger, query: "?triggerId=\(id)")
        #expect(ledger["ledger"]?.array?.isEmpty == false)
    }
}
