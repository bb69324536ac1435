import GRDB
import TenonJSON
import TenonModel
import TenonStore
import TenonTestKit
import Testing

@testable import TenonRuntime

/// What a trigger keeps over versions of its definition and starts of the host.
@Suite(.timeLimit(.minutes(1)))
struct TriggerIdentityTests {
    private func unnamed(_ schedules: String...) -> JSONObject {
        ["triggers": .array(schedules.map { ["type": "schedule", "schedule": .string($0)] })]
    }

    private func statuses(_ rig: TriggerRig) throws -> [String] {
        try rig.host.triggers(project: nil, definition: nil, status: nil).map {
            "\($0["schedule"]?.string ?? "") \($0["status"]?.string ?? "")"
        }
    }

    private func first(_ rig: TriggerRig, _ schedule: String) throws -> TriggerID {
        let all = try rig.host.triggers(project: nil, definition: nil, status: nil)
        let found = all.first { $0["schedule"]?.string == schedule }
        return TriggerID(try #require(found?["id"]?.string))
    }

    @Test func `pausing follows the schedule where triggers without ids move`() async throws {
        let rig = try TriggerRig()
        try rig.save("", workflow: unnamed("0 2 * * *", "*/5 * * * *"))
        _ = try rig.host.pauseTrigger(try first(rig, "0 2 * * *"))
        try rig.save("", workflow: unnamed("@yearly", "0 2 * * *", "*/5 * * * *"))
        #expect(try statuses(rig) == ["@yearly active", "0 2 * * * paused", "*/5 * * * * active"])
        try rig.restart()
        try rig.save("", workflow: unnamed("*/5 * * * *"))
        #expect(try statuses(rig) == ["*/5 * * * * active"])
        // Another schedule in its place is the same trigger, changed.
        _ = try rig.host.pauseTrigger(try first(rig, "*/5 * * * *"))
        try rig.save("", workflow: unnamed("*/7 * * * *"))
        #expect(try statuses(rig) == ["*/7 * * * * paused"])
        try rig.restart()
        #expect(try statuses(rig) == ["*/7 * * * * paused"])
    }

    @Test func `what waits moves with a trigger without an id`() async throws {
        let slow = InProcessConnection { _ in .later }
        let rig = try TriggerRig(["there": slow])
        func triggers(_ schedules: String...) -> JSONObject {
            let list = schedules.map { schedule -> JSON in
                ["type": "schedule", "schedule": .string(schedule), "overlap": "queue"]
            }
            return ["triggers": .array(list)]
        }
        try rig.save("", workflow: triggers("@yearly", "0 * * * *"))
        rig.set("2026-03-10T01:00:00Z")
        #expect(try await EngineHost.wait { slow.keptCount == 1 })
        rig.set("2026-03-10T02:00:00Z")
        try rig.save("", workflow: triggers("0 * * * *"))
        try rig.restart()
        #expect(try rig.host.triggers(project: nil, definition: nil, status: nil).count == 1)
        #expect(
            try await EngineHost.wait {
                slow.release()
                rig.look()
                return try rig.ledger().count == 2
            })
        slow.release()
        #expect(try rig.ledger() == ["03-10T01:00 fired", "03-10T02:00 fired"])
    }

    @Test func `a paused trigger that is disabled and enabled again stays paused`() async throws {
        let rig = try TriggerRig()
        let id = try rig.save("0 * * * *")
        _ = try rig.host.pauseTrigger(id)
        for restarts in [false, true] {
            try rig.save("0 * * * *", workflow: ["enabled": false])
            if restarts { try rig.restart() }
            #expect(try rig.host.trigger(id)["status"]?.string == "disabled")
            try rig.save("0 * * * *", workflow: ["enabled": true])
            #expect(try rig.host.trigger(id)["status"]?.string == "paused")
        }
    }

    @Test(arguments: ["Europe/Berlin\"", "}}"])
    func `a start at which a trigger cannot be read forgets nothing`(_ damaged: String) async throws {
        let rig = try TriggerRig()
        let id = try rig.save("0 * * * *", ["timezone": "Europe/Berlin", "misfire": "all"])
        rig.set("2026-03-10T01:00:00Z")
        try await rig.settle()
        func replace(_ text: String, _ other: String) throws {
            try rig.host.store.write { database in
                try database.execute(
                    sql: "UPDATE definition_versions SET document = replace(document, ?, ?)",
                    arguments: [text, other])
            }
        }
        try replace(damaged, "Nowhere/" + damaged)
        try rig.restart(after: .seconds(7200))
        try replace("Nowhere/" + damaged, damaged)
        #expect(throws: TenonError.self) { try rig.host.trigger(id) }
        try rig.restart()
        try await rig.settle()
        #expect(
            try rig.ledger() == [
                "03-10T02:00 fired", "03-10T03:00 fired (catch-up)", "03-10T04:00 fired",
            ])
    }

    @Test func `a trigger that could not be read goes on when its definition is saved again`() async throws {
        let rig = try TriggerRig()
        let id = try rig.save("0 * * * *", ["timezone": "Europe/Berlin"])
        _ = try rig.host.pauseTrigger(id)
        try rig.host.store.write { database in
            try database.execute(
                sql: "UPDATE definition_versions SET document = replace(document, 'Europe/B', 'Urope/B')")
        }
        try rig.restart()
        try rig.save("0 * * * *", ["timezone": "Europe/Berlin"])
        #expect(try rig.host.trigger(id)["status"]?.string == "paused")
        try rig.restart()
        #expect(try rig.host.trigger(id)["status"]?.string == "paused")
    }

    @Test func `a tick that waits for its delay is shown as one to come`() async throws {
        let rig = try TriggerRig()
        let id = try rig.save("0 1 * * *", ["jitter": "1h", "end": "2026-03-10T02:00:00Z"])
        rig.set("2026-03-10T01:00:00Z")
        if try rig.ledger().isEmpty {
            let shown = try rig.host.trigger(id)
            #expect(shown["status"]?.string == "active")
            #expect(shown["nextTicks"] == ["2026-03-10T01:00:00Z"])
        }
        rig.set("2026-03-10T02:00:00Z")
        try await rig.settle()
        #expect(try rig.host.trigger(id)["status"]?.string == "ended")
    }

    @Test func `what a trigger did last is what it did, not the latest time`() async throws {
        let rig = try TriggerRig()
        let id = try rig.save("0 2 * * *")
        rig.set("2030-01-01T02:00:00Z")
        try await rig.settle()
        rig.set("2026-03-10T01:00:00Z")
        rig.set("2026-03-10T02:00:00Z")
        try await rig.settle()
        try rig.restart()
        #expect(try rig.host.trigger(id)["lastTick"]?.string == "2026-03-10T02:00:00Z")
        #expect(try rig.host.trigger(id)["lastExecutionId"]?.string == (try rig.executions.last?.id.rawValue))
    }

    @Test func `very many ticks that are skipped for one reason share a row`() async throws {
        let rig = try TriggerRig()
        let id = try rig.save("* * * * *")
        _ = try rig.host.pauseTrigger(id)
        for _ in 0..<150 { rig.advance(.seconds(60)) }
        let rows = try rig.ledger()
        #expect(rows.count == Limits.singleSkips + 1)
        #expect(rows.last == "03-10T02:30 skipped paused x50")
        #expect(rows[99] == "03-10T01:40 skipped paused")
        _ = try rig.host.resumeTrigger(id)
        rig.advance(.seconds(60))
        try await rig.settle()
        _ = try rig.host.pauseTrigger(id)
        rig.advance(.seconds(60))
        #expect(try rig.ledger().suffix(2) == ["03-10T02:31 fired", "03-10T02:32 skipped paused"])
    }

    @Test func `a trigger that skips goes on where the clock was set back`() async throws {
        let rig = try TriggerRig()
        let id = try rig.save("* * * * *")
        _ = try rig.host.pauseTrigger(id)
        for _ in 0..<150 { rig.advance(.seconds(60)) }
        rig.set("2026-03-10T02:00:00Z")
        for _ in 0..<40 { rig.advance(.seconds(60)) }
        let rows = try rig.ledger()
        #expect(rows.count == Limits.singleSkips + 1)
        #expect(rows.last == "03-10T02:40 skipped paused x60")
        _ = try rig.host.resumeTrigger(id)
        rig.advance(.seconds(60))
        try await rig.settle()
        #expect(try rig.ledger().last == "03-10T02:41 fired")
    }

    @Test func `a context that hides what has started the execution is warned of`() throws {
        let rig = try TriggerRig()
        let body: JSON = [
            "projectId": "project", "name": "w", "steps": [call("one", order: 0)],
            "triggers": [["type": "schedule", "schedule": "@daily", "context": ["trigger": 1]]],
        ]
        let warnings = try rig.host.saveWorkflow(body, id: nil).warnings
        #expect(warnings.map(\.pointer) == ["/triggers/0/context/trigger"])
    }
}
