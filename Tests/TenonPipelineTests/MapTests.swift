import TenonColumns
import TenonJSON
import TenonModel
import TenonPipeline
import Testing

@Suite struct MapTests {
    private static let lines = """
        {"id":1,"cost":10,"specs":{"size":[{"w":3},4],"a.b":1},"name":"x"}
        {"id":2,"cost":2.5,"specs":{"size":[]},"name":"y"}

        """

    @Test func `a transform keeps only the mapped fields, an enrich adds them`() throws {
        let map = "{\"type\":\"map\",\"mapping\":{\"key\":\"id\",\"name\":\"cost\"}}"
        #expect(
            try Pipeline.run(step: map, over: Self.lines)
                == "{\"key\":1,\"name\":10.0}\n{\"key\":2,\"name\":2.5}\n")
        let drop = "{\"type\":\"map\",\"mapping\":{\"id\":\"id\",\"cost\":\"cost\",\"name\":\"name\"}}"
        let text = Pipeline.with(drop).replacing(
            "{\"name\":\"Load\"",
            with: "{\"name\":\"More\",\"type\":\"enrich\",\"transformations\":[\(map)]},{\"name\":\"Load\"")
        #expect(
            try Pipeline.run(text, over: Self.lines).0
                == "{\"id\":1,\"cost\":10.0,\"name\":10.0,\"key\":1}\n{\"id\":2,\"cost\":2.5,\"name\":2.5,\"key\":2}\n"
        )
    }

    @Test func `paths reach into nested values, and what is missing is null`() throws {
        let map =
            "{\"type\":\"map\",\"mapping\":{\"w\":\"specs.size[0].w\",\"second\":\"specs.size[1]\",\"size\":\"specs.size\"}}"
        #expect(
            try Pipeline.run(step: map, over: Self.lines)
                == "{\"w\":3,\"second\":4,\"size\":[{\"w\":3},4]}\n{\"w\":null,\"second\":null,\"size\":[]}\n"
        )
    }

    @Test func `templates give values with their types`() throws {
        let map = """
            {"type":"map","mapping":{"gross":"{{cost * 1.2}}","label":"{{name}}-{{id}}","twice":"{{id * 2}}","fixed":7,
            "isDear":"{{cost > 5.0}}"}}
            """
        let batch = try Pipeline.batches(Self.lines)[0]
        let plan = try PipelinePlan(Pipeline.definition(Pipeline.with(map)), source: batch.schema)
        #expect(plan.outputSchema.fields.map(\.type) == [.float64, .utf8, .int64, .int64, .bool])
        #expect(
            try Pipeline.run(step: map, over: Self.lines) == """
                {"gross":12.0,"label":"x-1","twice":2,"fixed":7,"isDear":true}
                {"gross":3.0,"label":"y-2","twice":4,"fixed":7,"isDear":false}

                """)
    }

    @Test func `a misspelt field is an error with the nearest name before the first record`() throws {
        for (transformation, pointer) in [
            ("{\"type\":\"map\",\"mapping\":{\"a\":\"csot\"}}", "/stages/1/transformations/0/mapping/a"),
            ("{\"type\":\"map\",\"mapping\":{\"a\":\"csot.x\"}}", "/stages/1/transformations/0/mapping/a"),
            (
                "{\"type\":\"filter\",\"condition\":{\"field\":\"csot\",\"operator\":\">\",\"value\":1}}",
                "/stages/1/transformations/0/condition/field"
            ),
            (
                "{\"type\":\"aggregate\",\"aggregation\":{\"operation\":\"sum\",\"field\":\"csot\"}}",
                "/stages/1/transformations/0/aggregation/field"
            ),
            (
                "{\"type\":\"aggregate\",\"aggregation\":{\"operation\":\"count\",\"groupBy\":[\"csot\"]}}",
                "/stages/1/transformations/0/aggregation"
            ),
        ] {
            let error = try Pipeline.planError(transformation, over: Self.lines)
            #expect(error?.code == .pipelineUnknownField)
            #expect(error?.message.contains("Did you mean \"cost\"?") == true, "\(error?.message ?? "")")
            #expect(error?.fields.first?.pointer == pointer)
        }
    }

    @Test func `a misspelt name in a template or an expression is an error too`() throws {
        let template = try Pipeline.planError(
            "{\"type\":\"map\",\"mapping\":{\"a\":\"{{csot * 2}}\"}}", over: Self.lines)
        #expect(template?.fields.first?.pointer == "/stages/1/transformations/0/mapping/a")
        #expect(template?.message.contains("cost") == true)
        let expression = try Pipeline.planError(
            "{\"type\":\"filter\",\"expression\":\"csot > 2\"}", over: Self.lines)
        #expect(expression?.fields.first?.pointer == "/stages/1/transformations/0/expression")
        #expect(expression?.message.contains("cost") == true)
    }

    @Test func `a path into a plain value is an error`() throws {
        let error = try Pipeline.planError(
            "{\"type\":\"map\",\"mapping\":{\"a\":\"name.first\"}}", over: Self.lines)
        #expect(error?.code == .pipelineType)
        #expect(error?.message.contains("which is utf8 and has no fields") == true)
    }

    @Test func `a field that an earlier stage left out is unknown afterwards`() throws {
        let error = try Pipeline.planError(
            "{\"type\":\"map\",\"mapping\":{\"a\":\"id\"}},{\"type\":\"map\",\"mapping\":{\"b\":\"id\"}}",
            over: Self.lines)
        #expect(error?.code == .pipelineUnknownField)
        #expect(error?.fields.first?.pointer == "/stages/1/transformations/1/mapping/b")
    }

    @Test func `a record that fails ends the run, or is skipped and counted`() throws {
        let lines = "{\"a\":6,\"b\":3}\n{\"a\":1,\"b\":0}\n{\"a\":8,\"b\":2}\n"
        let map = "{\"type\":\"map\",\"mapping\":{\"q\":\"{{a / b}}\"}}"
        let error = #expect(throws: TenonError.self) { _ = try Pipeline.run(Pipeline.with(map), over: lines) }
        #expect(error?.message.hasPrefix("Stage \"Work\": ") == true)
        let (result, counts) = try Pipeline.run(Pipeline.with(map, onError: "skip"), over: lines)
        #expect(result == "{\"q\":2}\n{\"q\":4}\n")
        #expect(counts[1].failed == 1)
        #expect(counts[1].read == 3)
        #expect(counts[1].written == 2)
        let limited = Pipeline.with(map, onError: "skip").replacing(
            "\"onError\"", with: "\"maxErrorPercent\":10,\"onError\"")
        let tooMany = #expect(throws: TenonError.self) { _ = try Pipeline.run(limited, over: lines) }
        #expect(tooMany?.code == .pipelineTooManyErrors)
    }

    @Test func `upsert keys must be fields of what is loaded`() throws {
        let text = Pipeline.with("{\"type\":\"map\",\"mapping\":{\"key\":\"id\"}}").replacing(
            "\"type\":\"load\"",
            with: "\"type\":\"load\",\"parameters\":{\"mode\":\"upsert\",\"keys\":[\"id\"]}")
        let schema = try Pipeline.batches(Self.lines)[0].schema
        let definition = try Pipeline.definition(text)
        let error = #expect(throws: TenonError.self) { _ = try PipelinePlan(definition, source: schema) }
        #expect(error?.fields.first?.pointer == "/stages/2/parameters/keys")
    }
}
