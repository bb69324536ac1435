import Foundation
import TenonColumns
import TenonConnectors
import TenonJSON
import TenonModel
import TenonTestKit
import Testing

/// What the sqlite target keeps when it is killed or resumed, and how it writes every type.
@Suite(.serialized)
struct SqliteTargetTests {
    private let directory = TemporaryDirectory()
    private let schema = Schema([Field("id", .int64, isNullable: false), Field("name", .utf8)])

    private func plugin(_ name: String = "test.db", accepts: [String] = ["int64", "utf8"]) throws -> Plugin {
        let configuration: JSON = ["path": .string(directory.file(name)), "createIfMissing": true]
        return try Plugin(PluginLibrary.sqlite, configuration, accepts: accepts)
    }

    private func rows(_ plugin: Plugin, _ sql: String) throws -> JSON? {
        try plugin.invoke("query", ["sql": .string(sql)])["rows"]
    }

    /// Three batches, each committed.
    private func part(_ sequence: UInt64) throws -> Batch {
        let first = Int64(sequence) * 100
        return try batch(
            schema, (0..<50).map { ["id": .int(first + $0), "name": .string("n\(first + $0)")] })
    }

    /// Does the job from where it stands, but not more than so many steps: a write or a commit each.
    /// Answers whether it is done.
    private func run(_ plugin: Plugin, _ mode: String, steps: Int) throws -> Bool {
        var left = steps
        let writer = try plugin.writer(
            ["job": "j", "stream": "out", "mode": .string(mode), "keys": ["id"], "createIfMissing": true],
            schema)
        defer { writer.close() }
        guard writer.committedSequence < 3 else { return true }
        for sequence in (writer.committedSequence + 1)...3 {
            if left == 0 { return false }
            #expect(try writer.write(part(sequence)).isEmpty)
            if left == 1 { return false }
            try writer.commit(sequence)
            left -= 2
        }
        return true
    }

    @Test(arguments: ["append", "upsert", "overwrite"], ["DELETE", "WAL"])
    func `a job that stops after any step and goes on ends as one that was not stopped`(
        mode: String, journal: String
    ) throws {
        for steps in [1, 2, 3, 5] {
            let plugin = try plugin("\(mode)-\(steps).db")
            try setJournal(journal, of: "\(mode)-\(steps).db")
            if mode != "append" {
                try plugin.invoke(
                    "execute",
                    [
                        "sql":
                            "CREATE TABLE out (id INTEGER PRIMARY KEY, name); INSERT INTO out VALUES (7, 'old')"
                    ])
            }
            var attempts = 1
            while try !run(plugin, mode, steps: steps + attempts / 4) { attempts += 1 }
            let expected = 150 + (mode == "upsert" ? 1 : 0)
            #expect(
                try rows(plugin, "SELECT count(*) AS n, count(DISTINCT id) AS d FROM out")
                    == [["n": .int(Int64(expected)), "d": .int(Int64(expected))]])
            #expect(try rows(plugin, "SELECT name FROM out WHERE id = 249") == [["name": "n249"]])
            #expect(attempts < 40)
        }
    }

    /// A copy of the files is what a kill would leave at that moment.
    private func killed(_ step: Int) throws -> Plugin {
        let folder = directory.file("killed-\(step)")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for end in ["", "-journal", "-wal"] {
            let source = directory.file("test.db") + end
            guard FileManager.default.fileExists(atPath: source) else { continue }
            try FileManager.default.copyItem(atPath: source, toPath: "\(folder)/test.db\(end)")
        }
        return try plugin("killed-\(step)/test.db")
    }

    @Test(arguments: ["DELETE", "WAL"])
    func `a kill at any moment leaves whole commits, also when pages were written before`(journal: String)
        throws
    {
        let plugin = try plugin()
        try setJournal(journal)
        let request: JSON = ["job": "j", "stream": "out", "createIfMissing": true]
        // More than the page cache holds, so that SQLite writes pages before the commit.
        let filler = String(repeating: "x", count: 30_000)
        let large = try batch(schema, (0..<60).map { ["id": .int($0), "name": .string(filler)] })
        let writer = try plugin.writer(request, schema)
        for sequence in 1...2 {
            for write in 0..<12 {
                _ = try writer.write(large)
                guard write == 0 || write == 11 else { continue }
                let copy = try killed(sequence * 100 + write)
                let reopened = try copy.writer(request, schema)
                #expect(reopened.committedSequence == UInt64(sequence - 1))
                reopened.close()
                let count = Int64(sequence - 1) * 720
                let sql = "SELECT count(*) AS n FROM sqlite_schema WHERE name = 'out'"
                let isThere = try rows(copy, sql) == [["n": 1]]
                #expect(isThere == (sequence > 1))
                if isThere {
                    #expect(try rows(copy, "SELECT count(*) AS n FROM out") == [["n": .int(count)]])
                }
            }
            try writer.commit(UInt64(sequence))
        }
        writer.close()
        #expect(try rows(plugin, "SELECT count(*) AS n FROM out") == [["n": 1440]])
        #expect(try rows(plugin, "SELECT * FROM pragma_integrity_check") == [["integrity_check": "ok"]])
    }

    private func setJournal(_ mode: String, of name: String = "test.db") throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let script =
            "import sqlite3; sqlite3.connect('\(directory.file(name))').execute('PRAGMA journal_mode=\(mode)')"
        process.arguments = ["python3", "-c", script]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test func `a batch with rows that are refused keeps the others, in every mode`() throws {
        let plugin = try plugin()
        try plugin.invoke(
            "execute",
            [
                "sql": """
                CREATE TABLE out (id INTEGER PRIMARY KEY, name TEXT CHECK (name <> 'bad'));
                CREATE TABLE log (id INTEGER);
                CREATE TRIGGER logs AFTER INSERT ON out BEGIN INSERT INTO log VALUES (new.id); END;
                CREATE TRIGGER stops BEFORE INSERT ON out WHEN new.id = 5 BEGIN SELECT raise(FAIL, 'not 5'); END;
                """
            ])
        let records: [JSON] = [
            ["id": 1, "name": "a"], ["id": 2, "name": "bad"], ["id": 5, "name": "b"], ["id": 1, "name": "c"],
            ["id": 6, "name": "d"],
        ]
        let writer = try plugin.writer(["job": "j", "stream": "out"], schema)
        let rejected = try writer.write(batch(schema, records))
        #expect(rejected.map(\.row) == [1, 2, 3])
        #expect(rejected.map(\.reason).contains("not 5"))
        #expect(try writer.write(batch(schema, [["id": 7, "name": "e"]])).isEmpty)
        try writer.commit(1)
        writer.close()
        #expect(try rows(plugin, "SELECT group_concat(id) AS ids FROM out") == [["ids": "1,6,7"]])
        #expect(try rows(plugin, "SELECT group_concat(id) AS ids FROM log") == [["ids": "1,6,7"]])
        let upsert = try plugin.writer(["job": "k", "stream": "out", "mode": "upsert"], schema)
        let again = try upsert.write(
            batch(schema, [["id": 1, "name": "x"], ["id": 1, "name": "bad"], ["id": 1, "name": "y"]]))
        #expect(again.map(\.row) == [1])
        try upsert.commit(1)
        upsert.close()
        #expect(try rows(plugin, "SELECT name FROM out WHERE id = 1") == [["name": "y"]])
    }

    @Test func `every type is stored so that it can be read back, and a table is made for it`() throws {
        let types: [(String, ColumnType, JSON, JSON)] = [
            ("bool", .bool, true, 1), ("int8", .int8, -128, -128),
            ("uint32", .uint32, 4_294_967_295, 4_294_967_295),
            ("int64", .int64, .int(.min), .int(.min)), ("float64", .float64, 0.1, 0.1),
            (
                "decimal", .decimal128(precision: 38, scale: 2), "-12345678901234567890.05",
                "-12345678901234567890.05"
            ),
            ("utf8", .utf8, "", ""), ("binary", .binary, "/wA=", "/wA="),
            ("date", .date32, "1969-12-31", "1969-12-31"),
            ("stamp", .timestamp(isUTC: true), "2024-02-29T23:59:59.5Z", "2024-02-29T23:59:59.500000Z"),
            ("nothing", .null, nil, nil),
        ]
        let schema = Schema(types.map { Field($0.0, $0.1) })
        let record = JSON.object(JSONObject(types.map { (key: $0.0, value: $0.2) }))
        let plugin = try plugin(accepts: [
            "bool", "int8", "uint32", "int64", "float64", "decimal128", "utf8", "binary", "date32",
            "timestamp", "null",
        ])
        let writer = try plugin.writer(["job": "j", "stream": "out", "createIfMissing": true], schema)
        #expect(try writer.write(batch(schema, [record, [:]])).isEmpty)
        try writer.commit(1)
        writer.close()
        let stored = try rows(plugin, "SELECT * FROM out")
        #expect(stored?[0] == JSON.object(JSONObject(types.map { (key: $0.0, value: $0.3) })))
        #expect(stored?[1]?.object?.members.allSatisfy { $0.value.isNull } == true)
        let declared = try rows(plugin, "SELECT group_concat(type, ' ') AS t FROM pragma_table_info('out')")
        #expect(
            declared == [["t": "BOOLEAN INTEGER INTEGER INTEGER REAL TEXT TEXT BLOB TEXT TEXT "]])
    }
}
