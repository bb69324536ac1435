import TenonConnectors
import TenonJSON
import TenonModel
import TenonStore
import TenonTestKit
import Testing

@testable import TenonRuntime

@Suite(.timeLimit(.minutes(1)))
struct TriggerOverlapTests {
    /// A rig whose executions run until `slow` is released, and its trigger after three ticks.
    private func rig(_ overlap: String, _ slow: InProcessConnection) async throws -> TriggerRig {
        let rig = try TriggerRig(["there": slow])
        try rig.save("0 * * * *", ["overlap": .string(overlap)])
        for hour in 1...3 {
            rig.set("2026-03-10T0\(hour):00:00Z")
            #expect(try await EngineHost.wait { slow.keptCount >= 1 })
        }
        return rig
    }

    @Test func `skip: a tick that comes while one runs starts nothing`() async throws {
        let slow = InProcessConnection { _ in .later }
        let rig = try await rig("skip", slow)
        slow.release()
        try await rig.settle()
        rig.set("2026-03-10T04:00:00Z")
        #expect(
            try rig.ledger() == [
                "03-10T01:00 fired", "03-10T02:00 skipped overlap", "03-10T03:00 skipped overlap",
                "03-10T04:00 fired",
            ])
    }

    @Test func `queue: ticks wait for each other, also over a restart`() async throws {
        let slow = InProcessConnection { _ in .later }
        let rig = try await rig("queue", slow)
        #expect(try rig.ledger() == ["03-10T01:00 fired"])
        let shown = try rig.host.triggers(project: nil, definition: nil, status: nil)
        #expect(shown.first?["queuedTicks"]?.int == 2)
        try rig.restart()
        for count in 1...3 {
            #expect(try await EngineHost.wait { slow.keptCount >= 1 })
            #expect(try rig.executions.count == count)
            slow.release()
            #expect(
                try await EngineHost.wait {
                    rig.look()
                    return try rig.executions.count == min(3, count + 1)
                })
        }
        try await rig.settle()
        #expect(
            try rig.ledger() == ["03-10T01:00 fired", "03-10T02:00 fired", "03-10T03:00 fired"])
    }

    @Test func `cancel: a tick ends what runs and starts its own`() async throws {
        let slow = InProcessConnection { _ in .later }
        let rig = try TriggerRig(["there": slow])
        try rig.save("0 * * * *", ["overlap": "cancel"])
        rig.set("2026-03-10T01:00:00Z")
        #expect(try await EngineHost.wait { slow.keptCount == 1 })
        rig.set("2026-03-10T02:00:00Z")
        #expect(try await EngineHost.wait { try rig.executions.first?.status == "cancelled" })
        #expect(try await EngineHost.wait { slow.keptCount == 1 })
        slow.release()
        try await rig.settle()
        #expect(try rig.executions.map(\.status) == ["cancelled", "completed"])
        #expect(try rig.ledger() == ["03-10T01:00 fired", "03-10T02:00 fired"])
    }

    @Test func `allow: ticks start their executions side by side`() async throws {
        let slow = InProcessConnection { _ in .later }
        let rig = try await rig("allow", slow)
        #expect(try rig.executions.map(\.isFinished) == [false, false, false])
        #expect(try await EngineHost.wait { slow.keptCount == 3 })
        slow.release()
        try await rig.settle()
        #expect(try rig.ledger().count { $0.hasSuffix("fired") } == 3)
    }

    @Test func `an execution that was running when the host went away still counts as running`() async throws
    {
        let slow = InProcessConnection { _ in .later }
        let rig = try TriggerRig(["there": slow])
        try rig.save("0 * * * *")
        rig.set("2026-03-10T01:00:00Z")
        #expect(try await EngineHost.wait { slow.keptCount == 1 })
        try rig.restart()
        rig.set("2026-03-10T02:00:00Z")
        #expect(try rig.ledger() == ["03-10T01:00 fired", "03-10T02:00 skipped overlap"])
        #expect(try await EngineHost.wait { slow.keptCount == 2 })
        slow.release()
        try await rig.settle()
    }
}
