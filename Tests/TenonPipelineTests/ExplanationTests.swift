import TenonColumns
import TenonJSON
import TenonModel
import TenonPipeline
import Testing

@Suite struct ExplanationTests {
    private func explain(
        _ text: String, takesLate: Bool = true, follows: Honoured? = nil
    ) throws -> PlanExplanation {
        let batch = try Pipeline.batches(Specification.designs)[0]
        let definition = try Pipeline.definition(text)
        let request = try PipelinePlan.request(definition, source: batch.schema, takesLate: takesLate)
        var facts = ExplanationFacts()
        guard let follows else {
            return try PipelinePlan.explanation(definition, request: request, facts: facts)
        }
        var opened = request
        let source = SimulatedSource(batch: batch, follows: follows)
        var reader = try source.open(opened)
        while let other = opened.withoutLate(reader.honoured) {
            opened = other
            reader = try source.open(opened)
        }
        facts.opened = (reader.batch.schema, reader.honoured)
        facts.sourceStream = "designs.csv"
        facts.targetStream = "designs"
        facts.guarantee = "exactlyOnce"
        return try PipelinePlan.explanation(definition, request: opened, facts: facts)
    }

    @Test func `the specification's pipeline, before anything is opened`() throws {
        #expect(
            try explain(Specification.cadToERP).text == """
                CAD to ERP Pipeline
                source cad-integration-id
                  columns    id (text), name (text), estimatedCost (text)
                  left out   status, updatedAt
                  filter     status equals "active"
                  limit      none
                  follows    not asked; below it is taken to follow everything
                host
                  pass 1     Filter Active Designs: filter status equals "active" (the source does it)
                             Map Fields: map erpDesignId from id, erpDesignName from name, erpCost from estimatedCost (nothing is touched)
                  copied     id, name, estimatedCost
                  commits    at the checkpoints of the source
                target erp-integration-id
                  mode       append
                  columns    erpDesignId utf8, erpDesignName utf8, erpCost float64 (text)

                """)
    }

    @Test func `a source that follows everything, and one that follows nothing`() throws {
        let all = Honoured(columns: true, filter: .exact, limit: true)
        let followed = try explain(Specification.cadToERP, follows: all).text
        #expect(followed.contains("source cad-integration-id, designs.csv\n"))
        #expect(followed.contains("  follows    columns, filter\n"))
        #expect(followed.contains("  records    exactly once\n"))
        let unfollowed = try explain(Specification.cadToERP, follows: Honoured()).text
        #expect(
            unfollowed.hasSuffix(
                """
                  follows    nothing
                host
                  pass 1     Filter Active Designs: filter status equals "active"
                             Map Fields: map erpDesignId from id, erpDesignName from name, erpCost from estimatedCost (nothing is touched)
                  parsed     status
                  copied     id, name, estimatedCost
                  unused     updatedAt
                  commits    at the checkpoints of the source
                target erp-integration-id, designs
                  mode       append
                  columns    erpDesignId utf8, erpDesignName utf8, erpCost float64
                  records    exactly once

                """))
        let partial = try explain(Specification.cadToERP, follows: Honoured(columns: true, filter: .partial))
        #expect(partial.text.contains("status (utf8), estimatedCost (text)\n"))
        #expect(partial.text.contains("  follows    columns, filter in part\n"))
        #expect(partial.text.contains("  parsed     status\n"))
    }

    @Test func `an aggregation ends a pass and lets nothing be committed before the end`() throws {
        let explanation = try explain(Specification.designDataETL)
        #expect(
            explanation.text.contains(
                """
                host
                  pass 1     Filter Active: filter status equals "active" (the source does it)
                             Enrich Data: map designId from id, designName from name, cost from estimatedCost, timestamp from updatedAt (nothing is touched)
                             Aggregate Metrics: aggregate sum of cost as cost (until the end)
                  pass 2     records go on as they are
                  parsed     estimatedCost
                  commits    once, at the end
                target data-warehouse-integration
                  mode       append
                  columns    cost float64

                """))
        #expect(explanation.json["host"]?["stateful"]?.array?.count == 1)
        #expect(explanation.json["host"]?["passes"]?.array?.count == 2)
    }

    @Test func `what is overwritten is committed once`() throws {
        let overwriting = Specification.cadToERP.replacing(
            #""type": "load","#, with: #""type": "load", "parameters": {"mode": "overwrite"},"#)
        let explanation = try explain(overwriting)
        #expect(explanation.text.contains("  commits    once, at the end\n"))
        #expect(explanation.json["host"]?["commits"] == "atEnd")
    }

    @Test func `the document has what the text has`() throws {
        let follows = Honoured(columns: true, filter: .exact, limit: true)
        let json = try explain(Specification.cadToERP, follows: follows).json
        #expect(
            json["source"] == [
                "integrationId": "cad-integration-id",
                "columns": [
                    ["name": "id", "type": "utf8", "as": "text"],
                    ["name": "name", "type": "utf8", "as": "text"],
                    ["name": "estimatedCost", "type": "float64", "as": "text"],
                ],
                "leftOut": ["status", "updatedAt"],
                "filter": [["column": "status", "operator": "equals", "value": "active"]],
                "limit": nil, "follows": ["columns": true, "filter": "exact", "limit": true],
                "stream": "designs.csv",
            ])
        #expect(json["host"]?["copied"] == ["id", "name", "estimatedCost"])
        #expect(json["host"]?["parsed"] == [])
        #expect(json["host"]?["commits"] == "atCheckpoints")
        #expect(json["host"]?["passes"]?[0]?["steps"]?[0]?["by"] == "source")
        #expect(json["host"]?["passes"]?[0]?["steps"]?[1]?["by"] == "host")
        #expect(
            json["target"]?["columns"]?[2] == ["name": "erpCost", "type": "float64", "as": "text"])
        #expect(json["target"]?["guarantee"] == "exactlyOnce")
    }

    @Test func `every transformation has a line`() throws {
        let steps = """
            {"type":"filter","expression":"estimatedCost > 1.5"},{"type":"rename","mapping":{"id":"key"}},
            {"type":"filter","condition":{"field":"name","operator":"exists","value":false}},
            {"type":"cast","fields":{"estimatedCost":"decimal128(10, 2)"}},{"type":"drop","fields":"status"},
            {"type":"map","mapping":{"key":"key","gross":"{{estimatedCost}}"}},{"type":"limit","count":9},
            {"type":"select","fields":["key"]},{"type":"aggregate","aggregation":{"operation":"count","groupBy":"key"}}
            """
        let json = try explain(Pipeline.with(steps)).json
        let lines = json["host"]?["passes"]?.array?.flatMap { $0["steps"]?.array ?? [] } ?? []
        #expect(
            lines.compactMap { $0["step"]?.string } == [
                "filter estimatedCost > 1.5", "rename id to key", "filter name exists false",
                "cast estimatedCost to decimal128(10, 2)", "drop status",
                "map key, gross = {{estimatedCost}}", "limit 9", "select key",
                "aggregate count as count by key",
            ])
    }

    @Test func `the host's filters are shown cheapest first, but none overtakes one that can fail`() throws {
        let dear =
            "{\"type\":\"filter\",\"condition\":{\"field\":\"name\",\"operator\":\"contains\",\"value\":\"x\"}}"
        let cheap =
            "{\"type\":\"filter\",\"condition\":{\"field\":\"estimatedCost\",\"operator\":\">\",\"value\":5}}"
        let failing = "{\"type\":\"filter\",\"expression\":\"6 / estimatedCost > 0\"}"
        let text = try explain(
            Pipeline.with("\(dear),\(cheap),\(failing),\(dear),\(cheap)"), follows: Honoured()
        ).text
        #expect(
            text.contains(
                """
                  pass 1     Work: filter estimatedCost greaterThan 5
                             Work: filter name contains "x"
                             Work: filter 6 / estimatedCost > 0
                             Work: filter estimatedCost greaterThan 5
                             Work: filter name contains "x"

                """))
    }

    @Test func `a definition with a misspelt field is refused with the nearest name`() throws {
        let text = Specification.cadToERP.replacing("\"estimatedCost\"", with: "\"estimatedCots\"")
        let error = #expect(throws: TenonError.self) { _ = try explain(text) }
        #expect(error?.code == .pipelineUnknownField)
        #expect(error?.message.contains("Did you mean \"estimatedCost\"?") == true)
        #expect(error?.fields.first?.pointer == "/stages/2/transformations/0/mapping/erpCost")
    }
}
