import TenonColumns
import TenonConnectors
import TenonJSON
import TenonModel
import TenonTestKit
import Testing

@Suite(.serialized)
struct SqliteTests {
    private let directory = TemporaryDirectory()
    private let schema = Schema([Field("id", .int64, isNullable: false), Field("name", .utf8)])

    private func database(_ sql: String) throws -> Plugin {
        let configuration: JSON = ["path": .string(directory.file("test.db")), "createIfMissing": true]
        let plugin = try Plugin(PluginLibrary.sqlite, configuration, accepts: ["int64", "float64", "utf8"])
        if !sql.isEmpty { try plugin.invoke("execute", ["sql": .string(sql)]) }
        return plugin
    }

    private func rows(_ plugin: Plugin, _ sql: String) throws -> JSON? {
        try plugin.invoke("query", ["sql": .string(sql)])["rows"]
    }

    // MARK: actions

    @Test func `a query answers exact values`() throws {
        let plugin = try database("CREATE TABLE t (i INTEGER, r REAL, s TEXT, b BLOB)")
        let values: JSON = [.int(.max), 0.1, "ü\"\n", ["base64": "/wAB"]]
        try plugin.invoke("execute", ["sql": "INSERT INTO t VALUES (?, ?, ?, ?)", "params": values])
        #expect(
            try rows(plugin, "SELECT * FROM t")
                == [["i": .int(.max), "r": 0.1, "s": "ü\"\n", "b": "/wAB"]])
    }

    @Test func `a query cannot change anything`() throws {
        let plugin = try database("CREATE TABLE t (i INTEGER)")
        #expect(try plugin.failure("query", ["sql": "DELETE FROM t"]).status == .invalidArgument)
    }

    @Test func `statements of one execute all take effect or none`() throws {
        let plugin = try database("CREATE TABLE t (i INTEGER PRIMARY KEY)")
        let sql: JSON = ["sql": "INSERT INTO t VALUES (1); INSERT INTO t VALUES (1)"]
        let failure = try plugin.failure("execute", sql)
        #expect(failure.status == .badData)
        #expect(failure.effect == .notApplied)
        #expect(try rows(plugin, "SELECT * FROM t") == [])
    }

    @Test func `a statement cannot end the transaction of its execute`() throws {
        let plugin = try database("CREATE TABLE t (i INTEGER)")
        for end in ["COMMIT", "ROLLBACK", "COMMIT; BEGIN"] {
            let sql = "INSERT INTO t VALUES (1); \(end); INSERT INTO missing VALUES (1)"
            let failure = try plugin.failure("execute", ["sql": .string(sql)])
            #expect(failure.status == .invalidArgument)
            #expect(failure.effect == .notApplied)
        }
        #expect(try rows(plugin, "SELECT * FROM t") == [])
        let setting = try plugin.failure("query", ["sql": "PRAGMA locking_mode = EXCLUSIVE"])
        #expect(setting.fieldPath == "/sql")
    }

    @Test func `a primary key that is not the rowid does not hide its rows`() throws {
        let plugin = try database(
            """
            CREATE TABLE d (id INTEGER PRIMARY KEY DESC);
            INSERT INTO d VALUES (NULL), (2), (1);
            """)
        #expect(try plugin.read(["stream": "d"]).records.map { $0["id"] } == [.null, 2, 1])
    }

    @Test func `a misspelt table comes with the nearest name`() throws {
        let plugin = try database("CREATE TABLE designs (i INTEGER)")
        let failure = try plugin.failure("query", ["sql": "SELECT * FROM desings"])
        #expect(failure.message.contains("did you mean \"designs\"?"))
    }

    // MARK: source

    @Test func `a table is read with exact types and goes on after every checkpoint`() throws {
        let plugin = try database(
            """
            CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, cost REAL, note);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
            INSERT INTO t SELECT i, 'name ' || i, i / 4.0, i FROM n
            """)
        let all = try plugin.read(["stream": "t", "batchBytes": 8192])
        #expect(all.failure == nil)
        #expect(all.records.count == 3000)
        #expect(all.records[6] == ["id": 7, "name": "name 7", "cost": 1.75, "note": 7])
        #expect(all.schema?.fields.map(\.type) == [.int64, .utf8, .float64, .int64])
        #expect(all.checkpoints.count > 3)
        for position in all.checkpoints {
            let rest = try plugin.read(["stream": "t"], checkpoint: position)
            #expect(rest.records == Array(all.records.suffix(rest.records.count)))
            let last = try JSONParser.parse(position)["rowid"]?.int
            #expect(rest.records.count == 3000 - Int(last ?? 0))
        }
    }

    @Test func `a value that does not fit widens its column and is not changed`() throws {
        let plugin = try database(
            """
            CREATE TABLE t (id INTEGER PRIMARY KEY, v);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
            INSERT INTO t SELECT i, iif(i = 2500, 'text', i) FROM n
            """)
        let first = try plugin.read(["stream": "t", "batchBytes": 4096])
        #expect(first.failure?.status == .schemaChanged)
        let position = try #require(first.checkpoints.last)
        let rest = try plugin.read(["stream": "t"], checkpoint: position)
        #expect(rest.failure == nil)
        #expect(rest.records.first?["id"]?.int == first.records.last?["id"]?.int.map { $0 + 1 })
        #expect(rest.records.contains(["id": 2500, "v": "text"]))
        #expect(rest.records.last == ["id": 3000, "v": "3000"])
    }

    @Test func `columns and limits are honoured and unknown names refused`() throws {
        let plugin = try database("CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 2), (3, 4)")
        let request: JSON = ["stream": "t", "columns": [["name": "b"]], "limit": 1]
        #expect(try plugin.read(request).records == [["b": 2]])
        let wrong = try plugin.read(["stream": "t", "columns": [["name": "bb"]]])
        #expect(wrong.failure?.status == .notFound)
        #expect(try plugin.read(["stream": "u"]).failure?.status == .notFound)
    }

    // MARK: target

    @Test func `rows and sequence become visible together, and a stored sequence changes nothing`() throws {
        let plugin = try database("")
        let request: JSON = ["job": "j", "stream": "out", "createIfMissing": true]
        let writer = try plugin.writer(request, schema)
        #expect(writer.committedSequence == 0)
        #expect(try writer.write(batch(schema, [["id": 1, "name": "a"]])).isEmpty)
        #expect(try rows(plugin, "SELECT name FROM sqlite_schema WHERE name = 'out'") == [])
        try writer.commit(1)
        _ = try writer.write(batch(schema, [["id": 2, "name": "b"]]))
        try writer.commit(1)
        writer.close()
        #expect(try rows(plugin, "SELECT * FROM out") == [["id": 1, "name": "a"]])
        let again = try plugin.writer(request, schema)
        #expect(again.committedSequence == 1)
        again.close()
    }

    @Test func `what was not committed vanishes`() throws {
        let plugin = try database("CREATE TABLE out (id INTEGER, name TEXT)")
        let writer = try plugin.writer(["job": "j", "stream": "out"], schema)
        _ = try writer.write(batch(schema, [["id": 1, "name": "a"]]))
        writer.close()
        #expect(try rows(plugin, "SELECT * FROM out") == [])
    }

    @Test func `rows that break a constraint are refused one by one`() throws {
        let plugin = try database("CREATE TABLE out (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
        let writer = try plugin.writer(["job": "j", "stream": "out"], schema)
        let rejected = try writer.write(
            batch(schema, [["id": 1, "name": "a"], ["id": 1, "name": "b"], ["id": 2, "name": nil]]))
        #expect(rejected.map(\.row) == [1, 2])
        #expect(rejected.map(\.status) == [.alreadyExists, .badData])
        try writer.commit(1)
        writer.close()
        #expect(try rows(plugin, "SELECT * FROM out") == [["id": 1, "name": "a"]])
    }

    @Test func `upsert replaces by key and overwrite replaces everything at the commit`() throws {
        let plugin = try database(
            "CREATE TABLE out (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO out VALUES (1, 'a'), (2, 'b')")
        let upsert = try plugin.writer(
            ["job": "j", "stream": "out", "mode": "upsert", "keys": ["id"]], schema)
        _ = try upsert.write(batch(schema, [["id": 2, "name": "B"], ["id": 3, "name": "c"]]))
        try upsert.commit(1)
        upsert.close()
        #expect(
            try rows(plugin, "SELECT name FROM out ORDER BY id") == [
                ["name": "a"], ["name": "B"], ["name": "c"],
            ])
        let overwrite = try plugin.writer(["job": "k", "stream": "out", "mode": "overwrite"], schema)
        _ = try overwrite.write(batch(schema, [["id": 9, "name": "z"]]))
        #expect(try rows(plugin, "SELECT count(*) AS n FROM out") == [["n": 3]])
        try overwrite.commit(1)
        overwrite.close()
        #expect(try rows(plugin, "SELECT id FROM out") == [["id": 9]])
    }

    @Test func `a missing table or column is refused before the first row`() throws {
        let plugin = try database("CREATE TABLE out (id INTEGER, title TEXT)")
        for (stream, status) in [("oud", CallStatus.notFound), ("out", .invalidArgument)] {
            let failure = #expect(throws: CallFailure.self) {
                try plugin.writer(["job": "j", "stream": .string(stream)], schema)
            }
            #expect(failure?.status == status)
        }
    }

    @Test func `a lock of another program is a conflict that passes`() throws {
        let path = directory.file("busy.db")
        let configuration: JSON = ["path": .string(path), "createIfMissing": true, "busyTimeoutMs": 50]
        let plugin = try Plugin(PluginLibrary.sqlite, configuration, accepts: ["int64", "utf8"])
        try plugin.invoke("execute", ["sql": "CREATE TABLE out (id INTEGER, name TEXT)"])
        let holder = try plugin.writer(["job": "a", "stream": "out"], schema)
        _ = try holder.write(batch(schema, [["id": 1, "name": "a"]]))
        let failure = try plugin.failure("execute", ["sql": "DELETE FROM out"])
        #expect(failure.status == .conflict)
        #expect(failure.errorClass == .transient)
        #expect(failure.effect == .notApplied)
        holder.close()
    }
}
