import Synchronization
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
        // The call of the host that is gone, and the same one again.
        #expect(try await EngineHost.wait { slow.keptCount == 2 })
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

    @Test func `cancel: a tick that comes again after the clock was set back cancels nothing`() async throws {
        let slow = InProcessConnection { _ in .later }
        let rig = try TriggerRig(["there": slow])
        try rig.save("0 * * * *", ["overlap": "cancel"])
        rig.set("2026-03-10T01:00:00Z")
        #expect(try await EngineHost.wait { slow.keptCount == 1 })
        rig.set("2026-03-10T00:50:00Z")
        rig.set("2026-03-10T01:00:00Z")
        #expect(slow.cancelCount == 0)
        slow.release()
        try await rig.settle()
        #expect(try rig.executions.map(\.status) == ["completed"])
    }

    @Test func `cancel: what runs goes on where the next one cannot be started`() async throws {
        let slow = InProcessConnection { _ in .later }
        let rig = try TriggerRig(["there": slow])
        let id = try rig.save("0 * * * *", ["overlap": "cancel"])
        rig.set("2026-03-10T01:00:00Z")
        #expect(try await EngineHost.wait { slow.keptCount == 1 })
        rig.host.isDraining.store(true, ordering: .relaxed)
        rig.set("2026-03-10T02:00:00Z")
        #expect(slow.cancelCount == 0)
        #expect(try rig.ledger(id) == ["03-10T01:00 fired"])
        rig.host.isDraining.store(false, ordering: .relaxed)
        rig.look()
        #expect(try rig.ledger(id) == ["03-10T01:00 fired", "03-10T02:00 fired"])
        #expect(try await EngineHost.wait { slow.cancelCount == 1 })
    }

    @Test func `an execution still counts when its trigger was away for a version`() async throws {
        let slow = InProcessConnection { _ in .later }
        let rig = try TriggerRig(["there": slow])
        try rig.save("0 * * * *")
        rig.set("2026-03-10T01:00:00Z")
        #expect(try await EngineHost.wait { slow.keptCount == 1 })
        try rig.save("@daily", workflow: ["triggers": []])
        try rig.save("0 * * * *")
        rig.set("2026-03-10T02:00:00Z")
        #expect(try rig.ledger() == ["03-10T01:00 fired", "03-10T02:00 skipped overlap"])
        slow.release()
        try await rig.settle()
        rig.set("2026-03-10T03:00:00Z")
        #expect(try rig.ledger().last == "03-10T03:00 fired")
    }

    @Test func `an execution that ends before a definition is saved does not hold up the tick that is due`()
        async throws
    {
        let slow = InProcessConnection { _ in .later }
        let rig = try TriggerRig(["there": slow])
        try rig.save("0 * * * *")
        rig.set("2026-03-10T01:00:00Z")
        #expect(try await EngineHost.wait { slow.keptCount == 1 })
        slow.release()
        #expect(try await EngineHost.wait { try rig.executions.first?.isFinished ?? false })
        rig.time.advance(by: .seconds(3600))
        try rig.save("30 * * * *")
        #expect(try rig.ledger() == ["03-10T01:00 fired", "03-10T02:00 fired"])
    }
}
