import Foundation
import TenonColumns
import TenonConnectors
import TenonJSON
import TenonModel
import TenonTestKit
import Testing

/// Pushed filters over every type that they can be followed for.
@Suite(.serialized)
struct FilesSourceFilterTests {
    private static let types: JSON = [
        "id": "int64", "small": "int16", "f": "float64", "b": "bool", "d": "date32",
        "t": "timestamp(us, UTC)",
        "s": "utf8",
    ]
    private static let csv = """
        id,small,f,b,d,t,s
        1,-5,-0.0,true,2026-01-31,2026-01-31T10:00:00Z,a
        2,0,0.5,false,2026-02-01,2026-01-31T12:00:00+02:00,ab
        3,7,1e300,,2026-02-28,2026-01-31T10:00:00.000001Z,"a, b"
        9223372036854775807,,,true,,,
        -9223372036854775808,1,-2,false,1969-12-31,1969-12-31T23:59:59Z,"\u{e4}\u{1F600} and more than sixteen bytes"

        """
    private static let ndjson = """
        {"id":1,"small":-5,"f":-0.0,"b":true,"d":"2026-01-31","t":"2026-01-31T10:00:00Z","s":"a"}
        {"id":2,"small":0,"f":0.5,"b":false,"d":"2026-02-01","t":"2026-01-31T12:00:00+02:00","s":"ab"}
        {"id":3,"small":7,"f":1e300,"d":"2026-02-28","t":"2026-01-31T10:00:00.000001Z","s":"a\\u002c b"}
        {"id":9223372036854775807,"b":true,"s":null}
        {"id":-9223372036854775808,"small":1,"f":-2,"b":false,"d":"1969-12-31","t":"1969-12-31T23:59:59Z",\
        "s":"\\u00e4\\ud83d\\ude00 and more than sixteen bytes"}

        """

    /// Numbers of records (from 1) that are left.
    private static let cases: [(column: String, operation: String, value: JSON, rows: [Int])] = [
        ("id", "equals", .int(.max), [4]), ("id", "notEquals", .int(.min), [1, 2, 3, 4]),
        ("id", "greaterThan", .int(.max), []), ("id", "lessThan", .int(.min), []),
        ("id", "greaterOrEqual", .int(.max), [4]), ("id", "lessOrEqual", .int(.min), [5]),
        ("id", "between", [3, 2], []), ("id", "notIn", [1, .int(.max)], [2, 3, 5]), ("id", "in", [], []),
        ("id", "notIn", [], [1, 2, 3, 4, 5]), ("id", "in", [2, .null], [2]),
        ("small", "equals", 7, [3]), ("small", "notEquals", 7, [1, 2, 4, 5]),
        ("small", "lessThan", 1, [1, 2]), ("small", "greaterThan", 100_000, []),
        ("f", "equals", 0, [1]), ("f", "lessThan", 0, [5]), ("f", "greaterThan", 0.0, [2, 3]),
        ("f", "between", [-2, 0.5], [1, 2, 5]), ("f", "notEquals", 0.5, [1, 3, 4, 5]),
        ("b", "equals", true, [1, 4]), ("b", "notEquals", true, [2, 3, 5]), ("b", "in", [false], [2, 5]),
        ("b", "isNull", true, [3]), ("b", "isNull", false, [1, 2, 4, 5]), ("b", "exists", false, [3]),
        ("d", "equals", "2026-02-01", [2]), ("d", "lessThan", "2026-01-31", [5]),
        ("d", "between", ["2026-01-31", "2026-02-01"], [1, 2]), ("d", "notIn", ["2026-02-01"], [1, 3, 4, 5]),
        ("t", "equals", "2026-01-31T10:00:00Z", [1, 2]), ("t", "greaterThan", "2026-01-31T10:00:00Z", [3]),
        ("t", "lessOrEqual", "1970-01-01T00:00:00Z", [5]),
        ("s", "equals", "a", [1]), ("s", "equals", "a, b", [3]), ("s", "notEquals", "a, b", [1, 2, 4, 5]),
        ("s", "equals", "\u{e4}\u{1F600} and more than sixteen bytes", [5]),
        ("s", "equals", "\u{e4}\u{1F600} and more than sixteen bytez", []),
        ("s", "in", ["ab", "a, b"], [2, 3]), ("s", "notIn", ["ab", "a, b"], [1, 4, 5]),
        ("s", "contains", ", ", [3]), ("s", "contains", "", [1, 2, 3, 5]),
        ("s", "startsWith", "a", [1, 2, 3]),
        ("s", "endsWith", "b", [2, 3]), ("s", "endsWith", "longer than the text", []),
        ("s", "lessThan", "ab", [1, 3]), ("s", "lessOrEqual", "ab", [1, 2, 3]),
        ("s", "greaterThan", "ab", [5]), ("s", "between", ["a", "a, b"], [1, 3]),
    ]

    @Test(arguments: ["t.csv", "t.ndjson"])
    func `every operator over every type keeps what it says`(stream: String) throws {
        let folder = try FilesFolder([("types", Self.types), ("csv", ["header": true, "delimiter": ","])])
        folder.put("t.csv", Self.csv)
        folder.put("t.ndjson", Self.ndjson)
        let ids: [JSON] = [1, 2, 3, .int(.max), .int(.min)]
        for (column, operation, value, rows) in Self.cases {
            let term: JSON = [
                "column": .string(column), "operator": .string(operation), "value": value,
            ]
            let reading = try folder.read(
                ["stream": .string(stream), "columns": [["name": "id"]], "filter": ["all": [term]]])
            #expect(reading.failure == nil)
            #expect(reading.rejected.isEmpty)
            #expect(reading.honoured["filter"] == "exact", "\(column) \(operation) \(value)")
            #expect(
                reading.records.map { $0["id"] } == rows.map { ids[$0 - 1] },
                "\(column) \(operation) \(value)")
        }
    }

    @Test func `a value that cannot be compared is a rejected record`() throws {
        let folder = try FilesFolder([
            ("types", ["id": "int64"]), ("csv", ["header": true, "delimiter": ","]),
        ])
        folder.put("t.csv", "id,s\n1,a\nx,b\n3,c\n")
        folder.put("t.ndjson", "{\"id\":1}\n{\"id\":\"x\"}\n{\"id\":3}\n")
        for stream in ["t.csv", "t.ndjson"] {
            let term: JSON = ["column": "id", "operator": "notEquals", "value": 3]
            let reading = try folder.read(
                [
                    "stream": .string(stream), "columns": [["name": "id", "as": "text"]],
                    "filter": ["all": [term]],
                ])
            #expect(reading.records.count == 1)
            #expect(reading.skipped == 1)
            #expect(reading.rejected.map { $0.reason.hasPrefix("\(stream), line") } == [true])
        }
    }

    /// Blocks end every 192 KiB and parts where `batchBytes` says, also between CR and LF.
    @Test(arguments: [1, 3])
    func `lines end the same wherever blocks and parts do`(threads: Int64) throws {
        let folder = try FilesFolder([
            ("parallelism", .int(threads)), ("textOnly", true), ("csv", ["header": true, "delimiter": ","]),
        ])
        for (seed, ends) in [["\r\n"], ["\r"], ["\r\n", "\r", "\n"]].enumerated() {
            var random = SplitMix(seed: UInt64(seed))
            var text = "only" + ends[0]
            var expected: [JSON] = []
            while text.utf8.count < 210_000 {
                let end = ends[Int(random.next() % UInt64(ends.count))]
                // A line feed behind a lone return would be one line end.
                let value = random.next() % 4 == 0 && ends.count == 1 ? "" : "v\(expected.count % 7)"
                text += value + end
                expected.append(value.isEmpty ? .null : .string(value))
            }
            folder.put("t.csv", text)
            for bytes: Int64 in [4099, 1 << 20] {
                let reading = try folder.read(["stream": "t.csv", "batchBytes": .int(bytes)])
                #expect(reading.failure == nil)
                #expect(reading.rejected.isEmpty)
                #expect(reading.records.map { $0["only"] ?? .null } == expected, "\(ends) \(bytes)")
            }
        }
    }
}
