import TenonJSON
import TenonModel
import TenonStore
import TenonTestKit
import Testing

@testable import TenonRuntime

/// Pausing, resuming, backfilling and looking.
@Suite(.timeLimit(.minutes(1)))
struct TriggerCommandTests {
    private func code(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return (error as? TenonError)?.code.rawValue
        }
    }

    @Test func `what comes while a trigger is paused is skipped and never made up for`() async throws {
        let rig = try TriggerRig()
        let id = try rig.save("0 * * * *", ["misfire": "all"])
        #expect(try rig.host.pauseTrigger(id)["status"]?.string == "paused")
        rig.set("2026-03-10T01:00:00Z")
        try rig.restart(after: .seconds(3600))
        rig.time.advance(by: .seconds(3600))
        #expect(try rig.host.resumeTrigger(id)["status"]?.string == "active")
        rig.set("2026-03-10T04:00:00Z")
        try await rig.settle()
        #expect(
            try rig.ledger() == [
                "03-10T01:00 skipped paused", "03-10T02:00 skipped paused", "03-10T03:00 skipped paused",
                "03-10T04:00 fired",
            ])
    }

    @Test func `a backfill fires only what is missing, one tick after the other`() async throws {
        let rig = try TriggerRig()
        let id = try rig.save("0 * * * *")
        rig.set("2026-03-10T01:00:00Z")
        try await rig.settle()
        _ = try rig.host.pauseTrigger(id)
        rig.set("2026-03-10T02:00:00Z")
        rig.set("2026-03-10T03:00:00Z")
        _ = try rig.host.resumeTrigger(id)
        let from = TriggerRig.moment("2026-03-09T23:00:00Z")
        let to = TriggerRig.moment("2026-03-11T00:00:00Z")
        let plan = try rig.host.backfill(id, from: from, to: to, isDryRun: true)
        #expect(plan["due"]?.int == 5)
        #expect(plan["alreadyDone"]?.int == 1)
        #expect(
            plan["ticks"] == [
                "2026-03-09T23:00:00Z", "2026-03-10T00:00:00Z", "2026-03-10T02:00:00Z",
                "2026-03-10T03:00:00Z",
            ])
        #expect(try rig.executions.count == 1)
        let done = try rig.host.backfill(id, from: from, to: to, isDryRun: false)
        #expect(done["started"]?.int == 4)
        try await rig.settle()
        #expect(try rig.executions.count == 5)
        let rows = try rig.ledger()
        #expect(rows.count == 5)
        #expect(rows.count { $0.hasSuffix("fired (backfill)") } == 4)
        let again = try rig.host.backfill(id, from: from, to: to, isDryRun: false)
        #expect(again["started"]?.int == 0)
        #expect(again["alreadyDone"]?.int == 5)
        try await rig.settle()
        #expect(try rig.executions.count == 5)
    }

    @Test func `a backfill goes on after a restart`() async throws {
        let rig = try TriggerRig()
        let id = try rig.save("0 * * * *")
        let from = TriggerRig.moment("2026-03-08T00:00:00Z")
        _ = try rig.host.backfill(id, from: from, to: rig.time.now(), isDryRun: false)
        try rig.restart()
        try await rig.settle()
        #expect(try rig.executions.count == 48)
        #expect(try Set(rig.executions.map { $0.context["trigger"]?["tick"]?.string }).count == 48)
    }

    @Test func `ranges that make no sense are refused with their place`() throws {
        let rig = try TriggerRig()
        let id = try rig.save("* * * * *")
        let now = rig.time.now()
        #expect(
            code { _ = try rig.host.backfill(id, from: now, to: now, isDryRun: true) }
                == "trigger.range-invalid")
        let longAgo = TriggerRig.moment("2025-01-01T00:00:00Z")
        #expect(
            code { _ = try rig.host.backfill(id, from: longAgo, to: now, isDryRun: true) }
                == "trigger.range-invalid")
        #expect(code { _ = try rig.host.trigger(TriggerID("no")) } == "trigger.not-found")
        #expect(code { _ = try rig.host.pauseTrigger(TriggerID("no")) } == "trigger.not-found")
    }

    @Test func `a trigger shows its next ticks in its own zone and what it did last`() async throws {
        let rig = try TriggerRig()
        let id = try rig.save(
            "30 1 * * *", ["timezone": "America/New_York", "jitter": "90s", "catchUpWindow": "12h"])
        rig.set("2026-03-10T05:30:00Z")
        #expect(try rig.ledger().isEmpty)
        rig.set("2026-03-10T05:31:30Z")
        try await rig.settle()
        let shown = try rig.host.trigger(id)
        #expect(shown["nextTicks"]?[0]?.string == "2026-03-11T01:30:00-04:00")
        #expect(shown["nextTicks"]?.array?.count == 5)
        #expect(shown["lastTick"]?.string == "2026-03-10T01:30:00-04:00")
        #expect(shown["lastExecutionId"]?.string == (try rig.executions.first?.id.rawValue))
        #expect(shown["timezone"]?.string == "America/New_York")
        #expect(shown["jitter"]?.string == "1m30s")
        #expect(shown["catchUpWindow"]?.string == "12h")
        #expect(shown["misfire"]?.string == "last")
        #expect(shown["overlap"]?.string == "skip")
        #expect(shown["schedule"]?.string == "30 1 * * *")
        #expect(shown["definitionName"]?.string == "w")
        let lists = try ["active", "paused"].map {
            try rig.host.triggers(project: ProjectID("project"), definition: nil, status: $0).count
        }
        #expect(lists == [1, 0])
    }

    @Test func `the ledger is read page by page and by what it says`() async throws {
        let rig = try TriggerRig()
        try rig.save("0 * * * *")
        for hour in 1...5 {
            rig.set("2026-03-10T0\(hour):00:00Z")
            try await rig.settle()
        }
        var filter = LedgerFilter()
        filter.limit = 2
        filter.project = ProjectID("project")
        filter.outcome = "fired"
        filter.from = TriggerRig.moment("2026-03-10T02:00:00Z")
        filter.to = TriggerRig.moment("2026-03-10T05:00:00Z")
        var ticks: [String] = []
        repeat {
            let page = try rig.host.triggerLedger(filter)
            ticks += page.rows.compactMap { $0["tick"]?.string }
            filter.cursor = page.nextCursor
        } while filter.cursor != nil
        #expect(ticks == [4, 3, 2].map { "2026-03-10T0\($0):00:00Z" })
        filter.outcome = "skipped"
        #expect(try rig.host.triggerLedger(filter).rows.isEmpty)
    }
}
