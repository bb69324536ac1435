import TenonColumns
import TenonConnectors
import TenonJSON
import TenonModel
import TenonTestKit
import Testing

/// What the target writes, the source reads back.
@Suite(.serialized)
struct FilesRoundTripTests {
    private let types: JSON = [
        "b": "bool", "i": "int64", "f": "float64", "d": "decimal128(10, 2)", "s": "utf8", "x": "binary",
        "day": "date32", "t": "time64(us)", "u": "timestamp(us, UTC)", "l": "timestamp(us)", "j": "json",
    ]
    private let schema = Schema([
        Field("b", .bool), Field("i", .int64), Field("f", .float64),
        Field("d", .decimal128(precision: 10, scale: 2)),
        Field("s", .utf8), Field("x", .binary), Field("day", .date32), Field("t", .time64),
        Field("u", .timestamp(isUTC: true)), Field("l", .timestamp(isUTC: false)), Field("j", .json),
    ])
    private let records: [JSON] = [
        [
            "b": true, "i": .int(.min), "f": 0.1, "d": "-0.05", "s": "a,\"b\"\r\nc", "x": "/wAB",
            "day": "0001-01-01", "t": "23:59:59.999999", "u": "2026-01-31T10:30:00.5Z",
            "l": "1969-12-31T23:59:59", "j": ["a": [1, nil, "x\n"]],
        ],
        [
            "b": nil, "i": nil, "f": nil, "d": nil, "s": nil, "x": nil, "day": nil, "t": nil, "u": nil,
            "l": nil,
            "j": nil,
        ],
        [
            "b": false, "i": 0, "f": 1e300, "d": "12345678.90", "s": "", "x": "", "day": "9999-12-31",
            "t": "00:00:00", "u": "1970-01-01T00:00:00Z", "l": "2026-01-31T10:30:00", "j": [:],
        ],
    ]

    @Test(arguments: ["t.csv", "t.ndjson", "t.csv.gz", "t.ndjson.gz"])
    func `every type, null and empty text comes back as it was`(name: String) throws {
        let folder = try FilesFolder([("types", types)])
        #expect(try folder.write(name, schema, records).isEmpty)
        #expect(try folder.write(name, schema, records, job: "again").isEmpty)
        let reading = try folder.read(["stream": .string(name)])
        #expect(reading.failure == nil)
        // As the host's own lines say it.
        let expected = try NDJSONWriter.lines(of: batch(schema, records)).split(separator: 0x0A).map {
            try JSONParser.parse(Array($0))
        }
        #expect(reading.records == expected + expected)
    }

    @Test func `columns that are read as text are written as they were`() throws {
        let text = "id,name,cost\n007,\"a,b\",1.50\n,\"\",\n3,\"two\nlines\",2e3\n"
        let folder = try FilesFolder([("types", ["id": "int64"])])
        folder.put("in.csv", text)
        let columns: JSON = .array(["id", "name", "cost"].map { ["name": $0, "as": "text"] })
        var batches: [Batch] = []
        let reader = try folder.plugin.connection.openReader(
            ReadRequest(requestJSON: JSONWriter.bytes(["stream": "in.csv", "columns": columns])))
        while let events = try reader.next() {
            for case .batch(let batch) in events { batches.append(batch) }
        }
        reader.close()
        let schema = try #require(batches.first).schema
        #expect(schema.fields.map(\.late) == [.int64, nil, .float64])
        let writer = try folder.plugin.writer(["job": "j", "stream": "out.csv"], schema)
        for batch in batches { #expect(try writer.write(batch).isEmpty) }
        try writer.commit(1)
        writer.close()
        #expect(folder.text("out.csv") == text)
    }

    @Test func `a null in the only column is a record too`() throws {
        let folder = try FilesFolder([("csv", ["header": true])])
        let schema = Schema([Field("only", .utf8)])
        let records: [JSON] = [["only": "a"], ["only": nil], ["only": ""], ["only": "b"]]
        #expect(try folder.write("t.csv", schema, records).isEmpty)
        #expect(try folder.read(["stream": "t.csv"]).records == records)
    }
}
