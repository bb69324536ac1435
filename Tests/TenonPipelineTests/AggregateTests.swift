import TenonColumns
import TenonJSON
import TenonModel
import TenonPipeline
import Testing

@Suite struct AggregateTests {
    private static let lines = """
        {"g":"a","h":1,"i":5,"d":0.5,"t":"x","u":1}
        {"g":"b","h":1,"i":null,"d":null,"t":null,"u":null}
        {"g":"a","h":2,"i":-7,"d":2.5,"t":"a","u":18446744073709551614}
        {"g":null,"h":1,"i":3,"d":1.0,"t":"x","u":0}
        {"g":"a","h":1,"i":5,"d":-1.5,"t":"q","u":2}

        """

    private func aggregate(_ aggregation: String, over lines: String = lines) throws -> String {
        try Pipeline.run(step: "{\"type\":\"aggregate\",\"aggregation\":\(aggregation)}", over: lines)
    }

    @Test(arguments: [
        ("sum", "i", "6"), ("count", "i", "4"), ("countDistinct", "i", "3"), ("avg", "i", "1.5"),
        ("min", "i", "-7"),
        ("max", "i", "5"), ("first", "i", "5"), ("last", "i", "5"), ("sum", "d", "2.5"),
        ("avg", "d", "0.625"),
        ("min", "d", "-1.5"), ("max", "d", "2.5"), ("min", "t", "\"a\""), ("max", "t", "\"x\""),
        ("first", "t", "\"x\""),
        ("last", "t", "\"q\""), ("countDistinct", "t", "3"), ("countDistinct", "d", "4"),
        ("max", "u", "18446744073709551614"),
    ]) func `without groups there is one record, named as the field`(
        _ operation: String, _ field: String, _ value: String
    )
        throws
    {
        #expect(
            try aggregate("{\"operation\":\"\(operation)\",\"field\":\"\(field)\"}")
                == "{\"\(field)\":\(value)}\n")
    }

    @Test func `groups come in the order of their first record, and null is one of them`() throws {
        #expect(
            try aggregate(
                "[{\"operation\":\"sum\",\"field\":\"i\",\"groupBy\":\"g\"},{\"operation\":\"count\"}]")
                    == """
                    {"g":"a","sum_i":3,"count":3}
                    {"g":"b","sum_i":null,"count":1}
                    {"g":null,"sum_i":3,"count":1}

                    """)
        #expect(
            try aggregate("{\"operation\":\"max\",\"field\":\"d\",\"groupBy\":[\"h\",\"g\"],\"as\":\"top\"}")
                == """
                {"h":1,"g":"a","top":0.5}
                {"h":1,"g":"b","top":null}
                {"h":2,"g":"a","top":2.5}
                {"h":1,"g":null,"top":1.0}

                """)
    }

    @Test func `over nothing an aggregate is null and a count 0`() throws {
        let filter = "{\"type\":\"filter\",\"condition\":{\"field\":\"h\",\"operator\":\">\",\"value\":9}}"
        let list = ["sum", "count", "countDistinct", "avg", "min", "max", "first", "last"].map {
            "{\"operation\":\"\($0)\",\"field\":\"i\",\"as\":\"\($0)\"}"
        }
        let aggregate = "{\"type\":\"aggregate\",\"aggregation\":[\(list.joined(separator: ","))]}"
        #expect(
            try Pipeline.run(step: "\(filter),\(aggregate)", over: Self.lines)
                == "{\"sum\":null,\"count\":0,\"countDistinct\":0,\"avg\":null,\"min\":null,\"max\":null,\"first\":null,\"last\":null}\n"
        )
        let grouped = "{\"type\":\"aggregate\",\"aggregation\":{\"operation\":\"count\",\"groupBy\":\"g\"}}"
        #expect(try Pipeline.run(step: "\(filter),\(grouped)", over: Self.lines) == "")
    }

    @Test func `integer sums are exact to the last bit and errors beyond`() throws {
        let most = "{\"x\":9223372036854775807}\n"
        #expect(try aggregate("{\"operation\":\"sum\",\"field\":\"x\"}", over: most) == most)
        #expect(
            try aggregate("{\"operation\":\"sum\",\"field\":\"x\"}", over: most + "{\"x\":1}\n{\"x\":-1}\n")
                == most)
        let error = #expect(throws: TenonError.self) {
            _ = try aggregate("{\"operation\":\"sum\",\"field\":\"x\"}", over: most + "{\"x\":1}\n")
        }
        #expect(error?.code == .batchOverflow)
        #expect(error?.message.contains("\"x\"") == true)
    }

    @Test func `decimals are added as decimals`() throws {
        let schema = Schema([Field("p", .decimal128(precision: 20, scale: 2))])
        let batch = try Batch(records: [["p": "0.10"], ["p": "0.20"], ["p": nil]], schema: schema)
        let text =
            "{\"type\":\"aggregate\",\"aggregation\":[{\"operation\":\"sum\",\"field\":\"p\"},{\"operation\":\"avg\",\"field\":\"p\",\"as\":\"m\"}]}"
        var program = try PipelinePlan(Pipeline.definition(Pipeline.with(text)), source: schema).makeProgram()
        _ = try program.push(batch)
        #expect(try program.finish().map { $0.json(row: 0) } == [["p": "0.30", "m": "0.150000"]])
    }

    @Test func `what follows an aggregation works on its result`() throws {
        let steps = """
            {"type":"aggregate","aggregation":{"operation":"count","groupBy":"g"}},
            {"type":"filter","condition":{"field":"count","operator":">","value":1}},
            {"type":"aggregate","aggregation":{"operation":"max","field":"count"}}
            """
        #expect(try Pipeline.run(step: steps, over: Self.lines) == "{\"count\":3}\n")
    }

    @Test func `a sum of text is a mistake before the first record`() throws {
        let error = try Pipeline.planError(
            "{\"type\":\"aggregate\",\"aggregation\":{\"operation\":\"sum\",\"field\":\"t\"}}",
            over: Self.lines)
        #expect(error?.code == .pipelineType)
        #expect(error?.message.contains("\"sum\" cannot take \"t\", which is utf8") == true)
    }

    @Test func `many groups stay right`() throws {
        let lines = (0..<20_000).map { "{\"g\":\"k\($0 % 5000)\",\"x\":\($0)}\n" }.joined()
        let (result, _) = try Pipeline.run(
            Pipeline.with(
                "{\"type\":\"aggregate\",\"aggregation\":{\"operation\":\"sum\",\"field\":\"x\",\"groupBy\":\"g\"}}"
            ),
            over: lines, rows: 777)
        let rows = result.split(separator: "\n")
        #expect(rows.count == 5000)
        #expect(rows[0] == "{\"g\":\"k0\",\"sum_x\":30000}")
        #expect(rows[4999] == "{\"g\":\"k4999\",\"sum_x\":49996}")
    }
}
