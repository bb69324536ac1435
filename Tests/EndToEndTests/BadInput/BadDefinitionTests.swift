import Foundation
import TenonAPI
import TenonJSON
import TenonTestKit
import Testing

/// Definitions and configurations that cannot be: each is refused with its code, the place, and what to do.
struct BadDefinitionTests {
    struct Case: Sendable {
        var steps: JSON
        var code: String
        var pointer: String
        var advice: String
    }

    private static func transform(_ name: String, _ dependencies: JSON) -> JSON {
        [
            "name": .string(name), "type": "data-transform", "order": 0, "dependencies": dependencies,
            "parameters": ["transformation": ["type": "map", "mapping": ["x": "y"]]],
        ]
    }
    private static func call(_ input: JSON) -> JSON {
        [
            "name": "a", "type": "api-call", "order": 0,
            "parameters": ["integrationId": "echo", "action": "echo", "input": input],
        ]
    }

    static let cases: [Case] = [
        Case(
            steps: [["name": "a", "type": "teleport", "order": 0]], code: "workflow.unknown-step-type",
            pointer: "/steps/0/type", advice: "Use one of api-call"),
        Case(
            steps: [transform("a", ["b"]), transform("b", ["a"])], code: "workflow.cycle",
            pointer: "/steps/0", advice: "remove a dependency"),
        Case(
            steps: [transform("a", ["nobody"])], code: "workflow.unknown-dependency",
            pointer: "/steps/0/dependencies/0", advice: "\"nobody\""),
        Case(
            steps: [transform("a", []), transform("a", [])], code: "workflow.duplicate-step",
            pointer: "/steps/1/name", advice: "\"a\""),
        Case(
            steps: [call(["v": "{{steps.none.output}}"])], code: "template.invalid",
            pointer: "/steps/0/parameters/input/v", advice: "It has \"a\""),
    ]

    @Test func `every bad workflow is refused with its place`() async throws {
        let host = try ServedHost()
        for bad in Self.cases {
            let body: JSON = ["projectId": "p", "name": "w", "steps": bad.steps, "integrationIds": ["echo"]]
            let answer = try await RawRequest(
                method: "POST", path: Endpoint.createWorkflow.path, body: body.text
            ).send(to: host)
            #expect(answer.status == 422, "\(bad.code)")
            #expect(answer.code == bad.code, "\(answer.json.text)")
            #expect(answer.json["errors"]?[0]?["pointer"]?.string == bad.pointer, "\(answer.json.text)")
            #expect(answer.json["detail"]?.string?.contains(bad.advice) == true, "\(answer.json.text)")

            let file = host.directory.file("workflow.json")
            try body.text.write(toFile: file, atomically: true, encoding: .utf8)
            let apply = try await host.run(["workflow", "apply", "-f", file])
            #expect(apply.exitCode == 4, "\(bad.code)")
            #expect(apply.errors.contains(bad.pointer), "\(apply.errors)")
        }
        let list = try await RawRequest(path: Endpoint.listProjectWorkflows.path(id: "p")).send(to: host)
        #expect(list.json["workflows"] == [])
        #expect(await host.stop() == 0)
    }

    @Test func `a configuration is held against the connector's schema, place by place`() async throws {
        let host = try ServedHost()
        let install = try await host.run([
            "connector", "install", Products.package("sqlite"), "--allow-unsigned",
        ])
        try #require(install.exitCode == 0, "\(install.errors)")
        let deploy = ["deploy", "sqlite", "--project", "p", "--as", "erp", "--json"]
        func refusal(_ settings: String...) async throws -> JSON {
            let ended = try await host.run(deploy + settings.flatMap { ["--set", $0] })
            #expect(ended.exitCode == 4)
            return try JSONParser.parse(ended.output)
        }
        let missing = try await refusal()
        #expect(missing["status"] == 422)
        #expect(missing["code"] == "configuration.invalid")
        #expect(missing["errors"]?[0]?["pointer"] == "/configuration/path")
        let wrong = try await refusal("path=5", "busyTimeoutMs=-1", "nonsense=1")
        #expect(
            wrong["errors"]?.array?.map { $0["pointer"]?.string ?? "" } == [
                "/configuration/path", "/configuration/busyTimeoutMs", "/configuration/nonsense",
            ])
        #expect(wrong["detail"]?.string?.contains("tenon connector show sqlite") == true)
        let list = try await host.run(["instance", "list", "--json"])
        #expect(try JSONParser.parse(list.output)["instances"] == [])
    }

    @Test func `an instance that does not run says why, is mended or removed`() async throws {
        let host = try ServedHost()
        let database = host.directory.file("erp.db")
        let install = try await host.run([
            "connector", "install", Products.package("sqlite"), "--allow-unsigned",
        ])
        try #require(install.exitCode == 0, "\(install.errors)")
        let deploy = ["deploy", "sqlite", "--project", "p", "--as", "erp", "--set", "path=\(database)"]
        let failed = try await host.run(deploy)
        #expect(failed.exitCode == 1)
        #expect(failed.errors.contains("there is no database \(database)"), "\(failed.errors)")
        #expect(failed.errors.contains("tenon instance check erp --project p"), "\(failed.errors)")
        #expect(try await host.run(["instance", "check", "erp", "--project", "p"]).exitCode == 1)
        let document = try await host.run([
            "deploy", "sqlite", "--project", "q", "--as", "erp", "--set", "path=\(database)", "--json",
        ])
        #expect(document.exitCode == 1)
        #expect(try JSONParser.parse(document.output)["instance"]?["integrationId"] == "erp")
        #expect(try await host.run(["instance", "remove", "erp", "--project", "q"]).exitCode == 0)

        try await sqlite3(database, "CREATE TABLE t(x)")
        #expect(try await host.run(["instance", "check", "erp", "--project", "p"]).exitCode == 0)
        let list = try await host.run(["instance", "list", "--project", "p"])
        #expect(list.output.contains("  sqlite 1.0.0  "), "\(list.output)")
        let inUse = try await host.run(["connector", "remove", "sqlite@1.0.0"])
        #expect(inUse.exitCode == 4)
        #expect(inUse.errors.contains("code:  package.in-use"), "\(inUse.errors)")
        #expect(try await host.run(deploy).errors.contains("code:  deploy.taken"))
        #expect(try await host.run(["instance", "remove", "erp", "--project", "p"]).exitCode == 0)
        #expect(try await host.run(["instance", "show", "erp", "--project", "p"]).exitCode == 3)
        #expect(try await host.run(["connector", "remove", "sqlite@1.0.0"]).exitCode == 0)
        #expect(try await host.run(["connector", "show", "sqlite"]).exitCode == 3)
    }
}
