import TenonJSON
import TenonModel
import TenonStore
import TenonTestKit
import Testing

@testable import TenonRuntime

/// Executions that a trigger starts and that record nothing on their way.
@Suite(.timeLimit(.minutes(1)))
struct EphemeralTriggerTests {
    private static let workflow: JSONObject = [
        "durability": "ephemeral", "steps": [call("one", order: 0), call("two", order: 1)],
    ]

    @Test func `one that a crash has ended begins again from its first step, as the same execution`()
        async throws
    {
        let slow = InProcessConnection { _ in .later }
        let rig = try TriggerRig(["there": slow])
        try rig.save("0 * * * *", workflow: Self.workflow)
        rig.set("2026-03-10T01:00:00Z")
        #expect(try await EngineHost.wait { slow.keptCount == 1 })
        slow.release()
        // It is at its second step.
        #expect(try await EngineHost.wait { slow.keptCount == 1 })
        let before = try #require(try rig.executions.first)
        #expect(before.status == "running")
        try rig.restart()
        // The call of the host that is gone, and the first one again.
        #expect(try await EngineHost.wait { slow.keptCount == 2 })
        // Meanwhile it counts as running.
        rig.set("2026-03-10T02:00:00Z")
        #expect(try rig.executions.map(\.id) == [before.id])
        #expect(
            try await EngineHost.wait {
                slow.release()
                return try rig.host.triggerStore.unfinishedExecutions().isEmpty
            })
        let after = try rig.host.execution(before.id)
        #expect(after.status == "completed")
        let steps = try #require(after.steps?.array)
        #expect(steps.map { $0["status"]?.string } == ["completed", "completed"])
        #expect(after.createdAt == before.createdAt)
        #expect(try rig.ledger() == ["03-10T01:00 fired", "03-10T02:00 skipped overlap"])
        // What has ended does not begin again.
        try rig.restart()
        #expect(try rig.host.triggerStore.unfinishedExecutions().isEmpty)
        #expect(try rig.host.execution(before.id).finishedAt == after.finishedAt)
    }

    @Test func `one that ends is recorded once, with its steps`() async throws {
        let rig = try TriggerRig()
        try rig.save("0 * * * *", workflow: Self.workflow)
        rig.set("2026-03-10T01:00:00Z")
        try await rig.settle()
        let execution = try #require(try rig.executions.first)
        #expect(execution.status == "completed")
        #expect(try rig.host.execution(execution.id).steps?.array?.count == 2)
        #expect(try rig.ledger() == ["03-10T01:00 fired"])
    }
}
