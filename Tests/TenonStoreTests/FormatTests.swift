import Foundation
import GRDB
import TenonModel
import TenonTestKit
import Testing

@testable import TenonStore

/// Databases that earlier versions of the host have left behind.
struct FormatTests {
    private let temporary = TemporaryDirectory()

    private func openVersion5() throws -> Store {
        let directory = temporary.file("data")
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try Version5Database.make(at: directory + "/tenon.db")
        return try Store.open(directory: directory, time: SystemTime())
    }

    @Test func `a database of format 5 has the tables and indexes of a new one, and is whole`() throws {
        let old = try openVersion5()
        let new = try Store.open(directory: temporary.file("new"), time: SystemTime())
        let shape: (Database) throws -> [String] = { database in
            // SQLite's texts of tables differ by how columns were added to them.
            try Row.fetchAll(
                database,
                sql: """
                    SELECT s.type, s.name, s.tbl_name, c.cid, c.name, c.type, c."notnull", c.dflt_value, c.pk,
                        iif(s.type = 'index', s.sql, NULL)
                    FROM sqlite_schema s LEFT JOIN pragma_table_xinfo(s.name) c ON TRUE
                    ORDER BY s.type, s.name, c.cid
                    """
            ).map { row in
                row.databaseValues.map(\.description).joined(separator: " ").split(
                    whereSeparator: \.isWhitespace
                )
                .joined(separator: " ")
            }
        }
        let found = try old.read(shape)
        #expect(found.count > 100)
        #expect(try found == new.read(shape))
        #expect(try old.read { try String.fetchAll($0, sql: "PRAGMA integrity_check") } == ["ok"])
        #expect(old.epoch == 8)
        try old.close()
        try new.close()
    }

    @Test func `a ledger of format 5 is read, grows and fires no tick again`() throws {
        let store = try openVersion5()
        let triggers = TriggerStore(store: store)
        let t = TriggerID("t")
        let shown = {
            var query = LedgerQuery()
            query.trigger = t
            return try triggers.ledger(query).map { row in
                "\(row.number): \(row.firstTick.microseconds)-\(row.tick.microseconds) x\(row.tickCount)"
                    + " \(row.reason?.rawValue ?? row.executionID?.rawValue ?? "")"
            }.sorted()
        }
        let before = [
            "1: 1000-1000 x1 e1", "2: 4000-4000 x1 paused", "3: 2000-4000 x3 misfire",
            "4: 5000-5000 x1 e2", "5: 5500-6000 x2 overlap",
        ]
        #expect(try shown() == before)
        #expect(try triggers.newestTick(of: t) == Timestamp(microseconds: 6000))
        #expect(try triggers.unfinishedExecutions().map(\.execution) == [ExecutionID("e2")])
        #expect(try triggers.queuedTicks().map(\.trigger) == [TriggerID("u")])
        #expect(try triggers.prunedTicks().isEmpty)
        let states = try triggers.states().sorted { $0.id.rawValue < $1.id.rawValue }
        #expect(states.map(\.lastExecution) == [ExecutionID("e2"), nil])
        #expect(states.map(\.lastTick) == [Timestamp(microseconds: 5000), nil])

        var next = LedgerRow(
            t, of: DefinitionVersionKey(kind: .workflow, id: "w", version: 2), project: ProjectID("p"),
            tick: Timestamp(microseconds: 7000), recordedAt: Timestamp(microseconds: 7000))
        next.outcome = .skipped
        next.reason = .overlap
        try store.write { try TriggerStatements.write([.skippedAlso(next)], $0, epoch: store.epoch) }
        #expect(try shown() == before.dropLast() + ["5: 5500-7000 x3 overlap"])
        next.tick = Timestamp(microseconds: 1000)
        next.outcome = .fired
        next.reason = nil
        let error = #expect(throws: TenonError.self) {
            try store.write { [next] in
                try TriggerStatements.write([.fired(next, replacesSkipped: false)], $0, epoch: store.epoch)
            }
        }
        #expect(error?.code == .triggerTickTaken)
        try store.close()
    }

    @Test func `what a host of format 5 left unfinished is taken over with its steps, once`() throws {
        let store = try openVersion5()
        let executions = ExecutionStore(store: store)
        let (rows, steps) = try executions.takeOver()
        #expect(rows.map(\.id) == [ExecutionID("e2")])
        #expect(rows.first?.durability == "relaxed")
        #expect(steps[2]?.map(\.status) == ["completed", "running"])
        #expect(steps[2]?.map(\.effect) == [nil, .write])
        #expect(try executions.blob(Digest("d")) == Array("{}".utf8))
        #expect(try executions.takeOver().executions.isEmpty)
        #expect(try executions.execution(ExecutionID("e1"))?.progress.status == "completed")
        let secret = try store.read { try SecretTable.find(ProjectID("p"), "token", in: $0) }
        #expect(secret?.value == [1, 2])
        try store.close()
    }
}
