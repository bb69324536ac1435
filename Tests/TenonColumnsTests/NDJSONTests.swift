import TenonColumns
import TenonModel
import TenonTestKit
import Testing

@Suite struct NDJSONTests {
    private func read(_ lines: String, schema: String? = nil) throws -> (Batch?, [RejectedRecord]) {
        var reader = NDJSONReader(schema: try schema.flatMap { try Schema.parse(json: Array($0.utf8)) })
        reader.append(lines)
        let batches = try reader.takeBatches(isFinal: true)
        return (batches.first, reader.takeRejects())
    }

    private func inferred(_ lines: String) throws -> [String] {
        let (batch, _) = try read(lines)
        return try #require(batch).schema.fields.map { "\($0.name) \($0.type.name)" }
    }

    @Test func `every type is written as the contract says`() throws {
        let lines = try text(Samples.allTypes()).split(separator: "\n")
        #expect(lines[0].contains("\"c4\":-9223372036854775808"))
        #expect(lines[0].contains("\"c11\":\"-12345678901234567890.12\""))
        #expect(lines[0].contains("\"c12\":\"käse \\\"x\\\"\""))
        #expect(lines[0].contains("\"c13\":\"AAEC/w==\""))
        #expect(lines[0].contains("\"c14\":\"1969-12-31\""))
        #expect(lines[0].contains("\"c16\":\"2026-01-31T10:30:00Z\""))
        #expect(lines[0].contains("\"c19\":{\"a\":[1,2]}"))
        #expect(lines[1].hasPrefix("{\"c0\":null,"))
        #expect(lines[2].contains("\"c8\":18446744073709551615"))
        #expect(lines[2].contains("\"c11\":\"0.05\""))
        #expect(lines[2].contains("\"c15\":\"23:59:59.999999\""))
        #expect(lines[2].contains("\"c16\":\"1969-12-31T23:59:59.500Z\""))
    }

    @Test func `what is written reads back the same`() throws {
        let batch = try Samples.allTypes()
        let lines = try text(batch)
        let (back, rejects) = try read(lines, schema: batch.schema.jsonText)
        #expect(rejects.isEmpty)
        #expect(try text(#require(back)) == lines)
        #expect(back?.schema == batch.schema)
    }

    @Test func `types are inferred and only widen`() throws {
        let lines = """
            {"i":1,"d":1,"t":1,"b":true,"u":1,"big":1,"n":null,"j":{"a":1},"m":[1],"x":9007199254740993}
            {"i":-9223372036854775808,"d":1.5,"t":"one","b":false,"u":18446744073709551615,"big":123456789012345678901234,"j":2,"m":"s","x":0.5}

            """
        #expect(
            try inferred(lines) == [
                "i int64", "d float64", "t utf8", "b bool", "u uint64", "big utf8", "n utf8", "j json",
                "m json",
                "x utf8",
            ])
        let (batch, _) = try read(lines)
        #expect(try #require(batch?.column(named: "big")).string(at: 1) == "123456789012345678901234")
        #expect(try #require(batch?.column(named: "x")).string(at: 0) == "9007199254740993")
    }

    @Test func `a number with more digits than a double has stays text`() throws {
        #expect(try inferred("{\"x\":0.12345678901234567891}\n") == ["x utf8"])
        #expect(try inferred("{\"x\":0.10000000000000001}\n") == ["x float64"])
    }

    @Test func `doubles are read exactly`() throws {
        var random = SeededGenerator(seed: 3)
        let values = (0..<2000).map { index -> Double in
            index % 2 == 0
                ? Double(Int.random(in: -1_000_000...1_000_000, using: &random)) / 1000
                : Double(bitPattern: UInt64.random(in: 0...(2046 << 52), using: &random))
        }
        let lines = values.map { "{\"x\":\($0)}\n" }.joined()
        let (batch, rejects) = try read(
            lines, schema: "{\"columns\":[{\"name\":\"x\",\"type\":\"float64\"}]}")
        #expect(rejects.isEmpty)
        #expect(try text(#require(batch)) == lines)
    }

    @Test func `a later line that does not fit is rejected, never a new schema`() throws {
        var reader = NDJSONReader(schema: nil)
        for row in 0..<1000 { reader.append("{\"id\":\(row),\"name\":\"n\"}\n") }
        #expect(reader.schema?.names == ["id", "name"])
        reader.append(
            "{\"id\":1.5}\n{\"id\":1000,\"other\":1}\n{\"id\":1001,\"other\":null}\n[1]\n{\"id\":}\n")
        let batches = try reader.takeBatches(isFinal: true)
        let rejects = reader.takeRejects()
        #expect(batches.reduce(0) { $0 + $1.rowCount } == 1001)
        #expect(rejects.map(\.row) == [1000, 1001, 1003, 1004])
        #expect(rejects[0].reason == "the value of \"id\" (number) does not fit the type int64")
        #expect(rejects[0].record == "{\"id\":1.5}")
        #expect(rejects[1].reason == "the field \"other\" is not one of the stream's columns")
        #expect(rejects[2].reason == "the line is not a JSON object")
        #expect(rejects[3].reason.hasPrefix("the line is not valid JSON: an unexpected character"))
        #expect(reader.takeRejects().isEmpty)
    }

    struct Misfit: Sendable {
        let type: String
        let value: String
    }
    static let misfits: [Misfit] = [
        .init(type: "int8", value: "128"), .init(type: "uint8", value: "-1"),
        .init(type: "int32", value: "2147483648"),
        .init(type: "int64", value: "9223372036854775808"),
        .init(type: "uint64", value: "18446744073709551616"),
        .init(type: "int64", value: "\"1\""), .init(type: "bool", value: "1"),
        .init(type: "float64", value: "1e999"),
        .init(type: "float64", value: "NaN"), .init(type: "float64", value: "Infinity"),
        .init(type: "float32", value: "1e300"), .init(type: "decimal128(4, 2)", value: "\"100.00\""),
        .init(type: "decimal128(4, 2)", value: "\"0.001\""), .init(type: "date32", value: "\"2026-02-29\""),
        .init(type: "time64", value: "\"24:00:00\""),
        .init(type: "timestamp", value: "\"2026-01-01T00:00:00Z\""),
        .init(type: "timestamp(us, UTC)", value: "\"2026-01-01T00:00:00\""),
        .init(type: "binary", value: "\"AA=\""), .init(type: "utf8", value: "{}"),
        .init(type: "null", value: "1"),
        .init(type: "int64", value: "01"), .init(type: "utf8", value: "\"\\ud800\""),
        .init(type: "utf8", value: "\"\t\""),
    ]
    @Test(arguments: misfits) func `a value beyond its column's type is rejected alone`(_ misfit: Misfit)
        throws
    {
        let (batch, rejects) = try read(
            "{\"k\":1,\"x\":null}\n{\"k\":2,\"x\":\(misfit.value)}\n{\"k\":3,\"x\":null}\n",
            schema:
                "{\"columns\":[{\"name\":\"k\",\"type\":\"int64\"},{\"name\":\"x\",\"type\":\"\(misfit.type)\"}]}"
        )
        #expect(rejects.map(\.row) == [1])
        #expect(try text(#require(batch)) == "{\"k\":1,\"x\":null}\n{\"k\":3,\"x\":null}\n")
    }

    @Test func `decimals and zones are read exactly`() throws {
        let (batch, rejects) = try read(
            "{\"d\":12.5,\"t\":\"2026-01-31T12:30:00.25+02:00\"}\n{\"d\":\"-0.010\",\"t\":null}\n{\"d\":1e2,\"t\":null}\n",
            schema:
                "{\"columns\":[{\"name\":\"d\",\"type\":\"decimal128(10,2)\"},{\"name\":\"t\",\"type\":\"timestamp(us,UTC)\"}]}"
        )
        #expect(rejects.isEmpty)
        #expect(
            try text(#require(batch)) == """
                {"d":"12.50","t":"2026-01-31T10:30:00.250Z"}
                {"d":"-0.01","t":null}
                {"d":"100.00","t":null}

                """)
    }

    @Test func `keys may come in any order, escaped, and not twice`() throws {
        let (batch, rejects) = try read(
            "{\"a\":1,\"b\":2}\n{\"b\":4,\"\\u0061\":3}\n{\"a\":5,\"a\":6}\n{ \"b\" : 8 , \"a\" : 7 }\r\n")
        #expect(rejects.map(\.reason) == ["the field \"a\" occurs twice"])
        #expect(try text(#require(batch)) == "{\"a\":1,\"b\":2}\n{\"a\":3,\"b\":4}\n{\"a\":7,\"b\":8}\n")
    }

    @Test func `a required field that is missing rejects the line`() throws {
        let schema = "{\"columns\":[{\"name\":\"id\",\"type\":\"int64\",\"nullable\":false}]}"
        let (batch, rejects) = try read("{}\n{\"id\":null}\n{\"id\":1}\n", schema: schema)
        #expect(rejects.count == 2)
        #expect(batch?.rowCount == 1)
    }

    @Test func `bytes that are not UTF-8 reject only their own line`() throws {
        var reader = NDJSONReader(schema: nil)
        let lines: [UInt8] =
            Array("{\"a\":\"x\"}\n{\"a\":\"".utf8) + [0xFF] + Array("\"}\n{\"a\":\"y\"}\n".utf8)
        lines.withUnsafeBytes { reader.append($0, rowCount: 3) }
        #expect(try reader.takeBatches(isFinal: true).first?.rowCount == 2)
        #expect(reader.takeRejects().map(\.reason) == ["the line is not valid UTF-8"])
    }

    @Test func `a wrong number of lines is an error`() throws {
        var reader = NDJSONReader(schema: nil)
        Array("{}\n{}\n".utf8).withUnsafeBytes { reader.append($0, rowCount: 3) }
        let error = #expect(throws: TenonError.self) { _ = try reader.takeBatches(isFinal: true) }
        #expect(error?.code == .batchLines)
    }

    @Test func `batches are cut at their size`() throws {
        var reader = NDJSONReader(schema: Schema([Field("a", .int64)]), batchRows: 10)
        for row in 0..<25 { reader.append("{\"a\":\(row)}\n") }
        #expect(try reader.takeBatches(isFinal: false).map(\.rowCount) == [10, 10])
        #expect(try reader.takeBatches(isFinal: true).map(\.rowCount) == [5])
    }

    @Test func `a value that is not a number is refused by name`() throws {
        let nan = Buffer.make(count: 8) { $0.storeBytes(of: Double.nan, as: Double.self) }
        let column = Column(.float64, count: 1, values: nan)
        let error = #expect(throws: TenonError.self) {
            _ = try NDJSONWriter.lines(
                of: Batch(schema: Schema([Field("x", .float64)]), columns: [column], rowCount: 1))
        }
        #expect(error?.message.contains("\"x\"") == true)
    }

    @Test func `damaged lines are taken or rejected one by one`() throws {
        let batch = try Samples.allTypes()
        let original = Array(try text(batch).utf8)
        var random = SeededGenerator(seed: 5)
        var rejected = 0
        for _ in 0..<1000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let position = Int.random(in: 0..<bytes.count, using: &random)
                if Bool.random(using: &random) {
                    bytes.remove(at: position)
                } else {
                    bytes[position] = UInt8.random(in: 0...255, using: &random)
                }
            }
            let count = bytes.split(whereSeparator: { $0 == 0x0A }).count { $0 != [0x0D] }
            var reader = NDJSONReader(schema: batch.schema)
            bytes.withUnsafeBytes { reader.append($0, rowCount: count) }
            let rows = try reader.takeBatches(isFinal: true).reduce(0) { $0 + $1.rowCount }
            let rejects = reader.takeRejects()
            #expect(rows + rejects.count == count)
            rejected += rejects.count
        }
        #expect(rejected > 500)
    }
}
