import TenonJSON
import TenonModel
import TenonStore
import TenonTestKit
import Testing

@testable import TenonRuntime

/// What becomes of old rows of the ledger, and of their ticks.
@Suite(.timeLimit(.minutes(1)))
struct LedgerRetentionTests {
    @Test func `rows are removed when they are old enough, and their ticks never fire again`() async throws {
        let rig = try TriggerRig()
        let id = try rig.save("0 0 * * *", ["misfire": "all", "catchUpWindow": "9600h"])
        for day in 11...13 {
            rig.set("2026-03-\(day)T00:00:00Z")
            try await rig.settle()
        }
        rig.set("2026-06-08T23:59:59Z")
        try await rig.settle()
        #expect(try rig.ledger().count == 90)
        // The first is 90 days and an hour old.
        rig.set("2026-06-09T01:00:01Z")
        try await rig.settle()
        #expect(try rig.ledger().count == 90)
        #expect(try rig.ledger().first == "03-12T00:00 fired")
        rig.advance(Limits.ledgerPruning / 2)
        #expect(try rig.ledger().first == "03-12T00:00 fired")
        rig.advance(Limits.ledgerPruning * 24)
        try await rig.settle()
        #expect(try rig.ledger().first == "03-13T00:00 fired")

        func backfill(_ from: String) throws -> Int64? {
            try rig.host.backfill(
                id, from: TriggerRig.moment(from), to: TriggerRig.moment("2026-03-20T00:00:00Z"),
                isDryRun: true)["alreadyDone"]?.int
        }
        for _ in 0..<2 {
            let error = #expect(throws: TenonError.self) { try backfill("2026-03-11T00:00:00Z") }
            #expect(error?.code == .triggerRangeInvalid)
            #expect(try backfill("2026-03-12T00:00:01Z") == 7)
            // As well after a restart.
            try rig.restart()
        }
        // And not where the clock is set back behind them.
        let count = try rig.executions.count
        rig.advance(TriggerRig.moment("2026-03-11T00:00:00Z") - rig.time.now())
        rig.set("2026-03-12T12:00:00Z")
        try await rig.settle()
        #expect(try rig.executions.count == count)
        #expect(try rig.ledger().first == "03-13T00:00 fired")
    }

    @Test func `very many are removed a few at a time`() throws {
        let rig = try TriggerRig()
        let id = try rig.save("0 0 1 1 *")
        let trigger = try #require(rig.host.triggers(project: nil, definition: nil, status: nil).first)
        #expect(trigger["id"]?.string == id.rawValue)
        let start = rig.time.now() + .seconds(-200 * 86_400)
        let rows = (0..<1200).map { minute -> TriggerChange in
            var row = LedgerRow(
                id, of: DefinitionVersionKey(kind: .workflow, id: "w", version: 1),
                project: ProjectID("project"), tick: start + .seconds(minute * 60), recordedAt: start)
            row.reason = .paused
            return .skipped(row)
        }
        try TriggerFiring(host: rig.host).record(rows, .written)
        func count() throws -> Int {
            try rig.host.triggerStore.oldRows(before: rig.time.now(), limit: 5000).count
        }
        rig.advance(Limits.ledgerPruning)
        #expect(try count() == 1199 - Limits.ledgerRowsAtOnce)
        for _ in 0..<1200 / Limits.ledgerRowsAtOnce { rig.advance(Limits.triggerLook) }
        #expect(try count() == 0)
        // The newest stays.
        #expect(try rig.ledger().count == 1)
    }
}
