import Foundation
import TenonColumns
import TenonConnectors
import TenonJSON
import TenonModel
import TenonTestKit
import Testing

/// Dirty CSV: what becomes of each kind of dirt here, in DuckDB and in Polars.
@Suite(.serialized)
struct FilesDialectTests {
    @Test func `every kind of dirt is read right or reported with its place`() throws {
        for dirt in FilesDialectCase.all {
            let folder = try FilesFolder([("csv", ["header": true, "delimiter": ","]), ("textOnly", true)])
            folder.put("t.csv", dirt.text)
            let reading = try folder.read(["stream": "t.csv"])
            #expect(reading.failure == nil, "\(dirt.name)")
            #expect(Self.rows(reading) == dirt.rows, "\(dirt.name)")
            #expect(
                reading.rejected.map { String($0.reason.dropFirst("t.csv, ".count).prefix { $0 != ":" }) }
                    == dirt.rejected, "\(dirt.name): \(reading.rejected.map(\.reason))")
        }
    }

    @Test func `the table of decisions names every kind of dirt`() throws {
        let page = try String(contentsOfFile: Fixtures.root + "/Plugins/Files/DIALECT.md", encoding: .utf8)
        for dirt in FilesDialectCase.all {
            #expect(page.contains("| \(dirt.name) |"), "\(dirt.name)")
        }
    }

    @Test func `DuckDB and Polars do with it what the table says`() throws {
        guard let python = Self.python else {
            print("FilesDialectTests: DuckDB and Polars are not there (set PEERS to a venv); not compared.")
            return
        }
        let directory = TemporaryDirectory()
        let paths = FilesDialectCase.all.indices.map { directory.file("case-\($0).csv") }
        for (dirt, path) in zip(FilesDialectCase.all, paths) {
            _ = FileManager.default.createFile(atPath: path, contents: Data(dirt.text))
        }
        let output = try Self.run(python, [Fixtures.root + "/Tests/Fixtures/Dialect/peers.py"] + paths)
        let answers = try output.split(separator: 0x0A).map { try JSONParser.parse(Array($0)) }
        try #require(answers.count == FilesDialectCase.all.count)
        for (dirt, answer) in zip(FilesDialectCase.all, answers) {
            #expect(answer["duckdb"] == dirt.duckdb.json, "DuckDB: \(dirt.name)")
            #expect(answer["polars"] == dirt.polars.json, "Polars: \(dirt.name)")
        }
    }

    @Test func `values that are not of their column's type are rejected, with the place`() throws {
        let types: JSON = [
            "i": "int64", "f": "float64", "d": "date32", "t": "timestamp(us, UTC)", "b": "bool",
            "n": "decimal128(6, 2)",
        ]
        let folder = try FilesFolder([("types", types), ("csv", ["header": true])])
        let good = "1,1.5,2026-01-31,2026-01-31T10:00:00Z,true,12.50"
        let bad = ["x", "1.2.3", "2026-02-30", "yesterday", "yes", "12.345"]
        var text = "i,f,d,t,b,n\n\(good)\n"
        for (index, value) in bad.enumerated() {
            var fields = good.split(separator: ",").map(String.init)
            fields[index] = value
            text += fields.joined(separator: ",") + "\n"
        }
        folder.put("t.csv", text + good + "\n")
        let reading = try folder.read(["stream": "t.csv"])
        #expect(reading.records.count == 2)
        #expect(reading.records.first?["n"] == "12.50")
        #expect(reading.rejected.count == bad.count)
        for (index, reject) in reading.rejected.enumerated() {
            #expect(
                reject.reason.hasPrefix("t.csv, line \(index + 3), column \(index + 1): "), "\(reject.reason)"
            )
        }
    }

    @Test func `spaces, null texts and other separators are as configured`() throws {
        let folder = try FilesFolder([
            ("csv", ["header": true, "delimiter": ";", "quote": "'", "trim": true, "nullText": "NA"])
        ])
        folder.put("t.csv", "a;b\n 1 ; 'x;y' \nNA;'NA'\n  ;'it''s'\n")
        #expect(
            Self.rows(try folder.read(["stream": "t.csv"])) == [
                [1, "x;y"], [.null, "NA"], [.null, "it's"],
            ])
    }

    @Test func `broken lines of json are rejected one by one`() throws {
        let folder = try FilesFolder([("types", ["a": "int64"])])
        let lines = [
            "{\"a\":1}", "{\"a\":2", "[1]", "{\"a\":3} x", "{\"a\":\"four\"}", "{\"a\":5,\"a\":6}", "", "  ",
            "{\"a\":7,\"s\":\"\t\"}", "{\"a\":8}\r", "{\"a\":null}",
        ]
        folder.put("t.ndjson", lines.joined(separator: "\n"))
        let reading = try folder.read(["stream": "t.ndjson"])
        #expect(reading.failure == nil)
        #expect(reading.records.map { $0["a"] } == [1, 8, .null])
        let places = reading.rejected.map { $0.reason.split(separator: ",")[1].prefix { $0 != ":" } }
        #expect(places == [" line 2", " line 3", " line 4", " line 5", " line 6", " line 9"])
    }

    @Test func `a carriage return within quotes begins no line, whatever ends the records`() throws {
        let folder = try FilesFolder([("csv", ["header": true])])
        for (end, lines) in [("4,y\n5\n", ["line 3", "line 6"]), ("4,y\r5\n", ["line 3", "line 6"])] {
            folder.put("t.csv", "a,b\n1,\"x\ry\"\n2\n3,\"\r\"\n" + end)
            let reading = try folder.read(["stream": "t.csv"])
            #expect(Self.rows(reading) == [[1, "x\ry"], [3, "\r"], [4, "y"]])
            let places = reading.rejected.map { $0.reason.split(separator: ", ")[1] }
            #expect(places.map(String.init) == lines)
        }
    }

    @Test func `a record longer than the limit is passed over`() throws {
        let folder = try FilesFolder([("csv", ["header": true])])
        let huge = String(repeating: "x,\n", count: 6 << 20)
        folder.put("t.csv", "a,b\n1,x\n2,\"\(huge)\"\n3,z\n")
        let reading = try folder.read(["stream": "t.csv"])
        #expect(Self.rows(reading) == [[1, "x"], [3, "z"]])
        #expect(reading.rejected.count == 1)
        #expect(reading.rejected.first?.reason.hasPrefix("t.csv, line 3: the record is longer") == true)
    }

    // MARK: Tools

    private static func rows(_ reading: Plugin.Reading) -> [[JSON]] {
        let names = reading.schema?.names ?? []
        return reading.records.map { record in names.map { record[$0] ?? .null } }
    }

    private static var python: String? {
        let environment = ProcessInfo.processInfo.environment
        let peers = environment["PEERS"] ?? NSHomeDirectory() + "/.cache/tenon-peers"
        let python = peers + "/venv/bin/python"
        guard FileManager.default.isExecutableFile(atPath: python) else { return nil }
        return (try? run(python, ["-c", "import duckdb, polars"])) == nil ? nil : python
    }

    private struct Failed: Error {}

    private static func run(_ program: String, _ arguments: [String]) throws -> [UInt8] {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed() }
        return Array(output)
    }
}

extension FilesDialectCase.Outcome {
    var json: JSON {
        switch self {
        case .error: "error"
        case .rows(let rows): .array(rows.map { .array($0) })
        }
    }
}
