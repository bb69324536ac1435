import TenonColumns
import TenonConnectors
import TenonJSON
import TenonModel
import TenonStore
import TenonTestKit
import Testing

@testable import TenonRuntime

/// What the rows of steps keep, and what no output can make of them.
@Suite(.timeLimit(.minutes(1)))
struct StepRowTests {
    @Test func `an output that looks like a reference to a stored one is kept as it is`() async throws {
        let there = InProcessConnection { _ in
            .now(.success(Array("{\"$blob\":\"0\",\"blob:\":\"blob:0\"}".utf8)))
        }
        let host = try EngineHost(["there": there])
        let record = try await host.run([call("one", order: 0)])
        #expect(record.steps?[0]?["output"] == ["$blob": "0", "blob:": "blob:0"])
    }

    @Test func `a read whose time was over when the host ended is not in doubt`() async throws {
        let directory = TemporaryDirectory()
        let host = try EngineHost(["there": .deaf], effect: .read, in: directory)
        let id = try host.host.executeWorkflow(
            host.save([call("one", order: 0, ["timeout": "50ms"])]), context: [:])
        #expect(
            try await EngineHost.wait {
                try host.host.executions.executionWithSteps(id)?.1.first?.detail?.contains("isTimedOut")
                    == true
            })
        host.crash()
        let next = try EngineHost(["there": .noop], effect: .read, in: directory)
        #expect(await next.host.whenFinished(id, within: .seconds(5)))
        let record = try next.host.execution(id)
        #expect(record.status == "failed")
        #expect(record.steps?[0]?["status"]?.string == "failed")
    }

    @Test func `a transformation that cannot be used is a mistake of the definition`() throws {
        let host = try EngineHost([:])
        let step: JSON = [
            "name": "T", "type": "data-transform",
            "parameters": ["transformation": ["type": "mapp", "mapping": ["a": "b"]]],
        ]
        let error = #expect(throws: TenonError.self) { try host.save([step]) }
        #expect(error?.code.rawValue == "workflow.invalid")
        #expect(error?.fields.first?.pointer == "/steps/0/parameters/transformation/type")
    }

    @Test func `a local timestamp goes to a target as text where it takes no local timestamps`() throws {
        let columns = TargetColumns(accepts: ["timestamp(us, UTC)", "utf8"])
        let result = try columns.columns(for: Schema([Field("t", .timestamp(isUTC: false))]))
        #expect(result.fields.first?.type == .utf8)
    }

    @Test func `two ephemeral executions with one key hold up nobody`() async throws {
        let there = InProcessConnection { _ in .later }
        let host = try EngineHost(["there": there])
        let id = try host.save([call("one", order: 0)], durability: "ephemeral")
        let options = ExecuteOptions(idempotencyKey: IdempotencyKey(scope: "s", key: "k"))
        let first = try host.host.executeWorkflow(id, context: [:], options: options)
        let second = try host.host.executeWorkflow(id, context: [:], options: options)
        #expect(try await EngineHost.wait { there.keptCount == (first == second ? 1 : 2) })
        there.release()
        #expect(await host.host.whenFinished(first, within: .seconds(5)))
        #expect(await host.host.whenFinished(second, within: .seconds(5)))
        #expect(host.host.journal.backlog == 0)
    }

    @Test func `ephemeral executions in doubt are recorded, also those of one key`() async throws {
        let lossy = InProcessConnection { _ in
            .now(.failure(CallFailure(.timeout, "No answer.", effect: .unknown)))
        }
        let slow = InProcessConnection { _ in .later }
        let host = try EngineHost(["there": lossy, "slow": slow], effect: .write)
        let waits = call("zero", order: 0, ["parameters": ["integrationId": "slow", "action": "do"]])
        let id = try host.save([waits, call("one", order: 1)], durability: "ephemeral")
        let options = ExecuteOptions(idempotencyKey: IdempotencyKey(scope: "s", key: "k"))
        for _ in 0..<2 { _ = try host.host.executeWorkflow(id, context: [:], options: options) }
        #expect(try await EngineHost.wait { slow.keptCount == 2 })
        slow.release()
        #expect(
            try await EngineHost.wait {
                try host.host.executions(ExecutionFilter()).executions.map(\.status)
                    == ["waiting", "waiting"]
            })
        #expect(host.host.journal.backlog == 0)
    }
}
