import TenonColumns
import TenonConnectors
import TenonJSON
import TenonModel
import TenonTestKit
import Testing

/// Values, records and files at the limits of what can be read.
@Suite(.serialized)
struct FilesSourceLimitTests {
    /// What the reader says, at its opening or later.
    private func failure(_ folder: FilesFolder, _ request: JSON) -> String {
        do {
            return try folder.read(request).failure.map { "\($0)" } ?? ""
        } catch {
            return "\(error)"
        }
    }

    @Test func `whole numbers are told by their digits`() throws {
        let folder = try FilesFolder([("types", ["a": "int64", "b": "uint64"])])
        folder.put(
            "t.csv",
            """
            a,b
            9007199254740993.0,18446744073709551615.00
            1e3,120e-1
            -9223372036854775808.0,0.0e9

            """)
        let reading = try folder.read(["stream": "t.csv"])
        #expect(reading.records.map { $0["a"] } == [9_007_199_254_740_993, 1000, .int(.min)])
        #expect(reading.records.map { $0["b"].map { "\($0)" } ?? "" }[1...].contains { $0.contains("12") })
        #expect(reading.rejected.isEmpty)
        folder.put("u.csv", "a,b\n9223372036854775808.0,1\n1.5,1\n1e99999999999,1\n")
        #expect(try folder.read(["stream": "u.csv"]).rejected.count == 3)
    }

    @Test func `a decimal of 2^127 is rejected`() throws {
        let folder = try FilesFolder([("types", ["a": "decimal128(38, 0)"])])
        folder.put("t.csv", "a\n170141183460469231731687303715884105728\n1\n")
        let reading = try folder.read(["stream": "t.csv"])
        #expect(reading.rejected.count == 1 && reading.records.count == 1)
    }

    @Test func `a long record before many short ones is read with many columns`() throws {
        let folder = try FilesFolder()
        let keys = (0..<45).map { "\"k\($0)\": \($0)" }.joined(separator: ", ")
        let long = "{\(keys), \"text\": \"" + String(repeating: "x", count: 3_000_000) + "\"}\n"
        folder.put("t.ndjson", "{\(keys)}\n" + long + String(repeating: "{}\n", count: 600_000))
        let request: JSON = ["stream": "t.ndjson", "columns": [["name": "k0"]], "batchBytes": 3_000_000]
        let reading = try folder.read(request)
        #expect(reading.failure == nil)
        #expect(reading.rejected.prefix(2).map(\.reason) == [])
        #expect(reading.records.count == 600_002)
    }

    @Test func `files of a pattern that are of another kind are refused by name`() throws {
        let folder = try FilesFolder()
        folder.put("a-1.csv", "id,name\n1,x\n")
        folder.put("a-2.csv", "id;name\n2;y\n")
        folder.put("b-1.csv", "id,name\n1,x\n")
        folder.put("b-2.ndjson", "{\"id\":1}\n")
        #expect(failure(folder, ["stream": "a-*"]).contains("a-2.csv"))
        #expect(failure(folder, ["stream": "b-*"]).contains("b-2.ndjson"))
    }

    @Test func `a delimiter only in text below the header is none`() throws {
        let folder = try FilesFolder()
        folder.put("t.csv", "comment\nfine; thanks\nok; bye\n")
        #expect(try folder.columns("t.csv") == ["comment utf8"])
    }

    @Test func `an unknown filter is not honoured`() throws {
        let folder = try FilesFolder()
        folder.put("t.csv", "id\n1\n2\n")
        let request: JSON = ["stream": "t.csv", "filter": ["any": []], "limit": 1]
        #expect(try folder.read(request).records.count == 2)
    }
}
