import Foundation
import GRDB
import TenonConnectors
import TenonJSON
import TenonModel
import TenonStore
import TenonTestKit
import Testing

@testable import TenonRuntime

/// Kills a host with SIGKILL while a pipeline moves numbered rows from one cell into an SQLite database in
/// another one.
@Suite(.timeLimit(.minutes(1)))
struct PipelineCrashTests {
    private static let killCount = 6
    private static let batchRows: Int64 = 200

    /// What a database holds of the rows 0, 1, 2, ... and of the run that wrote them.
    private struct Held {
        var rows: Int64 = 0
        var sum: Int64 = 0
        var sequence: Int64 = 0
    }

    @Test
    func `a killed pipeline ends interrupted; its target holds what was committed and nothing else`()
        async throws
    {
        let directory = TemporaryDirectory()
        let data = directory.file("data")
        let database = directory.file("target.db")
        let pipeline = try Self.prepare(directory, data: data, database: database)
        var random = SystemRandomNumberGenerator()
        var commitCount: Int64 = 0
        for _ in 0..<Self.killCount {
            let process = try CrashHostProcess([data, Fixtures.cellPath, pipeline.rawValue, "", "pipeline"])
            #expect(process.waitUntilReady())
            usleep(UInt32.random(in: 100_000...900_000, using: &random))
            process.kill()
            commitCount += try await check(pipeline, data: data, database: database)
        }
        #expect(commitCount > 0)
        print("pipeline crash test: \(commitCount) commits before \(Self.killCount) kills")
    }

    @Test func `a pipeline that a drain interrupts ends interrupted too, at the next start`() async throws {
        let directory = TemporaryDirectory()
        let data = directory.file("data")
        let database = directory.file("target.db")
        let pipeline = try Self.prepare(directory, data: data, database: database)
        let cells = try CellHost(data: data)
        let id = try cells.host.executePipeline(pipeline)
        #expect(await !cells.host.whenFinished(id, within: .milliseconds(500)))
        let time = ContinuousClock().measure { cells.host.drain(.milliseconds(100)) }
        #expect(time < .seconds(2))
        _ = try await check(pipeline, data: data, database: database)
    }

    private static func prepare(_ directory: TemporaryDirectory, data: String, database: String) throws
        -> PipelineID
    {
        let counter = directory.file("counter.tenon")
        try PackageArchive.pack(folder: Fixtures.packageFolder("counter"), output: counter)
        let cells = try CellHost(data: data)
        try cells.install(counter)
        try cells.install(SqlitePackage.pack(into: directory))
        try cells.deploy(
            "many", package: "counter", type: "bidirectional",
            ["rows": 1_000_000_000, "batchRows": .int(batchRows)])
        try cells.deploy("few", package: "counter", type: "bidirectional", ["rows": 1000])
        try cells.deploy(
            "target", package: "sqlite", type: "bidirectional",
            ["path": .string(database), "createIfMissing": true])
        _ = try cells.savePipeline(
            "few", from: "few", to: "target", extract: ["stream": "numbers"],
            load: ["stream": "few", "mode": "overwrite", "createIfMissing": true])
        let padding: JSON = [
            "name": "Pad", "type": "transform", "order": 1,
            "transformations": [
                [
                    "type": "map",
                    "mapping": [
                        "id": "id", "padding": .string("{{id}}" + String(repeating: "x", count: 4000)),
                    ],
                ]
            ],
        ]
        return try cells.savePipeline(
            "many", from: "many", to: "target", extract: ["stream": "numbers"], middle: [padding],
            load: ["stream": "many", "createIfMissing": true])
    }

    /// Checks the youngest execution and its rows, removes these, and answers how many commits there were.
    private func check(_ pipeline: PipelineID, data: String, database: String) async throws -> Int64 {
        let cells = try CellHost(data: data)
        var filter = ExecutionFilter()
        filter.definitionID = pipeline.rawValue
        let record = try #require(try cells.host.executions(filter).executions.first)
        #expect(record.status == "failed")
        #expect(record.error?["code"]?.string == "pipeline.interrupted")
        // A new run writes at once: nobody holds the database any more.
        let few = try #require(try cells.host.pipelines(project: nil).first { $0.definition.name == "few" })
        let again = try await cells.run(few.id)
        #expect(again.status == "completed" && again.recordsProcessed == 1000)

        let held = try Self.held(database, job: "\(pipeline)/\(record.id)")
        let row = try #require(try cells.host.executions.execution(record.id))
        let promised = try cells.host.executions.checkpoint(ofExecution: row.number)?.sequence ?? 0
        let recorded = record.recordsProcessed ?? 0
        // The rows are 0..<n without a gap and without a row twice.
        #expect(held.sum == held.rows * (held.rows - 1) / 2)
        #expect(held.rows % Self.batchRows == 0)
        if held.sequence == Int64(promised) {
            #expect(held.rows == recorded)
            #expect(record.stages?.array?.last?["written"]?.int == held.rows)
        } else {
            // Killed after the promise and before the commit.
            #expect(held.sequence + 1 == Int64(promised))
            #expect(held.rows < recorded)
        }
        return held.sequence
    }

    private static func held(_ path: String, job: String) throws -> Held {
        let queue = try DatabaseQueue(path: path)
        return try queue.write { database in
            var held = Held()
            guard try database.tableExists("many") else { return held }
            let row = try #require(
                try Row.fetchOne(database, sql: "SELECT count(*), coalesce(sum(id), 0) FROM many"))
            held.rows = row[0]
            held.sum = row[1]
            held.sequence =
                try Int64.fetchOne(
                    database, sql: "SELECT sequence FROM _tenon_sequences WHERE job = ? AND stream = 'many'",
                    arguments: [job]) ?? 0
            try database.execute(sql: "DELETE FROM many")
            return held
        }
    }
}
