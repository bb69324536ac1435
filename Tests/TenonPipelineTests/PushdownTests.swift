import TenonColumns
import TenonJSON
import TenonModel
import TenonPipeline
import Testing

@Suite struct PushdownTests {
    private static let columns = """
        {"columns":[{"name":"id","type":"int64"},{"name":"name","type":"utf8"},{"name":"status","type":"utf8"},
        {"name":"cost","type":"float64"},{"name":"specs","type":"json"},{"name":"day","type":"date32"}]}
        """

    private func schema() throws -> Schema {
        try #require(try Schema.parse(json: Array(Self.columns.utf8)))
    }

    /// The request for one stage of transformations, as JSON.
    private func request(_ transformations: String, type: String = "transform", takesLate: Bool = true) throws
        -> JSON
    {
        let definition = try Pipeline.definition(Pipeline.with(transformations, type: type))
        let request = try PipelinePlan.request(definition, source: schema(), takesLate: takesLate)
        return .object(request.adding(to: [:]))
    }

    static let active =
        "{\"type\":\"filter\",\"condition\":{\"field\":\"status\",\"operator\":\"equals\",\"value\":\"active\"}}"

    @Test func `an extract stage that allows no late columns asks for parsed ones`() throws {
        let text = Pipeline.with(Self.active).replacing(
            "\"type\":\"extract\"", with: "\"type\":\"extract\",\"parameters\":{\"late\":false}")
        let definition = try Pipeline.definition(text)
        #expect(!definition.extract.allowsLate)
        let request = try PipelinePlan.request(definition, source: schema(), takesLate: true)
        #expect(request.columns?.contains { $0.isLate } != true)
    }

    @Test func `the specification's pipeline asks for three columns as text and for the filter`() throws {
        let schema = try Pipeline.batches(Specification.designs)[0].schema
        let definition = try Pipeline.definition(Specification.cadToERP)
        let request = try PipelinePlan.request(definition, source: schema, takesLate: true)
        #expect(
            JSON.object(request.adding(to: ["stream": "designs"])) == [
                "stream": "designs",
                "columns": [
                    ["name": "id", "as": "text"], ["name": "name", "as": "text"],
                    ["name": "estimatedCost", "as": "text"],
                ],
                "filter": ["all": [["column": "status", "operator": "equals", "value": "active"]]],
            ])
        let typed = try PipelinePlan.request(definition, source: schema, takesLate: false)
        #expect(
            typed.columns == [
                RequestedColumn("id"), RequestedColumn("name"), RequestedColumn("estimatedCost"),
            ])
        let sum = try PipelinePlan.request(
            Pipeline.definition(Specification.designDataETL), source: schema, takesLate: true)
        #expect(sum.columns == [RequestedColumn("estimatedCost")])
        #expect(sum.filter.count == 1)
    }

    @Test(arguments: [
        // Aggregated, in a template, in an expression, cast, compared in the host: parsed.
        (
            "{\"type\":\"aggregate\",\"aggregation\":{\"operation\":\"sum\",\"field\":\"cost\",\"groupBy\":\"id\"}}",
            "[{\"name\":\"id\"},{\"name\":\"cost\"}]"
        ),
        (
            "{\"type\":\"map\",\"mapping\":{\"a\":\"{{cost * 2}}\",\"b\":\"id\",\"c\":\"cost\"}}",
            "[{\"name\":\"id\",\"as\":\"text\"},{\"name\":\"cost\"}]"
        ),
        (
            "{\"type\":\"filter\",\"expression\":\"cost * 2 > 2\"},{\"type\":\"select\",\"fields\":[\"id\",\"day\"]}",
            "[{\"name\":\"id\",\"as\":\"text\"},{\"name\":\"cost\"},{\"name\":\"day\",\"as\":\"text\"}]"
        ),
        (
            "{\"type\":\"cast\",\"fields\":{\"id\":\"utf8\"}},{\"type\":\"select\",\"fields\":[\"id\",\"day\"]}",
            "[{\"name\":\"id\"},{\"name\":\"day\",\"as\":\"text\"}]"
        ),
        (
            "{\"type\":\"map\",\"mapping\":{\"a\":\"specs.size\",\"b\":\"id\"}}",
            "[{\"name\":\"id\",\"as\":\"text\"},{\"name\":\"specs\"}]"
        ),
        // A cast to its own type checks the values; a value inside JSON that nobody takes is not made.
        (
            "{\"type\":\"cast\",\"fields\":{\"id\":\"int64\"}},{\"type\":\"select\",\"fields\":\"id\"}",
            "[{\"name\":\"id\"}]"
        ),
        (
            "{\"type\":\"map\",\"mapping\":{\"a\":\"specs.size\",\"b\":\"id\"}},{\"type\":\"drop\",\"fields\":\"a\"}",
            "[{\"name\":\"id\",\"as\":\"text\"}]"
        ),
        // A count needs a column to have rows.
        (
            "{\"type\":\"aggregate\",\"aggregation\":{\"operation\":\"count\"}}",
            "[{\"name\":\"id\",\"as\":\"text\"}]"
        ),
    ]) func `exactly the columns are asked for that something needs`(_ steps: String, _ columns: String)
        throws
    {
        #expect(try request(steps)["columns"] == JSONParser.parse(columns))
    }

    @Test func `keys are typed, and where everything is typed nothing is asked for`() throws {
        let text = Pipeline.with("").replacing(
            "\"type\":\"load\"",
            with: "\"type\":\"load\",\"parameters\":{\"mode\":\"upsert\",\"keys\":[\"id\"]}")
        let definition = try Pipeline.definition(text)
        let request = try PipelinePlan.request(definition, source: schema(), takesLate: true)
        #expect(request.columns?.first == RequestedColumn("id"))
        #expect(request.columns?.map(\.isLate) == [false, true, true, true, false, true])
        #expect(try self.request("", takesLate: false) == [:])
    }

    @Test(arguments: [
        // Traced back through projections and new names.
        (
            "{\"type\":\"rename\",\"mapping\":{\"cost\":\"status\",\"status\":\"cost\"}},"
                + "{\"type\":\"filter\",\"condition\":{\"field\":\"status\",\"operator\":\">\",\"value\":1.5}}",
            "cost greaterThan 1.5"
        ),
        (
            "{\"type\":\"map\",\"mapping\":{\"x\":\"id\",\"y\":\"specs.a\"}},"
                + "{\"type\":\"filter\",\"condition\":{\"field\":\"x\",\"operator\":\"between\",\"value\":[1,2]}}",
            "id between [1,2]"
        ),
        (
            "{\"type\":\"filter\",\"condition\":{\"field\":\"id\",\"operator\":\"in\",\"value\":[1,null]}},"
                + "{\"type\":\"filter\",\"condition\":{\"field\":\"day\",\"operator\":\"exists\",\"value\":false}}",
            "id in [1]; day isNull true"
        ),
        // Not behind what can fail, holds records back, or is the host's to filter.
        ("{\"type\":\"map\",\"mapping\":{\"x\":\"{{id + 1}}\",\"status\":\"status\"}},\(active)", ""),
        ("{\"type\":\"cast\",\"fields\":{\"id\":\"utf8\"}},\(active)", ""),
        ("{\"type\":\"limit\",\"count\":5},\(active)", ""),
        ("{\"type\":\"filter\",\"expression\":\"id * 1 > 1\"},\(active)", ""),
        (
            "{\"type\":\"filter\",\"condition\":{\"field\":\"specs.a\",\"operator\":\"=\",\"value\":1}},\(active)",
            ""
        ),
        (
            "{\"type\":\"filter\",\"condition\":{\"field\":\"id\",\"operator\":\"equals\",\"value\":null}},\(active)",
            ""
        ),
        (
            "{\"type\":\"aggregate\",\"aggregation\":{\"operation\":\"count\",\"groupBy\":\"status\"}},\(active)",
            ""
        ),
    ]) func `leading filters over the source's columns are asked for`(_ steps: String, _ filter: String)
        throws
    {
        let conditions = try request(steps)["filter"]?["all"]?.array ?? []
        let texts = conditions.map { condition in
            "\(condition["column"]?.string ?? "") \(condition["operator"]?.string ?? "") \(condition["value"]?.text ?? "")"
        }
        #expect(texts.joined(separator: "; ") == filter)
    }

    @Test func `a limit is asked for behind filters and projections, not behind the host's work`() throws {
        let limit = "{\"type\":\"limit\",\"count\":3}"
        #expect(try request("\(Self.active),{\"type\":\"drop\",\"fields\":\"day\"},\(limit)")["limit"] == 3)
        #expect(try request("{\"type\":\"filter\",\"expression\":\"id * 1 > 1\"},\(limit)")["limit"] == nil)
        #expect(try request("{\"type\":\"cast\",\"fields\":{\"id\":\"utf8\"}},\(limit)")["limit"] == nil)
        #expect(try request("\(limit),{\"type\":\"limit\",\"count\":2}")["limit"] == 3)
    }

    @Test func `a reader that filters less than exactly is opened anew with typed columns and no limit`()
        throws
    {
        let steps =
            "\(Self.active),{\"type\":\"limit\",\"count\":3},{\"type\":\"select\",\"fields\":\"status\"}"
        let definition = try Pipeline.definition(Pipeline.with(steps))
        let request = try PipelinePlan.request(definition, source: schema(), takesLate: true)
        #expect(request.columns == [RequestedColumn("status", isLate: true)])
        #expect(request.withoutLate(Honoured(columns: true, filter: .exact, limit: true)) == nil)
        let partial = try #require(request.withoutLate(Honoured(columns: true, filter: .partial)))
        #expect(partial.columns == [RequestedColumn("status")])
        #expect(partial.filter.count == 1)
        #expect(partial.limit == nil)
        let none = try #require(request.withoutLate(Honoured(columns: true, filter: .none)))
        #expect(none.filter.isEmpty)
        #expect(none.withoutLate(Honoured(columns: true)) == nil)
        // All columns come typed, and no record is held back: nothing to ask anew.
        #expect(request.withoutLate(Honoured()) == nil)
        #expect(request.withoutLate(Honoured(limit: true))?.limit == nil)
        #expect(request.withoutLate(Honoured(limit: true)) != nil)
        #expect(throws: TenonError.self) {
            _ = try PipelinePlan(
                definition, source: schema(), request: request, honoured: Honoured(limit: true))
        }
    }

    @Test func `a reader's answer is read with tolerance`() {
        #expect(
            Honoured(Array("{\"columns\":true,\"filter\":\"exact\",\"limit\":true}".utf8))
                == Honoured(columns: true, filter: .exact, limit: true))
        for text in ["", "no", "[]", "{}", "{\"filter\":\"most\",\"columns\":1}"] {
            #expect(Honoured(Array(text.utf8)) == Honoured())
        }
    }

    @Test func `a misspelt field is found before anything is opened`() throws {
        for takesLate in [true, false] {
            let error = #expect(throws: TenonError.self) {
                _ = try request(
                    "{\"type\":\"drop\",\"fields\":\"cost\"},{\"type\":\"select\",\"fields\":[\"id\",\"statsu\"]}",
                    takesLate: takesLate)
            }
            #expect(error?.code == .pipelineUnknownField)
            #expect(error?.message.contains("Did you mean \"status\"?") == true)
            #expect(error?.fields.first?.pointer == "/stages/1/transformations/1/fields/1")
        }
    }

    @Test func `a column that comes as text though its values are looked at is refused`() throws {
        let definition = try Pipeline.definition(
            Pipeline.with("{\"type\":\"map\",\"mapping\":{\"a\":\"{{cost * 2}}\"}}"))
        let request = try PipelinePlan.request(definition, source: schema(), takesLate: true)
        let error = #expect(throws: TenonError.self) {
            _ = try PipelinePlan(
                definition, source: Schema([Field("cost", .utf8, late: .float64)]), request: request,
                honoured: Honoured(columns: true))
        }
        #expect(error?.code == .batchSchema)
        #expect(throws: TenonError.self) {
            _ = try PipelinePlan(
                definition, source: Schema([Field("price", .float64)]), request: request,
                honoured: Honoured(columns: true))
        }
    }

    /// The text "7" is no number, so the host's filter would fail or let nothing pass.
    @Test func `what the source filtered is not filtered again over columns that tell less`() throws {
        let definition = try Pipeline.definition(
            Pipeline.with("{\"type\":\"filter\",\"expression\":\"id > 5\"}"))
        let request = try PipelinePlan.request(
            definition, source: Schema([Field("id", .int64)]), takesLate: true)
        #expect(request.filter.count == 1)
        let text = Schema([Field("id", .utf8)])
        let plan = try PipelinePlan(
            definition, source: text, request: request, honoured: Honoured(columns: true, filter: .exact))
        var program = plan.makeProgram()
        let batch = try Batch(records: [["id": "7"], ["id": "8"]], schema: text)
        #expect(try program.push(batch).map(\.rowCount) == [2])
    }

    /// A batch out of a cell is one piece of memory, which each of its columns keeps.
    @Test func `a small part of a batch is handed on as a copy, a large one as it is`() throws {
        let schema = Schema([Field("id", .int64), Field("text", .utf8)])
        let record: JSON = ["id": 1, "text": .string(String(repeating: "x", count: 100))]
        let batch = try Batch(records: [record, record], schema: schema)
        for (name, isCopied) in [("id", true), ("text", false)] {
            let steps = "{\"type\":\"select\",\"fields\":\"\(name)\"}"
            let plan = try PipelinePlan(Pipeline.definition(Pipeline.with(steps)), source: schema)
            var program = plan.makeProgram()
            let result = try #require(try program.push(batch).first)
            let source = try #require(batch.column(named: name))
            #expect((result.columns[0] !== source) == isCopied)
            #expect(result.json(row: 1)[name] == record[name])
        }
    }

    @Test func `a request for everything leaves all to the host`() throws {
        let definition = try Pipeline.definition(Pipeline.with(Self.active))
        let request = SourceRequest(everythingOf: try schema())
        #expect(request.adding(to: ["stream": "s"]) == ["stream": "s"])
        let exact = Honoured(columns: true, filter: .exact, limit: true)
        #expect(request.withoutLate(exact) == nil)
        let plan = try PipelinePlan(definition, source: schema(), request: request, honoured: exact)
        #expect(plan.pushedStages.isEmpty)
    }

    @Test func `where nothing comes, the announced columns stand for those asked for`() throws {
        let definition = try Pipeline.definition(
            Pipeline.with("\(Self.active),{\"type\":\"select\",\"fields\":[\"id\"]}"))
        let request = try PipelinePlan.request(definition, source: schema(), takesLate: true)
        #expect(request.columns?.count == 1)
        let plan = try PipelinePlan(
            definition, source: schema(), request: request,
            honoured: Honoured(columns: true, filter: .exact, limit: true))
        #expect(plan.outputSchema == Schema([Field("id", .int64)]))
        var program = plan.makeProgram()
        #expect(try program.finish().isEmpty)
    }

    @Test func `late columns reach the target with their mark and type`() throws {
        let batch = try Pipeline.batches(Specification.designs)[0]
        let definition = try Pipeline.definition(Specification.cadToERP)
        let source = SimulatedSource(
            batch: batch, follows: Honoured(columns: true, filter: .exact, limit: true))
        let request = try PipelinePlan.request(definition, source: batch.schema, takesLate: true)
        let (plan, reader) = try PushdownRun.open(definition, source, request)
        #expect(plan.outputSchema.names == ["erpDesignId", "erpDesignName", "erpCost"])
        #expect(plan.outputSchema.fields.map(\.late) == [nil, nil, .float64])
        #expect(plan.pushedStages == ["Filter Active Designs"])
        #expect(!plan.isStateful)
        // Nothing is left to do: the very columns of the source go out.
        var program = plan.makeProgram()
        let result = try #require(try program.push(reader.batch).first)
        #expect(zip(result.columns, reader.batch.columns).allSatisfy { $0 === $1 })
        program.note(skipped: 1)
        #expect(program.stageCounts.map(\.read) == [4, 4, 3, 3])
        #expect(program.stageCounts.map(\.filtered) == [0, 1, 0, 0])
    }
}
