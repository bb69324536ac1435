import TenonColumns
import TenonJSON
import TenonModel
import TenonPipeline
import Testing

/// `select`, `drop`, `rename`, `cast` and `limit`.
@Suite struct WholeFieldTests {
    private static let lines = """
        {"id":1,"cost":"10","name":"x","at":"2026-01-31T10:30:00Z"}
        {"id":2,"cost":"no","name":"y","at":null}
        {"id":3,"cost":null,"name":"z","at":"2026-02-01T00:00:00Z"}

        """

    private static func records() throws -> JSON {
        let batch = try Pipeline.batches(lines)[0]
        return .array((0..<batch.rowCount).map { batch.json(row: $0) })
    }

    @Test(arguments: [
        (
            "{\"type\":\"select\",\"fields\":[\"name\",\"id\"]}",
            "[{\"name\":\"x\",\"id\":1},{\"name\":\"y\",\"id\":2},{\"name\":\"z\",\"id\":3}]"
        ),
        ("{\"type\":\"select\",\"fields\":\"id\"}", "[{\"id\":1},{\"id\":2},{\"id\":3}]"),
        ("{\"type\":\"drop\",\"fields\":[\"cost\",\"at\",\"name\"]}", "[{\"id\":1},{\"id\":2},{\"id\":3}]"),
        (
            "{\"type\":\"rename\",\"mapping\":{\"id\":\"name\",\"name\":\"id\"}},{\"type\":\"drop\",\"fields\":[\"cost\",\"at\"]}",
            "[{\"name\":1,\"id\":\"x\"},{\"name\":2,\"id\":\"y\"},{\"name\":3,\"id\":\"z\"}]"
        ),
        (
            "{\"type\":\"cast\",\"fields\":{\"id\":\"utf8\"}},{\"type\":\"select\",\"fields\":[\"id\"]}",
            "[{\"id\":\"1\"},{\"id\":\"2\"},{\"id\":\"3\"}]"
        ),
        (
            "{\"type\":\"limit\",\"count\":2},{\"type\":\"select\",\"fields\":\"id\"}",
            "[{\"id\":1},{\"id\":2}]"
        ),
        ("{\"type\":\"limit\",\"count\":0}", "[]"),
    ]) func `pipelines and the step data-transform do the same`(_ steps: String, _ expected: String) throws {
        let wanted = try JSONParser.parse(expected)
        for type in ["transform", "enrich"] {
            let lines = try Pipeline.run(step: steps, type: type, over: Self.lines)
            #expect(lines == (wanted.array ?? []).map { $0.text + "\n" }.joined())
        }
        #expect(try Transformations.apply(JSONParser.parse("[\(steps)]"), to: Self.records()) == wanted)
    }

    @Test func `what a filter left out is neither cast nor counted as failed`() throws {
        let steps = """
            {"type":"filter","condition":{"field":"name","operator":"notEquals","value":"y"}},
            {"type":"cast","fields":{"cost":"float64"}},
            {"type":"filter","condition":{"field":"cost","operator":"exists"}},
            {"type":"select","fields":["cost","id"]}
            """
        let (lines, counts) = try Pipeline.run(Pipeline.with(steps), over: Self.lines)
        #expect(lines == "{\"cost\":10.0,\"id\":1}\n")
        #expect(counts[1].filtered == 2)
        #expect(counts[1].failed == 0)
    }

    @Test func `a value that does not fit names field and value, or its record is skipped`() throws {
        let cast = "{\"type\":\"cast\",\"fields\":{\"cost\":\"int64\",\"at\":\"timestamp(us)\"}}"
        let error = #expect(throws: TenonError.self) {
            _ = try Pipeline.run(Pipeline.with(cast), over: Self.lines)
        }
        #expect(error?.code == .pipelineRecord)
        #expect(error?.message.hasPrefix("Stage \"Work\": The value no of \"cost\" does not fit") == true)
        #expect(error?.context["field"] == "cost")
        #expect(error?.context["stage"] == "Work")
        let only = "{\"type\":\"cast\",\"fields\":{\"cost\":\"decimal128(5, 1)\"}}"
        let (lines, counts) = try Pipeline.run(
            Pipeline.with("\(only),{\"type\":\"select\",\"fields\":[\"id\",\"cost\"]}", onError: "skip"),
            over: Self.lines)
        #expect(lines == "{\"id\":1,\"cost\":\"10.0\"}\n{\"id\":3,\"cost\":null}\n")
        #expect([counts[1].read, counts[1].written, counts[1].failed] == [3, 2, 1])
        let record = #expect(throws: TenonError.self) {
            _ = try Transformations.apply(JSONParser.parse(only), to: Self.records())
        }
        #expect(record?.code == .pipelineRecord)
    }

    @Test func `all misfits of a batch are found, wherever they are`() throws {
        let lines = (0..<300).map { "{\"v\":\"\($0 % 7 == 3 || $0 == 299 ? "x" : "\($0)")\"}\n" }.joined()
        let cast = "{\"type\":\"cast\",\"fields\":{\"v\":\"int64\"}}"
        let (result, counts) = try Pipeline.run(Pipeline.with(cast, onError: "skip"), over: lines)
        let kept = (0..<300).filter { $0 % 7 != 3 && $0 != 299 }
        #expect(result == kept.map { "{\"v\":\($0)}\n" }.joined())
        #expect(counts[1].failed == Int64(300 - kept.count))
    }

    @Test func `behind a limit that is reached no record fails, however the records are cut`() throws {
        let steps = """
            {"type":"cast","fields":{"cost":"int64"}},{"type":"map","mapping":{"q":"{{6 / (2 - id)}}"}},
            {"type":"limit","count":1}
            """
        for rows in 1...3 {
            let (lines, counts) = try Pipeline.run(Pipeline.with(steps), over: Self.lines, rows: rows)
            #expect(lines == "{\"q\":6}\n")
            #expect(counts.map(\.failed) == [0, 0, 0])
            let more = steps.replacing("\"count\":1", with: "\"count\":2")
            let error = #expect(throws: TenonError.self) {
                _ = try Pipeline.run(Pipeline.with(more), over: Self.lines, rows: rows)
            }
            #expect(error?.message.contains("The value no of") == true)
        }
    }

    @Test func `a limit before the record that fails excuses nothing`() throws {
        let steps = """
            {"type":"limit","count":2},{"type":"cast","fields":{"cost":"int64"}},{"type":"limit","count":5}
            """
        for rows in 1...3 {
            #expect(throws: TenonError.self) {
                _ = try Pipeline.run(Pipeline.with(steps), over: Self.lines, rows: rows)
            }
        }
    }

    @Test func `a limit counts over all batches and says when reading may stop`() throws {
        let definition = try Pipeline.definition(Pipeline.with("{\"type\":\"limit\",\"count\":2}"))
        let batches = try Pipeline.batches(Self.lines, rows: 1)
        let plan = try PipelinePlan(definition, source: batches[0].schema)
        #expect(plan.isStateful)
        var program = plan.makeProgram()
        var count = 0
        for (index, batch) in batches.enumerated() {
            count += try program.push(batch).reduce(0) { $0 + $1.rowCount }
            #expect(program.isSatisfied == (index >= 1))
        }
        #expect(count == 2)
        #expect(program.stageCounts.map(\.read) == [2, 2, 2])
    }

    @Test func `a limit behind an aggregation stops nothing that is read`() throws {
        let steps = """
            {"type":"aggregate","aggregation":{"operation":"count","groupBy":"name"}},{"type":"limit","count":2}
            """
        let definition = try Pipeline.definition(Pipeline.with(steps))
        let batches = try Pipeline.batches(Self.lines, rows: 1)
        var program = try PipelinePlan(definition, source: batches[0].schema).makeProgram()
        for batch in batches {
            #expect(try program.push(batch).isEmpty)
            #expect(!program.isSatisfied)
        }
        #expect(try program.finish().map(\.rowCount) == [2])
    }

    @Test(arguments: [
        ("{\"type\":\"select\"}", "/fields", "list of at least one"),
        ("{\"type\":\"select\",\"fields\":[]}", "/fields", "list of at least one"),
        ("{\"type\":\"select\",\"fields\":[1]}", "/fields", "text or a list"),
        ("{\"type\":\"drop\",\"fields\":[\"a\",\"a\"]}", "/fields/1", "listed twice"),
        ("{\"type\":\"rename\"}", "/mapping", "at least one field"),
        ("{\"type\":\"rename\",\"mapping\":{\"a\":1}}", "/mapping/a", "the new name"),
        ("{\"type\":\"cast\",\"fields\":{\"a\":\"int63\"}}", "/fields/a", "Did you mean \"int64\"?"),
        ("{\"type\":\"cast\",\"fields\":{\"a\":7}}", "/fields/a", "name of a type"),
        ("{\"type\":\"cast\",\"fields\":[\"a\"]}", "/fields", "must be an object"),
        ("{\"type\":\"limit\"}", "/count", "is missing"),
        ("{\"type\":\"limit\",\"count\":-1}", "/count", "whole number from 0"),
        ("{\"type\":\"limit\",\"count\":1.5}", "/count", "whole number"),
        ("{\"type\":\"limt\",\"count\":1}", "/type", "Did you mean \"limit\"?"),
    ]) func `a mistake in the definition is found with its place`(
        _ step: String, _ place: String, _ message: String
    ) throws {
        let error = #expect(throws: TenonError.self) { _ = try Pipeline.definition(Pipeline.with(step)) }
        #expect(error?.code == .pipelineInvalid)
        #expect(error?.fields.first?.pointer == "/stages/1/transformations/0\(place)")
        #expect(error?.fields.first?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test(arguments: [
        ("{\"type\":\"select\",\"fields\":[\"nmae\"]}", "pipeline.unknown-field", "/fields/0"),
        ("{\"type\":\"drop\",\"fields\":\"nmae\"}", "pipeline.unknown-field", "/fields"),
        ("{\"type\":\"rename\",\"mapping\":{\"nmae\":\"x\"}}", "pipeline.unknown-field", "/mapping/nmae"),
        ("{\"type\":\"cast\",\"fields\":{\"nmae\":\"utf8\"}}", "pipeline.unknown-field", "/fields/nmae"),
        ("{\"type\":\"cast\",\"fields\":{\"id\":\"date32\"}}", "pipeline.type", "/fields/id"),
        ("{\"type\":\"rename\",\"mapping\":{\"id\":\"name\"}}", "pipeline.invalid", "/mapping/id"),
        ("{\"type\":\"drop\",\"fields\":[\"id\",\"cost\",\"name\",\"at\"]}", "pipeline.invalid", "/fields/0"),
    ]) func `a mistake that the source's columns show is found before the first record`(
        _ step: String, _ code: String, _ place: String
    ) throws {
        let error = try Pipeline.planError(step, over: Self.lines)
        #expect(error?.code.rawValue == code)
        #expect(error?.fields.first?.pointer == "/stages/1/transformations/0\(place)")
    }

    @Test func `cheap filters come before dear ones, but not before one that can fail`() throws {
        let dear =
            "{\"type\":\"filter\",\"condition\":{\"field\":\"name\",\"operator\":\"contains\",\"value\":\"x\"}}"
        let cheap = "{\"type\":\"filter\",\"condition\":{\"field\":\"id\",\"operator\":\">\",\"value\":5}}"
        let failing = "{\"type\":\"filter\",\"expression\":\"6 / (2 - id) > 0\"}"
        let (lines, counts) = try Pipeline.run(Pipeline.with("\(dear),\(cheap)"), over: Self.lines)
        #expect(lines.isEmpty)
        #expect(counts[1].filtered == 3)
        #expect(throws: TenonError.self) {
            _ = try Pipeline.run(Pipeline.with("\(failing),\(cheap)"), over: Self.lines)
        }
    }
}
