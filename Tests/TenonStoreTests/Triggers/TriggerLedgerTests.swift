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
                .skippedAlso(row(7, .overlap)),
            ], store)
        let rows = try TriggerStore(store: store).ledger(LedgerQuery())
        let shown = rows.reversed().map {
            "\($0.firstTick.microseconds)-\($0.tick.microseconds) x\($0.tickCount) \($0.reason?.rawValue ?? "fired")"
        }
        #expect(
            shown == [
                "0-0 x1 overlap", "1-3 x3 paused", "4-4 x1 overlap", "5-5 x1 fired", "6-7 x2 overlap",
            ])
    }

    @Test func `where the clock was set back, ticks that a row of many has are not recorded again`() throws {
        let store = try Store.open(directory: directory.file("data"), time: SystemTime())
        defer { try? store.close() }
        try write([.skipped(row(1, .paused))] + (2...9).map { .skippedAlso(row($0, .paused)) }, store)
        // The row ends at 9, and grows again behind that.
        try write([.skipped(row(4, .paused)), .skipped(row(5, .overlap))], store)
        try write((6...11).map { .skippedAlso(row($0, .paused)) }, store)
        // Further back than the row.
        try write((-3...3).map { .skippedAlso(row($0, .paused)) }, store)
        // Its ticks may still fire.
        try write([.fired(row(9), replacesSkipped: true)], store)
        let rows = try TriggerStore(store: store).ledger(LedgerQuery())
        let shown = rows.reversed().map {
            "\($0.firstTick.microseconds)...\($0.tick.microseconds) x\($0.tickCount) \($0.outcome)"
        }
        #expect(shown == ["-3...0 x4 skipped", "9...9 x1 fired", "1...11 x11 skipped"])
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
                        WHERE \(column) = 'x' AND outcome = 'fired' AND tick >= 1 AND tick <= 9
                        ORDER BY tick DESC, number DESC LIMIT 3
                        """
                ).map { $0["detail"] as String }
            }
            #expect(plan.count == 1)
            #expect(
                plan.first?.contains("(\(column)=? AND outcome=? AND tick>? AND tick<?)") ?? false, "\(plan)")
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
            query.after = LedgerPosition(tick: last.tick, number: last.number)
        }
        #expect(ticks == (1...9).reversed())
    }

    /// A row that may be about many ticks.
    private func random(_ number: Int64, _ random: inout some RandomNumberGenerator) -> LedgerRow {
        let isFired = Bool.random(using: &random)
        let reason = SkipReason.allCases.randomElement(using: &random)
        var row = row(Int64.random(in: 0...200, using: &random), isFired ? nil : reason)
        let name = Int.random(in: 0...2, using: &random)
        row.trigger = TriggerID("t\(name)")
        row.definitionID = "w\(name % 2)"
        row.projectID = ProjectID("p\(name % 2)")
        if !isFired, Int.random(in: 0..<4, using: &random) == 0 {
            row.firstTick = Timestamp(
                microseconds: Int64.random(in: 0...row.tick.microseconds, using: &random))
            row.tickCount = row.tick.microseconds - row.firstTick.microseconds + 1
        }
        return row
    }

    private func isShown(_ row: LedgerRow, _ query: LedgerQuery) -> Bool {
        (query.trigger == nil || row.trigger == query.trigger)
            && (query.project == nil || row.projectID == query.project)
            && (query.definitionID == nil || row.definitionID == query.definitionID)
            && (query.outcome == nil || row.outcome.rawValue == query.outcome)
            && query.from.map { row.tick >= $0 } ?? true && query.to.map { row.firstTick < $0 } ?? true
    }

    @Test func `whatever is asked for, pages have the rows that a look at all of them finds`() throws {
        let store = try Store.open(directory: directory.file("data"), time: SystemTime())
        defer { try? store.close() }
        var random = SeededGenerator(seed: 1)
        // Those of many last: they leave out what comes after them.
        let written = (0..<400).map { self.random($0, &random) }.sorted { $0.tickCount < $1.tickCount }
        try write(written.map(TriggerChange.skipped), store)
        let reader = TriggerStore(store: store)
        var everything = LedgerQuery()
        everything.limit = 1000
        let rows = try reader.ledger(everything)
        #expect(rows.count > 200)
        func maybe<Value>(_ value: Value) -> Value? { Bool.random(using: &random) ? value : nil }
        for _ in 0..<200 {
            var query = LedgerQuery()
            query.trigger = maybe(TriggerID("t1"))
            query.project = maybe(ProjectID("p1"))
            query.definitionID = maybe("w1")
            query.outcome = maybe(TickOutcome.allCases.randomElement(using: &random)?.rawValue ?? "")
            query.from = maybe(Timestamp(microseconds: Int64.random(in: -5...205, using: &random)))
            query.to = maybe(Timestamp(microseconds: Int64.random(in: -5...205, using: &random)))
            query.limit = Int.random(in: 1...40, using: &random)
            let expected = rows.filter { isShown($0, query) }.map(\.number)
            var found: [Int64] = []
            while let last = try reader.ledger(query).map({ row in
                found.append(row.number)
                return row
            }).last {
                query.after = LedgerPosition(tick: last.tick, number: last.number)
            }
            #expect(found == expected, "\(query)")
        }
        let order = rows.map { ($0.tick.microseconds, $0.number) }
        #expect(zip(order, order.dropFirst()).allSatisfy { $0 > $1 })
    }

    @Test func `old rows are those before a moment, but not the newest of a trigger`() throws {
        let store = try Store.open(directory: directory.file("data"), time: SystemTime())
        defer { try? store.close() }
        var other = row(2)
        other.trigger = TriggerID("other")
        try write(
            [
                .fired(row(1), replacesSkipped: false), .skipped(row(2, .overlap)),
                .fired(row(3), replacesSkipped: false), .fired(row(8), replacesSkipped: false),
                .fired(other, replacesSkipped: false),
            ], store)
        let reader = TriggerStore(store: store)
        func oldRows(from: Int64? = nil, before: Int64, limit: Int = 10) throws -> [OldLedgerRow] {
            try TickOutcome.allCases.flatMap { outcome in
                try reader.oldRows(
                    outcome, from: from.map(Timestamp.init(microseconds:)),
                    before: Timestamp(microseconds: before), limit: limit)
            }
        }
        let old = try oldRows(before: 5)
        #expect(Set(old.map(\.tick.microseconds)) == [1, 2, 3])
        #expect(old.allSatisfy { $0.trigger == TriggerID("t") })
        #expect(try oldRows(before: 5, limit: 1).map(\.tick.microseconds) == [1, 2])
        #expect(try oldRows(from: 2, before: 5).map(\.tick.microseconds) == [3, 2])
        #expect(try oldRows(before: 99) == old)
        try write(old.map(TriggerChange.pruned), store)
        #expect(Set(try reader.ledger(LedgerQuery()).map(\.tick.microseconds)) == [2, 8])
        #expect(try reader.prunedTicks() == [TriggerID("t"): Timestamp(microseconds: 3)])
        // It never goes back.
        try write(old.reversed().map(TriggerChange.pruned), store)
        #expect(try reader.prunedTicks() == [TriggerID("t"): Timestamp(microseconds: 3)])
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
