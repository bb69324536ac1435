import GRDB
import Glibc
import Synchronization
import TenonConnectors
import TenonJSON
import TenonModel
import TenonStore
import TenonTestKit
import TenonWorkflow
import Testing

@testable import TenonRuntime

@Suite(.timeLimit(.minutes(1)))
struct HostTests {
    private func body(_ name: String = "w", steps: [JSON] = [call("one", order: 0)]) -> JSON {
        ["projectId": "project", "name": .string(name), "steps": .array(steps)]
    }

    @Test func `an unchanged document makes no version, a changed one does`() throws {
        let running = try EngineHost(["there": .noop])
        let host = running.host
        defer { withExtendedLifetime(running) {} }
        let first = try host.saveWorkflow(body(), id: nil)
        let byName = SaveOptions(updatesByName: true)
        #expect(try host.saveWorkflow(body(), id: nil, options: byName).version == 1)
        let changed = try host.saveWorkflow(body(steps: [call("two", order: 0)]), id: nil, options: byName)
        #expect(changed.version == 2)
        #expect(changed.id == first.id)
        #expect(try host.workflow(first.id).json["steps"]?[0]?["name"]?.string == "two")
        #expect(try host.saveWorkflow(try host.workflow(first.id).json, id: first.id).version == 2)
    }

    @Test func `a name is taken once per project`() throws {
        let running = try EngineHost(["there": .noop])
        let host = running.host
        defer { withExtendedLifetime(running) {} }
        _ = try host.saveWorkflow(body(), id: nil)
        let error = #expect(throws: TenonError.self) { try host.saveWorkflow(body(), id: nil) }
        #expect(error?.code.rawValue == "definition.name-taken")
        #expect(error?.code.httpStatus == 409)
    }

    @Test func `a dry run stores nothing, strict saving refuses warnings`() throws {
        let running = try EngineHost([:])
        let host = running.host
        defer { withExtendedLifetime(running) {} }
        _ = try host.saveWorkflow(body(), id: nil, options: SaveOptions(isDryRun: true))
        #expect(try host.workflows(project: nil).isEmpty)
        let error = #expect(throws: TenonError.self) {
            try host.saveWorkflow(body(), id: nil, options: SaveOptions(isStrict: true))
        }
        #expect(error?.code.rawValue == "definition.warnings")
    }

    @Test func `an execution stays on the version it started with`() async throws {
        let there = InProcessConnection { _ in .later }
        let host = try EngineHost(["there": there])
        let id = try host.host.executeWorkflow(host.save([call("old", order: 0)]), context: [:])
        #expect(try await EngineHost.wait { there.keptCount == 1 })
        _ = try host.save([call("new", order: 0), call("newer", order: 1)])
        there.release()
        #expect(await host.host.whenFinished(id, within: .seconds(5)))
        let record = try host.host.execution(id)
        #expect(record.definitionVersion == 1)
        #expect(record.steps?.array?.map { $0["name"]?.string } == ["old"])
    }

    @Test func `the same idempotency key gives the same execution, another request is refused`() async throws
    {
        let host = try EngineHost(["there": .noop])
        let workflow = try host.save([call("one", order: 0)])
        let options = ExecuteOptions(idempotencyKey: IdempotencyKey(scope: "admin /execute", key: "k1"))
        let first = try host.host.executeWorkflow(workflow, context: ["a": 1], options: options)
        #expect(try host.host.executeWorkflow(workflow, context: ["a": 1], options: options) == first)
        let error = #expect(throws: TenonError.self) {
            try host.host.executeWorkflow(workflow, context: ["a": 2], options: options)
        }
        #expect(error?.code.rawValue == "execution.idempotency-conflict")
    }

    @Test func `a key that two requests use at one moment starts one execution`() async throws {
        let host = try EngineHost(["there": .noop])
        let workflow = try host.save([call("one", order: 0)])
        let options = ExecuteOptions(idempotencyKey: IdempotencyKey(scope: "s", key: "k"))
        let ids = try await withThrowingTaskGroup(of: ExecutionID.self) { [host = host.host] group in
            for _ in 0..<8 {
                group.addTask { try host.executeWorkflow(workflow, context: [:], options: options) }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(ids.count == 1)
        #expect(try host.host.executions(ExecutionFilter()).executions.count == 1)
    }

    @Test func `a list goes on where its cursor says`() async throws {
        let host = try EngineHost(["there": .noop])
        let workflow = try host.save([call("one", order: 0)])
        let ids = try (0..<5).map { _ in try host.host.executeWorkflow(workflow, context: [:]) }
        var filter = ExecutionFilter()
        filter.project = ProjectID("project")
        filter.limit = 2
        var listed: [ExecutionID] = []
        repeat {
            let page = try host.host.executions(filter)
            listed += page.executions.map(\.id)
            filter.cursor = page.nextCursor
        } while filter.cursor != nil
        #expect(listed == ids.reversed())
    }

    @Test func `a context that does not fit the input schema is refused with its place`() throws {
        let running = try EngineHost(["there": .noop])
        let host = running.host
        defer { withExtendedLifetime(running) {} }
        var workflow = body().object ?? [:]
        workflow["inputSchema"] = ["type": "object", "required": ["userId"]]
        let id = try host.saveWorkflow(.object(workflow), id: nil).id
        let error = #expect(throws: TenonError.self) { try host.executeWorkflow(id, context: [:]) }
        #expect(error?.code.rawValue == "execution.context-invalid")
    }

    @Test func `a host that drains lets running executions end and takes no new ones`() async throws {
        let there = InProcessConnection { _ in .later }
        let directory = TemporaryDirectory()
        let host = try EngineHost(["there": there], in: directory)
        let workflow = try host.save([call("one", order: 0), call("two", order: 1)])
        let id = try host.host.executeWorkflow(workflow, context: [:])
        let draining = host.host
        async let answered: Void = Self.answer(there, once: draining)
        draining.drain(.seconds(60))
        try await answered
        #expect(throws: TenonError.self) { try host.host.executeWorkflow(workflow, context: [:]) }
        let next = try EngineHost(["there": .noop], in: directory)
        #expect(try next.host.execution(id).status == "completed")
    }

    /// Answers two calls, one after the other, when the host drains.
    private static func answer(_ there: InProcessConnection, once host: TenonHost) async throws {
        while !host.isDraining.load(ordering: .relaxed) { await Task.yield() }
        for _ in 0..<2 {
            #expect(try await EngineHost.wait { there.keptCount == 1 })
            there.release()
        }
    }

    @Test func `a host whose directory was taken over records nothing more`() async throws {
        let host = try EngineHost(["there": .noop])
        let workflow = try host.save([call("one", order: 0)])
        try host.host.store.write { try $0.execute(sql: "UPDATE host SET epoch = epoch + 1") }
        let error = #expect(throws: TenonError.self) { try host.host.executeWorkflow(workflow, context: [:]) }
        #expect(error?.code.rawValue == "store.superseded")
        #expect(try host.host.executions(ExecutionFilter()).executions.isEmpty)
    }
}
