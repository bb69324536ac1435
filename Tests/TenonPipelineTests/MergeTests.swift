import TenonColumns
import TenonJSON
import TenonModel
import TenonPipeline
import TenonTestKit
import Testing

/// Two runs over the two halves of a stream, put together.
@Suite struct MergeTests {
    private static let columns: [(String, ColumnType)] = [
        ("g", .utf8), ("h", .int64), ("i", .int64), ("d", .float64), ("t", .utf8), ("b", .bool),
        ("s", .float32),
    ]

    private func batches(_ random: inout SeededGenerator) throws -> [Batch] {
        try (0..<Int.random(in: 1...6, using: &random)).map { _ in
            let builders = Self.columns.map { ColumnBuilder($0.1) }
            for _ in 0..<20 {
                let long = String(repeating: "long ", count: 5)
                let values: [JSON] = [
                    .string(
                        Bool.random(using: &random) ? "a" : long + "\(Int.random(in: 0...9, using: &random))"),
                    .int(Int64.random(in: 0...2, using: &random)),
                    .int(Int64.random(in: -5...5, using: &random)),
                    .double(Double(Int.random(in: -8...8, using: &random)) / 2),
                    .string(["", "x", "ab", long + "x"].randomElement(using: &random) ?? ""),
                    .bool(Bool.random(using: &random)), .double(0.5),
                ]
                for (builder, value) in zip(builders, values) {
                    let isNull = Int.random(in: 0...4, using: &random) == 0
                    try #require(builder.append(json: isNull ? .null : value))
                }
            }
            let schema = Schema(Self.columns.map { Field($0.0, $0.1) })
            return Batch(schema: schema, columns: builders.map { $0.finish() }, rowCount: 20)
        }
    }

    private func result(_ program: consuming PipelineProgram) throws -> ([JSON], [StageCounts]) {
        var program = program
        let records = try program.finish().flatMap { batch in
            (0..<batch.rowCount).map { batch.json(row: $0) }
        }
        return (records, program.stageCounts)
    }

    @Test(arguments: ["", "\"groupBy\":\"g\",", "\"groupBy\":\"h\",", "\"groupBy\":[\"h\",\"b\",\"g\"],"])
    func `halves give what the whole gives`(_ groups: String) throws {
        var random = SeededGenerator(seed: 5)
        var items: [String] = []
        for (field, type) in Self.columns {
            for operation in ["sum", "count", "countDistinct", "avg", "min", "max", "first", "last"] {
                let isNumeric = type != .utf8 && type != .bool
                guard isNumeric || !["sum", "avg"].contains(operation) else { continue }
                items.append(
                    "{\"operation\":\"\(operation)\",\"field\":\"\(field)\",\"as\":\"\(operation) \(field)\"}"
                )
            }
        }
        let steps = """
            {"type":"filter","condition":{"field":"i","operator":"notEquals","value":3}},
            {"type":"aggregate",\(groups)"aggregation":[\(items.joined(separator: ",")),{"operation":"count"}]}
            """
        let definition = try Pipeline.definition(Pipeline.with(steps))
        for _ in 0..<20 {
            let batches = try batches(&random)
            let plan = try PipelinePlan(definition, source: batches[0].schema)
            #expect(plan.isDivisible)
            var whole = plan.makeProgram()
            for batch in batches { _ = try whole.push(batch) }
            let cut = Int.random(in: 0...batches.count, using: &random)
            var first = plan.makeProgram()
            for batch in batches[..<cut] { _ = try first.push(batch) }
            var second = plan.makeProgram()
            for batch in batches[cut...] { _ = try second.push(batch) }
            try first.merge(second)
            let (records, counts) = try result(first)
            let (expected, expectedCounts) = try result(whole)
            #expect(records == expected)
            #expect(counts == expectedCounts)
        }
    }

    @Test func `a sum that leaves 64 bits in one half only is exact, and one that leaves them is an error`()
        throws
    {
        let definition = try Pipeline.definition(
            Pipeline.with("{\"type\":\"aggregate\",\"aggregation\":{\"operation\":\"sum\",\"field\":\"i\"}}"))
        func merged(_ halves: [String]) throws -> [Batch] {
            let batches = try halves.map { half in
                try Pipeline.batches(half.split(separator: ",").map { "{\"i\":\($0)}\n" }.joined())[0]
            }
            let plan = try PipelinePlan(definition, source: batches[0].schema)
            var first = plan.makeProgram()
            var second = plan.makeProgram()
            _ = try first.push(batches[0])
            _ = try second.push(batches[1])
            try first.merge(second)
            return try first.finish()
        }
        let exact = try merged(["9223372036854775807,5", "-9,2"])
        #expect(exact.first?.json(row: 0)["i"] == 9_223_372_036_854_775_805)
        let error = #expect(throws: TenonError.self) { _ = try merged(["9223372036854775807", "1"]) }
        #expect(error?.code == .batchOverflow)
    }

    @Test func `a limit before the aggregation cannot be divided`() throws {
        let steps =
            "{\"type\":\"limit\",\"count\":3},{\"type\":\"aggregate\",\"aggregation\":{\"operation\":\"count\"}}"
        let schema = Schema([Field("i", .int64)])
        #expect(try !PipelinePlan(Pipeline.definition(Pipeline.with(steps)), source: schema).isDivisible)
        let map = "{\"type\":\"map\",\"mapping\":{\"i\":\"i\"}}"
        #expect(try PipelinePlan(Pipeline.definition(Pipeline.with(map)), source: schema).isDivisible)
    }
}
