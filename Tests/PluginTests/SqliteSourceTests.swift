import TenonColumns
import TenonConnectors
import TenonJSON
import TenonModel
import TenonTestKit
import Testing

/// What the sqlite source takes over from the host: columns, filters and limits.
@Suite(.serialized)
struct SqliteSourceTests {
    private let directory = TemporaryDirectory()

    private func database(_ sql: String) throws -> Plugin {
        let configuration: JSON = ["path": .string(directory.file("test.db")), "createIfMissing": true]
        let plugin = try Plugin(PluginLibrary.sqlite, configuration)
        try plugin.invoke("execute", ["sql": .string(sql)])
        return plugin
    }

    private func compare(_ column: String, _ operation: String, _ value: JSON) -> JSON {
        ["column": .string(column), "operator": .string(operation), "value": value]
    }

    /// A table whose values are of many types, with every declared type and collation that could mislead.
    private static let mixed = """
        CREATE TABLE mixed (
            id INTEGER PRIMARY KEY, n INTEGER, r REAL, t TEXT COLLATE NOCASE, u, b BLOB
        );
        INSERT INTO mixed (n, r, t, u, b) VALUES
            (NULL, NULL, NULL, NULL, NULL), (0, 0.0, '', 'a', x''), (-1, -0.5, 'a', 10, x'61'),
            (9223372036854775807, 1e300, 'A', 9, x'ff'), (-9223372036854775807 - 1, -1e300, 'ä', 1.5, NULL),
            (9007199254740993, 9007199254740992, 'b', '10', x'00'), (5, 5, 'aB', NULL, NULL),
            (6, 5.25, '5', 5, NULL), (7, 1e-300, 'Ab%_', '5.0', NULL), (8, 0.1, char(0x10FFFF), 'A', NULL);
        INSERT INTO mixed (n, r, t, u) SELECT n, r, t, u FROM mixed;
        """

    private static let numbers: [JSON] = [0, -1, 5, .int(.max), .int(.min), .int(9_007_199_254_740_993)]
    private static let reals: [JSON] = [0, 0.1, -0.5, 5.25, 1e300, 9_007_199_254_740_992, 6]
    private static let texts: [JSON] = [
        "", "a", "A", "ä", "5", "10", "9", "1.5", "%", "B", "\u{10FFFF}", "zz",
    ]
    private static let orders = [
        "equals", "notEquals", "greaterThan", "greaterOrEqual", "lessThan", "lessOrEqual",
    ]

    /// Column, operator and value.
    private static let comparisons: [(String, String, JSON)] = {
        var all: [(String, String, JSON)] = []
        for (column, values) in [
            ("n", numbers), ("r", reals), ("t", texts), ("u", texts), ("id", [3, 0, 99]),
        ] {
            for value in values + [.null] { all += orders.map { (column, $0, value) } }
            all += ["in", "notIn"].map { (column, $0, .array(values.prefix(3) + [.null])) }
            all += ["in", "notIn"].map { (column, $0, []) }
            all.append((column, "between", .array([values[0], values[2]])))
            all += [("exists"), ("isNull")].flatMap { name in
                [(column, name, true), (column, name, false), (column, name, .null)]
            }
        }
        for (column, part) in [("t", "a"), ("t", "A"), ("t", "%"), ("t", ""), ("u", "1"), ("u", ".")] {
            all += ["contains", "startsWith", "endsWith"].map { (column, $0, .string(part)) }
        }
        return all + [("b", "isNull", true), ("b", "exists", true)]
    }()

    @Test func `a filter answers the records that the host's own comparison keeps`() throws {
        let plugin = try database(Self.mixed)
        let all = try plugin.read(["stream": "mixed"])
        let schema = try #require(all.schema)
        #expect(schema.fields.map(\.type) == [.int64, .int64, .float64, .utf8, .utf8, .binary])
        let columns = try batch(schema, all.records).columns
        for (column, operation, value) in Self.comparisons {
            let index = try #require(schema.fields.firstIndex { $0.name == column })
            let predicate = try #require(
                HostComparison.predicate(operation, value, schema.fields[index].type))
            let kept = columns[index].selected(predicate, from: nil).map { all.records[Int($0)] }
            let filter: JSON = ["all": [compare(column, operation, value)]]
            let reading = try plugin.read(["stream": "mixed", "filter": filter])
            #expect(reading.honoured == ["columns": true, "filter": "exact", "limit": true])
            #expect(reading.records == kept, "\(column) \(operation) \(value.text)")
            if column != "id" { #expect(reading.skipped == all.records.count - kept.count) }
        }
    }

    @Test func `what SQLite or the connector cannot compare as the host does is left to the host`() throws {
        let plugin = try database(Self.mixed)
        let count = try plugin.read(["stream": "mixed"]).records.count
        for (column, operation, value) in [
            ("n", "lessThan", 5.5), ("n", "equals", "5"), ("t", "equals", 5), ("b", "equals", "a"),
            ("n", "contains", "5"), ("n", "in", [1, 2.5]), ("t", "matches", "a.*"), ("missing", "equals", 1),
            ("n", "equals", true), ("n", "between", [1]), ("n", "equals", .number("9223372036854775808")),
        ] as [(String, String, JSON)] {
            let filter: JSON = ["all": [compare(column, operation, value)]]
            let reading = try plugin.read(["stream": "mixed", "filter": filter, "limit": 1])
            #expect(reading.honoured == ["columns": true, "filter": "none", "limit": false], "\(column)")
            #expect(reading.records.count == count)
            let both: JSON = ["all": [compare(column, operation, value), compare("n", "equals", 5)]]
            let partial = try plugin.read(["stream": "mixed", "filter": both, "limit": 1])
            #expect(partial.honoured == ["columns": true, "filter": "partial", "limit": false])
            #expect(partial.records.count == 2)
        }
    }

    @Test func `a value that does not fit its column is not lost to the filter`() throws {
        let plugin = try database(
            """
            CREATE TABLE t (id INTEGER PRIMARY KEY, v, w);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
            INSERT INTO t SELECT i, iif(i = 2500, 'text', i), i FROM n
            """)
        let filter: JSON = ["all": [compare("v", "lessThan", 10)]]
        let request: JSON = ["stream": "t", "columns": [["name": "w"]], "filter": filter]
        let first = try plugin.read(request)
        #expect(first.failure?.status == .schemaChanged)
        #expect(first.records.count == 9)
        let again = try plugin.read(request, checkpoint: try #require(first.checkpoints.last))
        #expect(again.honoured["filter"] == "none")
        #expect(first.records.count + first.skipped + again.records.count == 3000)
    }

    @Test func `columns come in the order of the request, whatever the filter and the position need`() throws
    {
        let plugin = try database(
            """
            CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER, c REAL);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
            INSERT INTO t SELECT i * 3, 'a' || i, i % 10, i / 2.0 FROM n
            """)
        let request: JSON = [
            "stream": "t", "columns": [["name": "c"], ["name": "a", "as": "text"]],
            "filter": ["all": [compare("b", "equals", 7), compare("id", "greaterThan", 3000)]],
            "limit": 333, "batchBytes": 1024, "checkpointRows": 50,
        ]
        let all = try plugin.read(request)
        #expect(all.schema?.fields.map(\.name) == ["c", "a"])
        #expect(all.records.count == 333)
        #expect(all.records.first == ["c": 503.5, "a": "a1007"])
        #expect(all.checkpoints.count > 5)
        for (position, count) in zip(all.checkpoints, all.recordsAtCheckpoints) {
            let rest = try plugin.read(request, checkpoint: position)
            #expect(rest.records == Array(all.records[count...]))
        }
        // Rows outside of the range of ids are not even read.
        #expect(all.skipped <= 333 * 9)
        #expect(all.progress?.done ?? 0 <= all.progress?.total ?? 0)
    }

    @Test(
        arguments: [
            ["stream": "v"], ["stream": "w"], ["query": "SELECT k, v FROM w ORDER BY k"],
        ] as [JSON])
    func `views, tables without rowid and queries take columns, filters and limits too`(request: JSON) throws
    {
        let plugin = try database(
            """
            CREATE TABLE w (k TEXT PRIMARY KEY, v INTEGER) WITHOUT ROWID;
            INSERT INTO w VALUES ('a', 1), ('b', 2), ('c', 3), ('d', 2), ('e', 2);
            CREATE VIEW v AS SELECT * FROM w ORDER BY k;
            """)
        var request = try #require(request.object)
        request["columns"] = [["name": "k"]]
        request["filter"] = ["all": [compare("v", "equals", 2)]]
        request["limit"] = 2
        let reading = try plugin.read(.object(request))
        #expect(reading.honoured == ["columns": true, "filter": "exact", "limit": true])
        #expect(reading.records == [["k": "b"], ["k": "d"]])
        #expect(reading.skipped == 2)
        request["columns"] = [["name": "x"]]
        #expect(try plugin.read(.object(request)).failure?.status == .notFound)
    }

    @Test func `a resumed reader finds the types that discover announces`() throws {
        let plugin = try database(
            """
            CREATE TABLE t (id INTEGER PRIMARY KEY, v);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
            INSERT INTO t SELECT i, iif(i < 10, 'text', i) FROM n;
            CREATE INDEX t_v ON t (v);
            """)
        let streams = try plugin.connection.discover().map { try JSONParser.parse($0) }
        #expect(streams.count == 1)
        #expect(streams.first?["records"] == 3000)
        #expect(streams.first?["columns"]?.array?.map { $0["type"] } == ["int64", "utf8"])
        for request: JSON in [
            ["stream": "t"], ["stream": "t", "filter": ["all": [compare("id", "greaterThan", 50)]]],
        ] {
            let rest = try plugin.read(request, checkpoint: Array(#"{"rowid":2000}"#.utf8))
            #expect(rest.schema?.fields.map(\.type) == [.int64, .utf8])
            #expect(rest.records.first == ["id": 2001, "v": "2001"])
        }
    }

    @Test func `a position that was reached under a limit does not limit a reader without one`() throws {
        let plugin = try database(
            """
            CREATE TABLE n (id INTEGER PRIMARY KEY);
            INSERT INTO n WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 9) SELECT i FROM s
            """)
        let limited = try plugin.read(["stream": "n", "limit": 4, "batchBytes": 1])
        let position = try #require(limited.checkpoints.first)
        let seen = try #require(limited.recordsAtCheckpoints.first)
        #expect(limited.records.count == 4)
        let rest = try plugin.read(["stream": "n"], checkpoint: position)
        #expect(rest.records.count == 9 - seen)
    }

    @Test func `columns of a query that differ in case only are two`() throws {
        let plugin = try database("SELECT 1")
        let reading = try plugin.read([
            "query": "SELECT 1 AS a, 2 AS A UNION ALL SELECT 3, 4", "columns": [["name": "A"]],
            "filter": ["all": [compare("a", "equals", 3)]],
        ])
        #expect(reading.records == [["A": 4]])
    }
}

/// The comparison that the host makes where a source does not.
private enum HostComparison {
    static func predicate(_ operation: String, _ value: JSON, _ type: ColumnType) -> ColumnPredicate? {
        switch operation {
        case "exists": return value.bool ?? true ? .not(.isNull) : .isNull
        case "isNull": return value.bool ?? true ? .isNull : .not(.isNull)
        case "in": return .member(of: literals(value), type: type)
        case "notIn":
            return ColumnPredicate.member(of: literals(value), type: type).map { ColumnPredicate.not($0) }
        case "between": return .between(literals(value)[0], literals(value)[1], type: type)
        case "contains": return .textPart(Array((value.string ?? "").utf8), .anywhere)
        case "startsWith": return .textPart(Array((value.string ?? "").utf8), .start)
        case "endsWith": return .textPart(Array((value.string ?? "").utf8), .end)
        default:
            let kinds: [String: ComparisonKind] = [
                "equals": .equal, "notEquals": .equal, "greaterThan": .greater,
                "greaterOrEqual": .greaterOrEqual,
                "lessThan": .less, "lessOrEqual": .lessOrEqual,
            ]
            guard let kind = kinds[operation] else { return nil }
            let predicate: ColumnPredicate? =
                value.isNull ? .nothing : .comparison(kind, literals([value])[0], type: type)
            return operation == "notEquals" ? predicate.map { ColumnPredicate.not($0) } : predicate
        }
    }

    private static func literals(_ values: JSON) -> [Literal] {
        (values.array ?? []).filter { !$0.isNull }
            .map { value in value.string.map { .text($0) } ?? .number(value.text) }
    }
}
