import Foundation
import TenonAPI
import TenonJSON
import TenonTestKit
import Testing

struct DefinitionTests {
    static let workflow = """
        projectId: project-123
        name: Count designs
        steps:
          - name: Count
            type: api-call
            order: 0
            parameters:
              integrationId: erp-integration-id
              action: query
              input: {sql: "SELECT count(*) AS n FROM designs"}
          - name: Shape
            type: data-transform
            order: 1
            parameters:
              transformation: {type: map, mapping: {total: "rows[0].n"}}
        integrationIds: [erp-integration-id]
        """
    static let pipeline = """
        {"projectId": "project-123", "name": "Copy", "sourceIntegrationId": "erp-integration-id",
         "targetIntegrationId": "copy-integration-id",
         "stages": [{"name": "Extract", "type": "extract", "order": 0, "transformations": []},
                    {"name": "Load", "type": "load", "order": 1, "transformations": [],
                     "parameters": {"createIfMissing": true}}]}
        """

    private static func deployed() async throws -> ServedHost {
        let host = try ServedHost()
        let database = host.directory.file("erp.db")
        try await sqlite3(
            database,
            "CREATE TABLE designs(id TEXT, cost REAL); INSERT INTO designs VALUES ('a', 1.5), ('b', 2)")
        try await host.deploy(
            "sqlite", as: "erp-integration-id", ["path=\(database)", "defaultStream=designs"])
        return host
    }

    @Test func `a workflow is applied once, run and shown`() async throws {
        let host = try await Self.deployed()
        let file = host.directory.file("workflow.yaml")
        try Self.workflow.write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try await host.run(["workflow", "apply", "-f", file]).output.contains("created"))
        #expect(try await host.run(["workflow", "apply", "-f", file]).output.contains("unchanged"))
        let piped = try await host.run(["workflow", "apply", "-f", "-"], input: Self.workflow)
        #expect(piped.output.contains("unchanged"), "\(piped.errors)")
        try Self.workflow.replacingOccurrences(of: "total:", with: "count:").write(
            toFile: file, atomically: true, encoding: .utf8)
        #expect(try await host.run(["workflow", "apply", "-f", file]).output.contains("updated"))

        let run = try await host.run([
            "workflow", "run", "Count designs", "--project", "project-123", "--json",
        ])
        #expect(run.exitCode == 0, "\(run.errors)")
        let execution = try JSONParser.parse(run.output)["execution"]
        #expect(execution?["status"] == "completed")
        #expect(execution?["steps"]?[1]?["output"] == ["count": 2])
        let id = execution?["id"]?.string ?? ""
        #expect(try await host.run(["execution", "show", id]).output.contains("Shape"))
        #expect(try await host.run(["execution", "list", "--project", "project-123"]).output.contains(id))
        #expect(try await host.run(["execution", "cancel", id]).exitCode == 4)
        #expect(await host.stop() == 0)
    }

    @Test func `a pipeline copies every row`() async throws {
        let host = try await Self.deployed()
        let copy = host.directory.file("copy.db")
        try await sqlite3(copy, "CREATE TABLE unrelated(x)")
        try await host.deploy("sqlite", as: "copy-integration-id", ["path=\(copy)"])
        let file = host.directory.file("pipeline.json")
        try Self.pipeline.write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try await host.run(["pipeline", "apply", "-f", file]).exitCode == 0)
        let run = try await host.run(["pipeline", "run", "Copy", "--project", "project-123"])
        #expect(run.exitCode == 0, "\(run.errors)\(run.output)")
        #expect(run.output.contains("2 records"), "\(run.output)")
    }

    @Test func `an integration that is not deployed warns when saved and fails clearly when run`()
        async throws
    {
        let host = try ServedHost()
        let file = host.directory.file("workflow.yaml")
        try Self.workflow.write(toFile: file, atomically: true, encoding: .utf8)
        let apply = try await host.run(["workflow", "apply", "-f", file])
        #expect(apply.exitCode == 0)
        #expect(apply.output.contains("warning"))
        let run = try await host.run(["workflow", "run", "Count designs", "--project", "project-123"])
        #expect(run.exitCode == 1)
        #expect(run.errors.contains("No connector is deployed as erp-integration-id"), "\(run.errors)")
    }

    @Test func `creating and executing over REST follows the specification`() async throws {
        let host = try await Self.deployed()
        let body: JSON = [
            "projectId": "project-123", "name": "REST", "integrationIds": ["erp-integration-id"],
            "steps": [
                [
                    "name": "Count", "type": "api-call", "order": 0, "dependencies": [],
                    "parameters": [
                        "integrationId": "erp-integration-id", "action": "query",
                        "input": ["sql": "SELECT 1 AS one"],
                    ],
                ]
            ],
        ]
        let created = try await RawRequest(
            method: "POST", path: Endpoint.createWorkflow.path, body: body.text
        ).send(to: host)
        #expect(created.status == 201)
        let id = try #require(created.json["workflow"]?["id"]?.string)
        var step = created.json["workflow"]?["steps"]?[0]?.object ?? JSONObject()
        #expect(step["inferredDependencies"] == [])
        step["inferredDependencies"] = nil
        #expect([.object(step)] == body["steps"])
        let key = [("Idempotency-Key", "one")]
        let path = Endpoint.executeWorkflow.path(id: id)
        let context = #"{"context": {"userId": "user-123"}}"#
        let first = try await RawRequest(method: "POST", path: path, body: context, headers: key).send(
            to: host)
        #expect(first.status == 200)
        #expect(first.json["execution"]?["status"] == "completed")
        let second = try await RawRequest(method: "POST", path: path, body: context, headers: key).send(
            to: host)
        #expect(second.json["execution"]?["id"] == first.json["execution"]?["id"])
        let other = try await RawRequest(method: "POST", path: path, body: "{}", headers: key).send(to: host)
        #expect(other.status == 422)
        let execution = first.json["execution"]?["id"]?.string ?? ""
        let read = try await RawRequest(path: Endpoint.getWorkflowExecution.path(id: execution)).send(
            to: host)
        #expect(read.json["execution"]?["status"] == "completed")
        let wrongKind = try await RawRequest(path: Endpoint.getPipelineExecution.path(id: execution)).send(
            to: host)
        #expect(wrongKind.status == 404)
        let list = try await RawRequest(path: Endpoint.listProjectWorkflows.path(id: "project-123")).send(
            to: host)
        #expect(list.json["workflows"]?.array?.count == 1)
    }
}
