import Foundation
import TenonColumns
import TenonConnectors
import TenonJSON
import TenonModel
import TenonTestKit
import Testing

/// Records out of CSV and NDJSON files.
@Suite(.serialized)
struct FilesSourceTests {
    private static let csv = #"""
        id,name,status,cost,updatedAt
        1,bolt,active,4.5,2026-01-31T10:00:00Z
        2,"nut, ""M8""",draft,,2026-01-31T11:00:00Z
        3,"two
        lines",active,7,2026-02-01T00:00:00.5+01:00
        4,,active,1e3,

        """#
    private static let ndjson = """
        {"id":1,"name":"bolt","status":"active","cost":4.5,"tags":["a"]}
        { "id" : 2, "name": "n\\u00fct \\"M8\\"", "status": "draft", "tags": null }
        {"name":null,"id":3,"status":"active","cost":7,"unknown":{"a":[1]}}
        {"id":4,"status":"active","cost":1e3}

        """

    private func folder(_ settings: [(String, JSON)] = []) throws -> FilesFolder {
        let folder = try FilesFolder(settings)
        folder.put("t.csv", Self.csv)
        folder.put("t.ndjson", Self.ndjson)
        return folder
    }

    private func column(_ name: String, text: Bool = false) -> JSON {
        ["name": .string(name), "as": .string(text ? "text" : "typed")]
    }

    private func condition(_ column: String, _ name: String, _ value: JSON) -> JSON {
        ["column": .string(column), "operator": .string(name), "value": value]
    }

    @Test func `csv comes typed, with quotes resolved and empty fields null`() throws {
        let reading = try folder().read(["stream": "t.csv"])
        #expect(reading.failure == nil)
        #expect(
            reading.records == [
                [
                    "id": 1, "name": "bolt", "status": "active", "cost": 4.5,
                    "updatedAt": "2026-01-31T10:00:00Z",
                ],
                [
                    "id": 2, "name": "nut, \"M8\"", "status": "draft", "cost": .null,
                    "updatedAt": "2026-01-31T11:00:00Z",
                ],
                [
                    "id": 3, "name": "two\nlines", "status": "active", "cost": 7.0,
                    "updatedAt": "2026-01-31T23:00:00.500Z",
                ],
                ["id": 4, "name": .null, "status": "active", "cost": 1000.0, "updatedAt": .null],
            ])
    }

    @Test func `ndjson comes typed, whatever the order and spacing of its keys`() throws {
        let reading = try folder().read(["stream": "t.ndjson"])
        #expect(reading.failure == nil)
        #expect(reading.rejected.isEmpty)
        #expect(
            reading.records.map { $0["name"] } == ["bolt", "nüt \"M8\"", .null, .null])
        #expect(reading.records.map { $0["cost"] } == [4.5, .null, 7.0, 1000.0])
        #expect(reading.records.first?["tags"] == ["a"])
    }

    @Test func `text columns are handed out as they stand, in the order asked for`() throws {
        let folder = try folder()
        let wanted: JSON = [column("cost", text: true), column("id"), column("name", text: true)]
        let csv = try folder.read(["stream": "t.csv", "columns": wanted])
        #expect(csv.schema?.names == ["cost", "id", "name"])
        #expect(csv.schema?.fields.map(\.type) == [.utf8, .int64, .utf8])
        #expect(csv.schema?.fields.map(\.late) == [.float64, nil, nil])
        #expect(csv.records.map { $0["cost"] } == ["4.5", .null, "7", "1e3"])
        let ndjson = try folder.read(["stream": "t.ndjson", "columns": wanted])
        #expect(ndjson.schema?.fields.map(\.type) == [.json, .int64, .json])
        #expect(ndjson.schema?.fields.map(\.late) == [.float64, nil, .utf8])
        #expect(ndjson.records.dropFirst().first?["name"] == "nüt \"M8\"")
        #expect(csv.honoured == ["columns": true, "filter": "exact", "limit": true])
    }

    @Test(arguments: ["t.csv", "t.ndjson"])
    func `a filter leaves out exactly what does not match, and counts it`(stream: String) throws {
        let folder = try folder()
        let cases: [(JSON, [JSON])] = [
            ([condition("status", "equals", "active")], [1, 3, 4]),
            ([condition("status", "notEquals", "active")], [2]),
            ([condition("name", "notEquals", "bolt")], stream == "t.csv" ? [2, 3, 4] : [2, 3, 4]),
            ([condition("cost", "greaterThan", 4.5)], [3, 4]),
            ([condition("cost", "lessOrEqual", 7)], [1, 3]),
            ([condition("cost", "notIn", [7])], [1, 2, 4]),
            ([condition("id", "between", [2, 3])], [2, 3]),
            ([condition("id", "in", [4, 1, 9])], [1, 4]),
            ([condition("name", "contains", "M8")], [2]),
            ([condition("name", "startsWith", "bo")], [1]),
            ([condition("name", "endsWith", "lt")], [1]),
            ([condition("cost", "isNull", true)], [2]),
            ([condition("cost", "exists", true)], [1, 3, 4]),
            ([condition("status", "equals", "active"), condition("id", "lessThan", 4)], [1, 3]),
            ([condition("name", "equals", .null)], []),
            ([condition("status", "greaterOrEqual", "draft")], [2]),
        ]
        for (terms, ids) in cases {
            let reading = try folder.read(
                ["stream": .string(stream), "columns": [column("id")], "filter": ["all": terms]])
            #expect(reading.records.map { $0["id"] ?? .null } == ids, "\(terms)")
            #expect(reading.skipped == 4 - ids.count)
            #expect(reading.honoured["filter"] == "exact")
        }
    }

    @Test func `a condition that cannot be followed is left to the host, and the limit with it`() throws {
        let terms: JSON = [condition("tags", "contains", "a"), condition("status", "equals", "active")]
        let reading = try folder().read(
            ["stream": "t.ndjson", "filter": ["all": terms], "limit": 1])
        #expect(reading.honoured == ["columns": true, "filter": "partial", "limit": false])
        #expect(reading.records.count == 3)
    }

    @Test(arguments: ["t.csv", "t.ndjson"])
    func `a limit counts what the filter leaves`(stream: String) throws {
        let folder = try folder()
        for limit in 0...4 {
            let reading = try folder.read([
                "stream": .string(stream), "limit": .int(Int64(limit)),
                "filter": ["all": [condition("status", "equals", "active")]],
            ])
            #expect(reading.records.map { $0["id"] } == Array([1, 3, 4].prefix(limit)))
            #expect(reading.skipped == (limit >= 2 ? 1 : 0))
        }
    }

    @Test func `an unknown column is an error that names those there are`() throws {
        let reading = try folder().read(["stream": "t.csv", "columns": [column("nam")]])
        #expect(reading.failure?.message.contains("\"name\"") == true)
    }

    @Test func `no column at all is a number of records`() throws {
        let reading = try folder().read(["stream": "t.csv", "columns": []])
        #expect(reading.failure == nil)
        #expect(reading.records.count == 4)
    }

    @Test func `files of a pattern are one stream, each with its own header`() throws {
        let folder = try FilesFolder()
        folder.put("o-2.csv", "name,id\nb,2\n")
        folder.put("o-1.csv", "id,name,extra\n1,a,x\n")
        folder.put("o-3.csv", "id,extra\n3,y")
        let reading = try folder.read(["stream": "o-*.csv"])
        #expect(
            reading.records == [
                ["id": 1, "name": "a", "extra": "x"], ["id": 2, "name": "b", "extra": .null],
                ["id": 3, "name": .null, "extra": "y"],
            ])
        #expect(reading.progress?.done == reading.progress?.total)
    }
}
