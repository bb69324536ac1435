import GRDB
import TenonConnectors
import TenonJSON
import TenonModel
import TenonTestKit
import Testing

@testable import TenonRuntime

/// What a pipeline leaves to a source that can do it, in a real cell.
@Suite(.timeLimit(.minutes(1)))
struct PushdownTests {
    private final class Rig {
        let directory = TemporaryDirectory()
        let cells: CellHost
        var target: String { directory.file("target.db") }

        init(rowCount: Int) throws {
            let source = directory.file("source.db")
            try DatabaseQueue(path: source).write { database in
                try database.execute(
                    sql: "CREATE TABLE parts (id INTEGER PRIMARY KEY, status TEXT, unused TEXT)")
                try database.execute(
                    sql: """
                        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
                        INSERT INTO parts
                        SELECT i, CASE WHEN i % 4 = 0 THEN 'active' ELSE 'retired' END, hex(zeroblob(50)) FROM n
                        """, arguments: [rowCount])
            }
            cells = try CellHost(data: directory.file("data"))
            try cells.install(SqlitePackage.pack())
            try cells.deploy("source", package: "sqlite", type: "bidirectional", ["path": .string(source)])
            try cells.deploy(
                "target", package: "sqlite", type: "bidirectional",
                ["path": .string(target), "createIfMissing": true])
        }

        func pipeline(_ middle: [JSON]) throws -> PipelineID {
            try cells.savePipeline(
                "copy", from: "source", to: "target", extract: ["stream": "parts"], middle: middle,
                load: ["stream": "parts", "createIfMissing": true])
        }
    }

    private static func stage(_ order: Int, _ transformations: [JSON]) -> JSON {
        [
            "name": .string("Stage \(order)"), "type": "transform", "order": .int(Int64(order)),
            "transformations": .array(transformations),
        ]
    }

    private static let active: JSON = [
        "type": "filter", "condition": ["field": "status", "operator": "equals", "value": "active"],
    ]
    private static let idOnly: JSON = ["type": "map", "mapping": ["id": "id"]]

    @Test func `a filter and unused columns stay in the source, and the stages count as if they had not`()
        async throws
    {
        let rig = try Rig(rowCount: 20_000)
        let id = try rig.pipeline([Self.stage(1, [Self.active]), Self.stage(2, [Self.idOnly])])
        let record = try await rig.cells.run(id)
        #expect(record.status == "completed", "\(record.error ?? .null)")
        let stages = try #require(record.stages?.array)
        #expect(stages[1]["pushedDown"] == true)
        #expect(stages[0]["pushedDown"] == nil)
        #expect(stages[1]["filtered"] == 15_000)
        #expect(record.recordsProcessed == 20_000)
        #expect(stages.map { $0["read"]?.int } == [20_000, 20_000, 5000, 5000])
        #expect(stages.map { $0["written"]?.int } == [20_000, 5000, 5000, 5000])
        // The reader looked at a quarter of the rows only: what came over is what passes.
        #expect((stages[0]["bytes"]?.int ?? .max) < 5000 * 60)
        let sum = try await DatabaseQueue(path: rig.target).read { database in
            try Int64.fetchOne(database, sql: "SELECT sum(id) FROM parts")
        }
        #expect(sum == (1...5000).reduce(0) { $0 + Int64($1) * 4 })
    }

    @Test func `reading stops when a limit is reached`() async throws {
        let rig = try Rig(rowCount: 50_000)
        let id = try rig.pipeline([Self.stage(1, [Self.active, ["type": "limit", "count": 10]])])
        let record = try await rig.cells.run(id)
        #expect(record.status == "completed", "\(record.error ?? .null)")
        #expect(record.stages?.array?.last?["written"] == 10)
        let ids = try await DatabaseQueue(path: rig.target).read { database in
            try Int64.fetchAll(database, sql: "SELECT id FROM parts ORDER BY id")
        }
        #expect(ids == (1...10).map { $0 * 4 })
    }

    @Test func `explain says what the source follows, and writes nothing`() async throws {
        let rig = try Rig(rowCount: 100)
        let id = try rig.pipeline([Self.stage(1, [Self.active]), Self.stage(2, [Self.idOnly])])
        let explanation = try rig.cells.host.explainPipeline(id)
        #expect(explanation["source"]?["follows"]?["filter"] == "exact")
        #expect(explanation["source"]?["leftOut"]?.array?.contains("unused") == true)
        #expect(explanation["text"]?.string?.contains("source, parts") == true)
        #expect(try await DatabaseQueue(path: rig.target).read { try !$0.tableExists("parts") })
        let misspelt: JSON = [
            "projectId": .string(CellHost.project.rawValue), "name": "misspelt",
            "sourceIntegrationId": "source", "targetIntegrationId": "target",
            "stages": [
                [
                    "name": "Extract", "type": "extract", "order": 0,
                    "parameters": ["stream": "parts"],
                    "transformations": [
                        [
                            "type": "filter",
                            "condition": ["field": "statsu", "operator": "equals", "value": "x"],
                        ]
                    ],
                ],
                ["name": "Load", "type": "load", "order": 9, "transformations": []],
            ],
        ]
        #expect {
            _ = try rig.cells.host.explainPipeline(document: misspelt)
        } throws: { error in
            (error as? TenonError)?.code.rawValue == "pipeline.unknown-field"
                && "\(error)".contains("\"status\"")
        }
    }
}
