import Synchronization
import TenonJSON
import TenonModel
import TenonStore
import TenonTestKit
import Testing

@testable import TenonRuntime

/// Ticks of very many triggers at one second.
@Suite(.timeLimit(.minutes(1)))
struct TriggerTogetherTests {
    private func save(_ name: String, _ count: Int, _ rig: TriggerRig, _ more: JSONObject = [:]) throws {
        let triggers = (0..<count).map { number -> JSON in
            var trigger: JSONObject = [
                "id": .string("t\(number)"), "type": "schedule", "schedule": "0 * * * *",
            ]
            for (key, value) in more { trigger[key] = value }
            return .object(trigger)
        }
        let body: JSON = [
            "projectId": "project", "name": .string(name), "steps": [call("one", order: 0)],
            "triggers": .array(triggers),
        ]
        _ = try rig.host.saveWorkflow(body, id: nil)
    }

    @Test func `each of them fires once, and each that is paused is skipped`() async throws {
        let rig = try TriggerRig()
        for name in ["a", "b", "c"] { try save(name, 70, rig) }
        let paused = try rig.host.triggers(project: nil, definition: nil, status: nil).prefix(5)
        for trigger in paused {
            _ = try rig.host.pauseTrigger(TriggerID(try #require(trigger["id"]?.string)))
        }
        for hour in 1...2 {
            rig.set("2026-03-10T0\(hour):00:00Z")
            try await rig.settle()
        }
        for (outcome, count) in [("fired", 205 * 2), ("skipped", 5 * 2)] {
            var filter = LedgerFilter()
            filter.outcome = outcome
            filter.limit = 500
            let rows = try rig.host.triggerLedger(filter).rows
            #expect(rows.count == count)
            #expect(rows.allSatisfy { $0["reason"]?.string == (outcome == "fired" ? nil : "paused") })
            let keys = Set(rows.map { "\($0["triggerId"]?.text ?? "") \($0["tick"]?.text ?? "")" })
            #expect(keys.count == count)
        }
        let shown = try rig.host.triggers(project: nil, definition: nil, status: "active")
        #expect(shown.count == 205)
        #expect(shown.allSatisfy { $0["lastTick"]?.string == "2026-03-10T02:00:00Z" })
        // What each has recorded about itself is the same after a restart.
        try rig.restart()
        #expect(try rig.host.triggers(project: nil, definition: nil, status: "active") == shown)
    }

    @Test func `one whose tick has fired already keeps nobody else from firing`() async throws {
        let rig = try TriggerRig()
        try save("w", 5, rig)
        let triggers = try rig.host.triggers(project: nil, definition: nil, status: nil)
        let first = TriggerID(try #require(triggers.first?["id"]?.string))
        let trigger = try #require(rig.host.triggerLoop.book.withLock { $0.triggers[first] })
        // As if another host had fired it.
        var row = trigger.row(
            TriggerRig.moment("2026-03-10T01:00:00Z"), origin: .schedule, at: rig.time.now())
        row.outcome = .fired
        row.executionID = ExecutionID("elsewhere")
        try TriggerFiring(host: rig.host).record([.fired(row, replacesSkipped: false)], .written)
        rig.set("2026-03-10T01:00:00Z")
        try await rig.settle()
        #expect(try rig.executions.count == 4)
        #expect(try rig.ledger() == Array(repeating: "03-10T01:00 fired", count: 5))
    }

    @Test func `those that share a second follow their rules for overlaps`() async throws {
        let slow = InProcessConnection { _ in .later }
        let rig = try TriggerRig(["there": slow])
        for overlap in ["skip", "queue", "cancel", "allow"] {
            try save(overlap, 2, rig, ["overlap": .string(overlap)])
        }
        rig.set("2026-03-10T01:00:00Z")
        #expect(try await EngineHost.wait { slow.keptCount == 8 })
        rig.set("2026-03-10T02:00:00Z")
        let queued = try rig.host.triggers(project: nil, definition: nil, status: nil).compactMap {
            $0["queuedTicks"]?.int
        }
        #expect(queued.reduce(0, +) == 2)
        #expect(try rig.ledger().count { $0 == "03-10T02:00 skipped overlap" } == 2)
        #expect(try rig.ledger().count { $0 == "03-10T02:00 fired" } == 4)
        #expect(
            try await EngineHost.wait {
                slow.release()
                rig.look()
                return try rig.host.triggerStore.unfinishedExecutions().isEmpty
            })
        #expect(try rig.executions.count { $0.status == "cancelled" } == 2)
    }
}
