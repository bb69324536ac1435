import TenonColumns
import TenonJSON
import TenonModel
import TenonPipeline
import TenonTestKit
import Testing

@Suite struct FilterTests {
    private static let lines = """
        {"k":1,"i":-5,"d":0.5,"t":"alpha","b":true,"u":18446744073709551615,"j":{"x":1}}
        {"k":2,"i":0,"d":-0.0,"t":"beta","b":false,"u":3,"j":[1,"a"]}
        {"k":3,"i":null,"d":null,"t":null,"b":null,"u":null,"j":null}
        {"k":4,"i":9007199254740993,"d":1e300,"t":"Alpha","b":true,"u":9223372036854775808,"j":{"x":2.5}}
        {"k":5,"i":5,"d":2.5,"t":"","b":false,"u":0,"j":"s"}

        """

    private func kept(_ condition: String) throws -> [Int] {
        let text =
            "{\"type\":\"filter\",\"condition\":\(condition)},{\"type\":\"map\",\"mapping\":{\"k\":\"k\"}}"
        let result = try Pipeline.run(step: text, over: Self.lines)
        return result.split(separator: "\n").compactMap { Int($0.filter(\.isNumber)) }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let field: String
        let operation: String
        let value: String
        let rows: [Int]
        var testDescription: String { "\(field) \(operation) \(value)" }
        init(_ field: String, _ operation: String, _ value: String, _ rows: [Int]) {
            (self.field, self.operation, self.value, self.rows) = (field, operation, value, rows)
        }
    }

    static let cases: [Case] = [
        .init("i", "equals", "5", [5]), .init("i", "==", "5.0", [5]), .init("i", "=", "5.5", []),
        .init("i", "===", "9007199254740993", [4]), .init("i", "equals", "9007199254740992", []),
        .init("i", "notEquals", "5", [1, 2, 3, 4]), .init("i", "!=", "5", [1, 2, 3, 4]),
        .init("i", "<>", "5.5", [1, 2, 3, 4, 5]), .init("i", "!==", "0", [1, 3, 4, 5]),
        .init("i", "greaterThan", "0", [4, 5]), .init("i", ">", "-5", [2, 4, 5]),
        .init("i", ">", "4.5", [4, 5]),
        .init("i", "greaterOrEqual", "0", [2, 4, 5]), .init("i", ">=", "4.5", [4, 5]),
        .init("i", "lessThan", "0", [1]), .init("i", "<", "4.5", [1, 2]),
        .init("i", "<", "1e400", [1, 2, 4, 5]),
        .init("i", "lessOrEqual", "0", [1, 2]), .init("i", "<=", "-5.5", []),
        .init("i", "in", "[5,-5,7]", [1, 5]), .init("i", "in", "[]", []),
        .init("i", "notIn", "[5,-5]", [2, 3, 4]),
        .init("i", "between", "[-5,0]", [1, 2]), .init("i", "between", "[5,-5]", []),
        .init("i", "between", "[-4.5,4.5]", [2]),
        .init("i", "exists", "true", [1, 2, 4, 5]), .init("i", "exists", "false", [3]),
        .init("i", "isNull", "true", [3]),
        .init("i", "isNull", "false", [1, 2, 4, 5]), .init("i", "equals", "null", []),
        .init("i", "notEquals", "null", [1, 2, 3, 4, 5]),
        .init("u", "equals", "18446744073709551615", [1]), .init("u", ">", "9223372036854775807", [1, 4]),
        .init("u", "<", "0", []), .init("u", ">=", "-1", [1, 2, 4, 5]),
        .init("d", "equals", "0", [2]), .init("d", ">", "0.5", [4, 5]), .init("d", ">=", "0.5", [1, 4, 5]),
        .init("d", "<", "0.5", [2]), .init("d", "between", "[0,2.5]", [1, 2, 5]),
        .init("d", "notIn", "[0.5,2.5]", [2, 3, 4]),
        .init("t", "matches", "\"^al\"", [1]), .init("t", "matches", "\"(?i)^al.*a$\"", [1, 4]),
        .init("t", "matches", "\"\"", [1, 2, 4, 5]), .init("j", "matches", "\"^s$\"", [5]),
        .init("t", "equals", "\"alpha\"", [1]), .init("t", "notEquals", "\"alpha\"", [2, 3, 4, 5]),
        .init("t", ">", "\"alpha\"", [2]), .init("t", "<=", "\"alpha\"", [1, 4, 5]),
        .init("t", "<", "\"alpha\"", [4, 5]),
        .init("t", "contains", "\"lph\"", [1, 4]), .init("t", "contains", "\"\"", [1, 2, 4, 5]),
        .init("t", "startsWith", "\"al\"", [1]), .init("t", "endsWith", "\"ta\"", [2]),
        .init("t", "endsWith", "\"xbeta\"", []),
        .init("t", "in", "[\"beta\",\"\",null]", [2, 5]), .init("t", "notIn", "[\"beta\",\"\"]", [1, 3, 4]),
        .init("t", "between", "[\"alpha\",\"beta\"]", [1, 2]), .init("t", "isNull", "null", [3]),
        .init("b", "equals", "true", [1, 4]), .init("b", "!=", "true", [2, 3, 5]),
        .init("b", "in", "[true,false]", [1, 2, 4, 5]),
        .init("j.x", "equals", "1", [1]), .init("j.x", ">", "2", [4]),
        .init("j.x", "notEquals", "1", [2, 3, 4, 5]),
        .init("j", "exists", "null", [1, 2, 4, 5]), .init("j[1]", "equals", "\"a\"", [2]),
        .init("j", "contains", "\"a\"", [2]),
        .init("j", "equals", "\"s\"", [5]), .init("j.x", "isNull", "null", [2, 3, 5]),
    ]

    @Test(arguments: cases) func `a condition keeps its rows`(_ item: Case) throws {
        let condition =
            "{\"field\":\"\(item.field)\",\"operator\":\"\(item.operation)\",\"value\":\(item.value)}"
        #expect(try kept(condition) == item.rows)
        // The step data-transform decides the same over the records themselves.
        let records = try Pipeline.batches(Self.lines)[0]
        let input = JSON.array((0..<records.rowCount).map { records.json(row: $0) })
        let result = try Transformations.apply(
            JSONParser.parse("{\"type\":\"filter\",\"condition\":\(condition)}"), to: input)
        #expect(result.array?.compactMap { $0["k"]?.int.map { Int($0) } } == item.rows)
    }

    @Test func `an expression filters too`() throws {
        #expect(try kept("{\"expression\":\"i > 0 && t != 'x'\"}") == [4, 5])
        #expect(try kept("\"j.x == 1\"") == [1])
    }

    @Test(arguments: [
        "i == 5", "5 != i", "i < 5", "0 <= i", "i >= -5", "i > 4.5", "i == 9007199254740993",
        "i == 9007199254740993.0", "i in [5, -5]", "i in []", "i == null", "i != null", "i == 'x'",
        "i in [5, null]",
        "u >= 9223372036854775807", "u > 9223372036854775807", "u == 18446744073709551616.0", "d == 0",
        "d < 0.5",
        "d >= 2.5 && d < 9e307", "d == 9007199254740993", "t == 'alpha'", "t != 'alpha'", "t > 'alpha'",
        "'alpha' >= t", "t in ['beta', '']", "t == b'beta'", "b == true", "b != true",
        "i > -9 && t != 'beta' && b == true",
        "i > 0 || b == true", "!(i > 0)", "i == i", "j == 's'", "j.x == 1", "i + 1 > 1",
    ]) func `an expression decides the same over columns as over records`(_ expression: String) throws {
        let filter: JSON = ["type": "filter", "expression": .string(expression)]
        let batch = try Pipeline.batches(Self.lines)[0]
        let records = JSON.array((0..<batch.rowCount).map { batch.json(row: $0) })
        let byColumn = try Pipeline.run(step: filter.text, over: Self.lines)
        let byRecord = try Transformations.apply(filter, to: records).array ?? []
        #expect(byColumn == byRecord.map { $0.text + "\n" }.joined())
    }

    @Test(arguments: [
        ("t == 'alpha' && 3 > i", "t equals \"alpha\"; i lessThan 3"), ("i in [5, -5]", "i in [5,-5]"),
        ("i == null", ""), ("i == 'x'", ""), ("i == 1 || i == 2", ""), ("i == 1 && i + 1 == 2", ""),
        ("b < true", ""),
        ("t == b'beta'", ""), ("u == 18446744073709551616.0", ""), ("d == 9007199254740993", ""),
    ]) func `an expression that is comparisons in other words is the source's`(
        _ expression: String, _ pushed: String
    ) throws {
        let filter: JSON = ["type": "filter", "expression": .string(expression)]
        let schema = try Pipeline.batches(Self.lines)[0].schema
        let request = try PipelinePlan.request(
            Pipeline.definition(Pipeline.with(filter.text)), source: schema, takesLate: false)
        let texts = request.filter.map { "\($0.column) \($0.operation.rawValue) \($0.value.text)" }
        #expect(texts.joined(separator: "; ") == pushed)
    }

    @Test(arguments: [
        ("i", "equals", "\"5\""), ("t", "greaterThan", "5"), ("b", "greaterThan", "true"),
        ("i", "contains", "5"),
        ("t", "contains", "5"), ("t", "in", "[1]"), ("i", "between", "[\"a\",\"b\"]"), ("d", "equals", "{}"),
    ]) func `a comparison that can never hold is a mistake`(
        _ field: String, _ operation: String, _ value: String
    ) throws {
        let error = try Pipeline.planError(
            "{\"type\":\"filter\",\"condition\":{\"field\":\"\(field)\",\"operator\":\"\(operation)\",\"value\":\(value)}}",
            over: Self.lines)
        #expect(error?.code == .pipelineType)
        #expect(error?.fields.first?.pointer == "/stages/1/transformations/0/condition/value")
    }

    @Test func `dates, times and decimals compare by value`() throws {
        let schema = """
            {"columns":[{"name":"k","type":"int64"},{"name":"day","type":"date32"},{"name":"at","type":"timestamp(us, UTC)"},
            {"name":"price","type":"decimal128(10, 2)"}]}
            """
        let lines = """
            {"k":1,"day":"2026-01-31","at":"2026-01-31T10:00:00Z","price":"12.50"}
            {"k":2,"day":"2026-02-01","at":"2026-01-31T12:00:00Z","price":"-3"}
            {"k":3,"day":null,"at":null,"price":null}

            """
        var reader = NDJSONReader(schema: try Schema.parse(json: Array(schema.utf8)))
        Array(lines.utf8).withUnsafeBytes { reader.append($0, rowCount: 3) }
        let batch = try #require(try reader.takeBatches(isFinal: true).first)
        let expected = [
            ("day", "greaterThan", "\"2026-01-31\"", [2]),
            ("at", "lessOrEqual", "\"2026-01-31T12:00:00+02:00\"", [1]),
            ("price", "equals", "12.5", [1]), ("price", "equals", "\"12.5\"", [1]),
            ("price", "lessThan", "12.499", [2]),
            ("price", "equals", "12.499", []), ("price", "notEquals", "12.5", [2, 3]),
            ("price", "in", "[-3,1]", [2]),
        ]
        for (field, operation, value, rows) in expected {
            let text =
                "{\"type\":\"filter\",\"condition\":{\"field\":\"\(field)\",\"operator\":\"\(operation)\",\"value\":\(value)}}"
            var program = try PipelinePlan(Pipeline.definition(Pipeline.with(text)), source: batch.schema)
                .makeProgram()
            let results = try program.push(batch)
            let kept = results.flatMap { result in
                (0..<result.rowCount).compactMap { result.json(row: $0)["k"]?.int }
            }
            #expect(kept.map { Int($0) } == rows, "\(field) \(operation) \(value)")
        }
    }

    @Test func `columns and records agree over random values and conditions`() throws {
        var random = SeededGenerator(seed: 11)
        let numbers = ["-1", "0", "1", "2", "2.5", "-0.5", "9007199254740993", "null"]
        let texts = ["\"\"", "\"a\"", "\"ab\"", "\"b\"", "\"ü\"", "null"]
        for _ in 0..<60 {
            let isNumber = Bool.random(using: &random)
            let values =
                isNumber ? numbers.filter { Bool.random(using: &random) || !$0.contains(".") } : texts
            let picked = (0..<20).map { _ in values.randomElement(using: &random) ?? "null" }
            let lines = picked.enumerated().map { "{\"k\":\($0),\"x\":\($1)}\n" }.joined()
            let literals = (isNumber ? numbers : texts).filter { $0 != "null" }
            let low = literals.randomElement(using: &random) ?? "0"
            let high = literals.randomElement(using: &random) ?? "0"
            let scalar =
                ["equals", "notEquals", ">", ">=", "<", "<="].randomElement(using: &random) ?? "equals"
            let list = ["in", "notIn", "between"].randomElement(using: &random) ?? "in"
            for (operation, value) in [(scalar, low), (list, "[\(low),\(high)]")] {
                let condition =
                    "{\"type\":\"filter\",\"condition\":{\"field\":\"x\",\"operator\":\"\(operation)\",\"value\":\(value)}}"
                let batch = try Pipeline.batches(lines)[0]
                // Text and numbers never meet here, except where all values are null and so typed as text.
                guard batch.schema.fields[1].type == .utf8 || isNumber else { continue }
                guard batch.schema.fields[1].type != .utf8 || !isNumber else { continue }
                let byColumn = try Pipeline.run(step: condition, over: lines)
                let records = JSON.array((0..<batch.rowCount).map { batch.json(row: $0) })
                let byRecord = try Transformations.apply(JSONParser.parse(condition), to: records).array ?? []
                #expect(byColumn == byRecord.map { $0.text + "\n" }.joined(), "\(condition) over \(picked)")
            }
        }
    }
}
