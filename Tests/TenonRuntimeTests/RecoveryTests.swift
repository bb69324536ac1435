import GRDB
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
struct RecoveryTests {
    /// Executes two steps; the host ends while the second one's call is in flight.
    private func interrupted(_ effect: ActionEffect, _ step: JSONObject = [:]) async throws -> (
        TemporaryDirectory, ExecutionID
    ) {
        let directory = TemporaryDirectory()
        let calls = Atomic<Int>(0)
        let there = InProcessConnection { _ in
            calls.add(1, ordering: .relaxed).newValue == 1 ? .now(.success(Array("1".utf8))) : .later
        }
        let host = try EngineHost(["there": there], effect: effect, in: directory)
        let id = try host.host.executeWorkflow(
            host.save([call("one", order: 0), call("two", order: 1, step)]), context: [:])
        #expect(try await EngineHost.wait { there.keptCount == 1 })
        host.crash()
        return (directory, id)
    }

    @Test(arguments: [ActionEffect.read, .idempotent])
    func `a call that may be repeated is sent again after a crash, what was recorded is not`(
        _ effect: ActionEffect
    ) async throws {
        let (directory, id) = try await interrupted(effect)
        let seen = Seen()
        let there = InProcessConnection { request in
            seen.add(request.input)
            return .now(.success(Array("2".utf8)))
        }
        let host = try EngineHost(["there": there], effect: effect, in: directory)
        #expect(await host.host.whenFinished(id, within: .seconds(5)))
        let record = try host.host.execution(id)
        #expect(record.status == "completed")
        #expect(record.steps?.array?.map { $0["output"]?.int } == [1, 2])
        #expect(record.steps?[1]?["attempts"]?.int == 2)
        #expect(seen.inputs == ["{\"step\":\"two\"}"])
    }

    @Test func `an execution goes on with a definition that would be refused now`() async throws {
        let directory = TemporaryDirectory()
        let there = InProcessConnection { _ in .later }
        let first = try EngineHost(["there": there], in: directory)
        let late = call("late", order: 1, ["runIf": "execution.hasFailed && size('5') > 1"])
        let id = try first.host.executeWorkflow(first.save([call("one", order: 0), late]), context: [:])
        #expect(try await EngineHost.wait { there.keptCount == 1 })
        try first.host.store.write { database in
            try database.execute(
                sql: "UPDATE definition_versions SET document = replace(document, 'size(''5'')', 'size(5)')")
        }
        first.crash()
        let host = try EngineHost(["there": .noop], in: directory)
        #expect(await host.host.whenFinished(id, within: .seconds(5)))
        let record = try host.host.execution(id)
        #expect(record.status == "completed")
        #expect(record.steps?[1]?["status"]?.string == "skipped")
    }

    @Test func `a write that was in flight is in doubt after a crash and is not sent again`() async throws {
        let (directory, id) = try await interrupted(.write)
        let there = InProcessConnection.noop
        let host = try EngineHost(["there": there], effect: .write, in: directory)
        #expect(try await EngineHost.wait { try host.host.execution(id).status == "waiting" })
        #expect(try host.host.execution(id).steps?[1]?["status"]?.string == "in-doubt")
        try host.host.resolve(id, step: "two", .completed(output: ["known": true]))
        #expect(await host.host.whenFinished(id, within: .seconds(5)))
        let record = try host.host.execution(id)
        #expect(record.status == "completed")
        #expect(record.steps?[1]?["output"]?["known"]?.bool == true)
        #expect(throws: TenonError.self) { try host.host.resolve(id, step: "two", .retry) }
    }

    @Test func `a write in flight is sent again where its step says so`() async throws {
        let (directory, id) = try await interrupted(.write, ["onInDoubt": "retry"])
        let host = try EngineHost(["there": .noop], effect: .write, in: directory)
        #expect(await host.host.whenFinished(id, within: .seconds(5)))
        #expect(try host.host.execution(id).status == "completed")
    }

    @Test func `a crash loses a step in doubt no more than once: it stays in doubt over restarts`()
        async throws
    {
        let (directory, id) = try await interrupted(.write)
        for _ in 0..<2 {
            let host = try EngineHost(["there": .noop], effect: .write, in: directory)
            #expect(try await EngineHost.wait { try host.host.execution(id).status == "waiting" })
            host.crash()
        }
    }

    @Test func `thousands of interrupted executions go on in seconds`() async throws {
        let directory = TemporaryDirectory()
        let waiting = InProcessConnection { _ in .later }
        let first = try EngineHost(["there": waiting], in: directory)
        let workflow = try first.save([call("one", order: 0), call("two", order: 1)], durability: "relaxed")
        var ids: [ExecutionID] = []
        for _ in 0..<2000 { ids.append(try first.host.executeWorkflow(workflow, context: [:])) }
        first.crash()
        let host = try EngineHost(["there": .noop], in: directory)
        for id in ids { #expect(await host.host.whenFinished(id, within: .seconds(30))) }
        var filter = ExecutionFilter()
        filter.status = "completed"
        filter.limit = 500
        var count = 0
        repeat {
            let page = try host.host.executions(filter)
            count += page.executions.count
            filter.cursor = page.nextCursor
        } while filter.cursor != nil
        #expect(count == 2000)
    }

    @Test func `a pause before the next attempt goes on after a restart`() async throws {
        let directory = TemporaryDirectory()
        let failing = InProcessConnection { _ in
            .now(.failure(CallFailure(.unavailable, "down", effect: .notApplied)))
        }
        let first = try EngineHost(["there": failing], in: directory)
        let retry: JSON = ["maxAttempts": 5, "initialDelay": 500, "jitter": 0]
        let id = try first.host.executeWorkflow(
            first.save([call("one", order: 0, ["retry": retry])]), context: [:])
        #expect(
            try await EngineHost.wait {
                try first.host.execution(id).steps?[0]?["status"]?.string == "waiting"
            })
        first.crash()
        let host = try EngineHost(["there": .noop], in: directory)
        #expect(await host.host.whenFinished(id, within: .seconds(5)))
        let record = try host.host.execution(id)
        #expect(record.status == "completed")
        #expect((record.steps?[0]?["attempts"]?.int ?? 0) >= 2)
    }
}
