import GRDB
import TenonModel
import TenonTestKit
import Testing

@testable import TenonStore

/// How the ledger is read and how rows grow.
struct TriggerLedgerTests {
    private let directory = TemporaryDirectory()

    private func row(_ tick: Int64, _ reason: SkipReason? = nil) -> LedgerRow {
        var row = LedgerRow(
            TriggerID("t"), of: DefinitionVersionKey(kind: .workflow, id: "w", version: 1),
            project: ProjectID("p"), tick: Timestamp(microseconds: tick),
            recordedAt: Timestamp(microseconds: tick))
        row.reason = reason
        row.outcome = reason == nil ? .fired : .skipped
        return row
    }

    private func write(_ changes: [TriggerChange], _ store: Store) throws {
        try store.write { try TriggerStatements.write(changes, $0, epoch: store.epoch) }
    }

    @Test func `a run of skipped ticks grows its own row only`() throws {
        let store = try Store.open(directory: directory.file("data"), time: SystemTime())
        defer { try? store.close() }
        try write(
            [
                .skipped(row(1, .paused)), .skippedAlso(row(2, .paused)), .skippedAlso(row(3, .paused)),
                // Another reason, and one that is older, have rows of their own.
                .skippedAlso(row(4, .overlap)), .skippedAlso(row(0, .overlap)),
                .fired(row(5), replacesSkipped: false), .skippedAlso(row(6, .overlap)),
            ], store)
        let rows = try TriggerStore(store: store).ledger(LedgerQuery())
        let shown = rows.reversed().map {
            "\($0.firstTick.microseconds)-\($0.tick.microseconds) x\($0.tickCount) \($0.reason?.rawValue ?? "fired")"
        }
        #expect(
            shown == ["1-3 x3 paused", "4-4 x1 overlap", "0-6 x2 overlap", "5-5 x1 fired"])
    }

    @Test func `pages of the ledger come out of an index, without sorting what is there`() throws {
        let store = try Store.open(directory: directory.file("data"), time: SystemTime())
        defer { try? store.close() }
        for column in ["trigger_id", "project_id", "definition_id"] {
            let plan = try store.read { database in
                try Row.fetchAll(
                    database,
                    sql: """
                        EXPLAIN QUERY PLAN SELECT * FROM trigger_ledger
                        WHERE \(column) = 'x' AND outcome = 'fired' AND number < 9 ORDER BY number DESC LIMIT 3
                        """
                ).map { $0["detail"] as String }
            }
            #expect(plan.count == 1)
            #expect(plan.first?.contains("(\(column)=? AND outcome=? AND rowid<?)") ?? false, "\(plan)")
        }
    }

    @Test func `both outcomes come in one order, page after page`() throws {
        let store = try Store.open(directory: directory.file("data"), time: SystemTime())
        defer { try? store.close() }
        try write(
            (1...9).map { tick in
                tick % 3 == 0
                    ? .skipped(row(tick, .overlap)) : .fired(row(tick), replacesSkipped: false)
            }, store)
        var query = LedgerQuery()
        query.trigger = TriggerID("t")
        query.limit = 4
        var ticks: [Int64] = []
        while true {
            let page = try TriggerStore(store: store).ledger(query)
            guard let last = page.last else { break }
            ticks += page.map(\.tick.microseconds)
            query.before = last.number
        }
        #expect(ticks == (1...9).reversed())
    }

    @Test func `what an older host has recorded is known as what each trigger did last`() throws {
        let store = try Store.open(directory: directory.file("data"), time: SystemTime())
        defer { try? store.close() }
        var fired = row(7)
        fired.executionID = ExecutionID("e")
        try write(
            [
                .state(
                    TriggerState(id: TriggerID("t"), schedule: "", handledAt: Timestamp(microseconds: 9))),
                .fired(row(8), replacesSkipped: false), .fired(fired, replacesSkipped: false),
                .skipped(row(9, .paused)),
            ], store)
        // The last statement of the migration.
        let update = try #require(TriggerSchema.pages.last)
        try store.write { try $0.execute(sql: update) }
        let state = try #require(try TriggerStore(store: store).states().first)
        #expect(state.lastTick == Timestamp(microseconds: 7))
        #expect(state.lastExecution == ExecutionID("e"))
    }
}
