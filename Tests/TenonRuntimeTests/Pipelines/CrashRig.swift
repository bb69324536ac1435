import Foundation
import GRDB
import TenonConnectors
import TenonJSON
import TenonModel
import TenonTestKit
import Testing

@testable import TenonRuntime

/// A source and a target in cells, and what an undisturbed pipeline between them leaves in the target.
final class CrashRig {
    enum Kind: String, Sendable, CaseIterable, CustomTestStringConvertible {
        case counterToSqlite = "counter to sqlite"
        case sqliteToSqlite = "sqlite to sqlite"
        case filesToFiles = "files to files"

        var testDescription: String { rawValue }
        var usesFiles: Bool { self == .filesToFiles }

        /// Those whose connectors are built.
        static var usable: [Kind] { allCases.filter { !$0.usesFiles || FilesPackage.library != nil } }
    }

    /// A pipeline that writes to a stream of its own.
    struct Run {
        let id: PipelineID
        let stream: String
    }

    static let rowCount: Int64 = 60_000
    let kind: Kind
    let directory = TemporaryDirectory()
    /// How long an undisturbed run takes.
    private(set) var milliseconds = 0
    private var reference: [String] = []
    private var runCount = 0

    var data: String { directory.file("data") }
    private var database: String { directory.file("target.db") }
    private var folder: String { directory.file("target") }

    init(_ kind: Kind) async throws {
        self.kind = kind
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let cells = try open()
        try deploySource(cells)
        try deployTarget(cells)
        let run = try newPipeline(in: cells)
        let began = ContinuousClock.now
        let record = try await cells.run(run.id)
        milliseconds = max(20, Int((ContinuousClock.now - began).wholeMilliseconds))
        #expect(record.status == "completed", "\(record.error ?? .null)")
        reference = try rows(of: run)
        #expect(reference.count == Int(Self.rowCount))
    }

    /// Commits so often that most kills fall between two commits.
    func open() throws -> CellHost {
        var pace = PipelinePace()
        pace.commitBytes = 1 << 18
        pace.commitTime = .milliseconds(20)
        pace.firstRetry = .milliseconds(5)
        return try CellHost(data: data, pace: pace)
    }

    private func deploySource(_ cells: CellHost) throws {
        switch kind {
        case .counterToSqlite:
            let counter = directory.file("counter.tenon")
            try PackageArchive.pack(folder: Fixtures.packageFolder("counter"), output: counter)
            try cells.install(counter)
            try cells.deploy(
                "source", package: "counter", type: "bidirectional",
                ["rows": .int(Self.rowCount), "batchRows": 500])
        case .sqliteToSqlite:
            let source = directory.file("source.db")
            try DatabaseQueue(path: source).write { database in
                try database.execute(
                    sql: "CREATE TABLE numbers (id INTEGER PRIMARY KEY, name TEXT, value REAL)")
                try database.execute(
                    sql: """
                        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
                        INSERT INTO numbers SELECT i, 'row ' || i || hex(zeroblob(20)), i / 2.0 FROM n
                        """, arguments: [Self.rowCount])
            }
            try cells.install(SqlitePackage.pack())
            try cells.deploy("source", package: "sqlite", type: "bidirectional", ["path": .string(source)])
        case .filesToFiles:
            let source = directory.file("source")
            try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: true)
            var text = "id,name,value\n"
            for row in 0..<Self.rowCount { text += "\(row),\"row, \(row)\",\(row).5\n" }
            try text.write(toFile: source + "/numbers.csv", atomically: true, encoding: .utf8)
            try cells.install(FilesPackage.pack(into: directory))
            try cells.deploy("source", package: "files", type: "bidirectional", ["path": .string(source)])
        }
    }

    private func deployTarget(_ cells: CellHost) throws {
        if kind.usesFiles {
            try cells.deploy("target", package: "files", type: "bidirectional", ["path": .string(folder)])
            return
        }
        if kind != .sqliteToSqlite { try cells.install(SqlitePackage.pack()) }
        try cells.deploy(
            "target", package: "sqlite", type: "bidirectional",
            ["path": .string(database), "createIfMissing": true])
    }

    func newPipeline() throws -> Run { try newPipeline(in: open()) }

    func newPipeline(in cells: CellHost) throws -> Run {
        runCount += 1
        let stream = kind.usesFiles ? "run\(runCount).csv" : "run\(runCount)"
        let filter: JSON = [
            "name": "Filter", "type": "transform", "order": 1,
            "transformations": [
                ["type": "filter", "condition": ["field": "id", "operator": "greaterOrEqual", "value": 0]]
            ],
        ]
        let id = try cells.savePipeline(
            stream, from: "source", to: "target",
            extract: ["stream": kind.usesFiles ? "numbers.csv" : "numbers"], middle: [filter],
            load: ["stream": .string(stream), "createIfMissing": true])
        return Run(id: id, stream: stream)
    }

    // MARK: What came of it

    /// Whether the youngest execution has not ended; asks the database of a host that is dead.
    func isRunning(_ id: PipelineID) throws -> Bool {
        try DatabaseQueue(path: data + "/tenon.db").read { database in
            try Bool.fetchOne(
                database,
                sql: """
                    SELECT finished_at IS NULL FROM executions WHERE definition_id = ?
                    ORDER BY number DESC LIMIT 1
                    """, arguments: [id.rawValue]) ?? true
        }
    }

    /// Lets the execution come to its end in a host of this process.
    func finish(_ run: Run) async throws -> JSON {
        let cells = try open()
        var filter = ExecutionFilter()
        filter.definitionID = run.id.rawValue
        let execution = try #require(try cells.host.executions(filter).executions.first)
        #expect(await cells.host.whenFinished(execution.id, within: .seconds(60)))
        return try cells.host.execution(execution.id).json
    }

    func check(_ run: Run, _ record: JSON) throws {
        #expect(record["status"] == "completed", "\(record["error"] ?? .null)")
        #expect(record["guarantee"] == "exactlyOnce")
        #expect(record["recordsProcessed"] == .int(Self.rowCount))
        #expect(record["stages"]?.array?.last?["written"] == .int(Self.rowCount))
        let rows = try rows(of: run)
        #expect(rows.count == reference.count)
        #expect(rows == reference, "the rows of \(run.stream) are not those of the reference")
    }

    /// Sorted.
    private func rows(of run: Run) throws -> [String] {
        if kind.usesFiles {
            let text = try String(contentsOfFile: "\(folder)/\(run.stream)", encoding: .utf8)
            return text.split(separator: "\n").dropFirst().map(String.init).sorted()
        }
        return try DatabaseQueue(path: database).read { database in
            try String.fetchAll(
                database,
                sql: "SELECT id || '|' || coalesce(quote(name), '') || '|' || quote(value) FROM \(run.stream)"
            )
        }.sorted()
    }
}
