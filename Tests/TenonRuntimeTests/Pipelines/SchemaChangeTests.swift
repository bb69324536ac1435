import GRDB
import Synchronization
import TenonConnectors
import TenonJSON
import TenonModel
import TenonTestKit
import Testing

@testable import TenonRuntime

/// A table whose later rows need a wider column than its first ones, read in a real cell.
@Suite(.timeLimit(.minutes(1)))
struct SchemaChangeTests {
    private static func outcome(rows: Int, firstText: Int, paddingBytes: Int) async throws
        -> (record: ExecutionRecord, sequence: Int64, wrong: Int64, type: String)
    {
        let directory = TemporaryDirectory()
        let (source, target) = (directory.file("source.db"), directory.file("target.db"))
        try await DatabaseQueue(path: source).write { database in
            try database.execute(sql: "CREATE TABLE parts (id INTEGER PRIMARY KEY, code, padding TEXT)")
            try database.execute(
                sql: """
                    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
                    INSERT INTO parts SELECT i, CASE WHEN i < ?2 THEN i ELSE 'part ' || i END,
                        substr(hex(zeroblob(?3)), 1, ?3) FROM n
                    """, arguments: [rows, firstText, paddingBytes])
        }
        var pace = PipelinePace()
        pace.commitBytes = 8 << 20
        let cells = try CellHost(data: directory.file("data"), pace: pace)
        try cells.install(SqlitePackage.pack())
        try cells.deploy("source", package: "sqlite", type: "bidirectional", ["path": .string(source)])
        try cells.deploy(
            "target", package: "sqlite", type: "bidirectional",
            ["path": .string(target), "createIfMissing": true])
        let filter: JSON = [
            "name": "Filter", "type": "transform", "order": 1,
            "transformations": [
                ["type": "filter", "condition": ["field": "id", "operator": "greaterThan", "value": 0]]
            ],
        ]
        let record = try await cells.run(
            cells.savePipeline(
                "copy", from: "source", to: "target", extract: ["stream": "parts"], middle: [filter],
                load: ["stream": "parts", "createIfMissing": true]))
        return try await DatabaseQueue(path: target).read { database in
            try database.execute(sql: "ATTACH ? AS source", arguments: [source])
            let wrong = try Int64.fetchOne(
                database,
                sql: """
                    SELECT (SELECT count(*) FROM (SELECT id, CAST(code AS TEXT), padding FROM source.parts
                        EXCEPT SELECT id, CAST(code AS TEXT), padding FROM main.parts))
                        + abs((SELECT count(*) FROM main.parts) - (SELECT count(*) FROM source.parts))
                    """)
            return (
                record, try Int64.fetchOne(database, sql: "SELECT sequence FROM _tenon_sequences") ?? 0,
                wrong ?? -1,
                try String.fetchOne(
                    database, sql: "SELECT type FROM pragma_table_info('parts') WHERE name = 'code'") ?? ""
            )
        }
    }

    @Test func `before the first commit the transfer begins anew with the new columns`() async throws {
        let outcome = try await Self.outcome(rows: 8000, firstText: 6000, paddingBytes: 200)
        #expect(outcome.record.status == "completed", "\(outcome.record.error ?? .null)")
        #expect(outcome.record.recordsProcessed == 8000)
        #expect(outcome.record.stages?.array?.map { $0["written"]?.int } == [8000, 8000, 8000])
        #expect(outcome.sequence == 1)
        #expect(outcome.wrong == 0)
        #expect(outcome.type == "TEXT")
    }

    @Test func `after a commit the reader goes on there and a new writer takes the new columns`() async throws
    {
        let outcome = try await Self.outcome(rows: 56_000, firstText: 52_000, paddingBytes: 1000)
        #expect(outcome.record.status == "completed", "\(outcome.record.error ?? .null)")
        #expect(outcome.record.recordsProcessed == 56_000)
        #expect(outcome.record.stages?.array?.map { $0["written"]?.int } == [56_000, 56_000, 56_000])
        #expect(outcome.sequence > 1)
        #expect(outcome.wrong == 0)
        // The first writer has made the table: less lies between reader and target than came before the change.
        #expect(outcome.type == "INTEGER")
    }

    @Test func `a source whose columns never settle fails after a bounded number of restarts`() async throws {
        let source = RecordBox(RecordBox.Plan(changesAfter: 3))
        let target = RecordBox()
        let host = try EngineHost(["source": source, "target": target])
        let stages: JSON = [
            ["name": "Extract", "type": "extract", "order": 0, "transformations": []],
            ["name": "Load", "type": "load", "order": 9, "transformations": []],
        ]
        let id = try host.host.executePipeline(
            host.host.savePipeline(
                [
                    "projectId": "project", "name": "pipeline", "sourceIntegrationId": "source",
                    "targetIntegrationId": "target", "stages": stages,
                ], id: nil
            ).id)
        #expect(await host.host.whenFinished(id, within: .seconds(20)))
        let record = try host.host.execution(id)
        #expect(record.error?["code"]?.string == "pipeline.source-failed")
        #expect(record.error?["message"]?.string?.contains("again and again") == true)
        #expect(target.kept.withLock { $0.committed }.isEmpty)
        #expect(target.kept.withLock { $0.requests.count } <= 11)
    }
}
