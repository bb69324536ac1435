import GRDB
import Synchronization
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
        rig.host.triggerLoop.stop()
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
            try rig.host.triggerStore.oldRows(
                .skipped, from: nil, before: rig.time.now(), limit: 5000
            ).count
        }
        rig.time.advance(by: Limits.ledgerPruning)
        let soon = TriggerFiring(host: rig.host).turn()
        #expect(try count() == 1199 - Limits.ledgerRowsAtOnce)
        // The turns follow at once until nothing is left.
        #expect(soon == .milliseconds(1))
        for _ in 0..<1200 / Limits.ledgerRowsAtOnce { rig.look() }
        #expect(try count() == 0)
        // The newest stays.
        #expect(try rig.ledger().count == 1)
        #expect(TriggerFiring(host: rig.host).turn() == Limits.triggerLook)
    }

    @Test func `rows that stay do not keep those behind them`() throws {
        let rig = try TriggerRig()
        let id = try rig.save("0 0 1 1 *")
        rig.host.triggerLoop.stop()
        let start = rig.time.now() + .seconds(-200 * 86_400)
        // Those of every other minute were written just now, as by a backfill.
        let rows = (0..<1200).map { minute -> TriggerChange in
            var row = LedgerRow(
                id, of: DefinitionVersionKey(kind: .workflow, id: "w", version: 1),
                project: ProjectID("project"), tick: start + .seconds(minute * 60),
                recordedAt: minute % 2 == 0 ? rig.time.now() : start)
            row.outcome = minute % 3 == 0 ? .fired : .skipped
            return row.outcome == .fired ? .fired(row, replacesSkipped: false) : .skipped(row)
        }
        try TriggerFiring(host: rig.host).record(rows, .written)
        rig.advance(Limits.ledgerPruning)
        for _ in 0..<3 { rig.look() }
        // The newest stays.
        #expect(try rig.ledger().count == 601)
        let state = rig.host.triggerLoop.book.withLock { ($0.prunesAt, $0.pruneStarts.isEmpty) }
        #expect(state == (rig.time.now() + Limits.ledgerPruning, true))
    }

    @Test func `where nothing fires any more, old rows still go`() throws {
        let rig = try TriggerRig()
        try rig.save("0 0 * * *")
        try rig.save("0 0 * * *", workflow: ["triggers": []])
        rig.host.triggerLoop.stop()
        rig.host.triggerLoop.book.withLock { $0.prunesAt = nil }
        #expect(TriggerFiring(host: rig.host).turn() == Limits.ledgerPruning)
    }

    /// Three ticks whose rows are removed but the last.
    private func outlive(_ rig: TriggerRig) async throws {
        for day in 11...13 {
            rig.set("2026-03-\(day)T00:00:00Z")
            try await rig.settle()
        }
        rig.set("2026-07-01T13:00:00Z")
        try await rig.settle()
    }

    private func isRefused(_ id: TriggerID, _ rig: TriggerRig) -> Bool {
        let error = #expect(throws: TenonError.self) {
            _ = try rig.host.backfill(
                id, from: TriggerRig.moment("2026-03-11T00:00:00Z"),
                to: TriggerRig.moment("2026-03-13T00:00:00Z"), isDryRun: true)
        }
        return error?.code == .triggerRangeInvalid
    }

    @Test func `what was removed is known where a trigger goes on that could not be read`() async throws {
        let rig = try TriggerRig()
        let id = try rig.save("0 0 * * *", ["timezone": "Africa/Abidjan"])
        try await outlive(rig)
        try rig.host.store.write { database in
            try database.execute(
                sql: "UPDATE definition_versions SET document = replace(document, 'Africa/A', 'Frica/A')")
        }
        try rig.restart()
        try rig.save("0 0 * * *", ["timezone": "Africa/Abidjan"])
        #expect(isRefused(id, rig))
    }

    @Test func `what was removed is known where a trigger gets the number of another`() async throws {
        let rig = try TriggerRig()
        func save(_ schedules: String...) throws -> TriggerID {
            let list = schedules.map { schedule -> JSON in
                ["type": "schedule", "schedule": .string(schedule)]
            }
            let id = try rig.save("", workflow: ["triggers": .array(list)])
            return TriggerID(String(id.rawValue.dropLast()) + "1")
        }
        let first = try save("0 0 * * *", "0 */12 * * *")
        try await outlive(rig)
        #expect(try save("0 */12 * * *") == first)
        #expect(isRefused(first, rig))
    }
}
