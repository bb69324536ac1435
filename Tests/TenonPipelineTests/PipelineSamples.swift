import TenonColumns
import TenonJSON
import TenonModel
import TenonPipeline
import Testing

/// The specification's two pipelines, as printed.
enum Specification {
    static let cadToERP = """
        {
          "projectId": "project-123",
          "name": "CAD to ERP Pipeline",
          "description": "Sync design data to ERP system",
          "sourceIntegrationId": "cad-integration-id",
          "targetIntegrationId": "erp-integration-id",
          "stages": [
            {"name": "Extract", "type": "extract", "order": 0, "transformations": []},
            {"name": "Filter Active Designs", "type": "transform", "order": 1, "transformations": [
              {"type": "filter", "condition": {"field": "status", "operator": "equals", "value": "active"}}]},
            {"name": "Map Fields", "type": "transform", "order": 2, "transformations": [
              {"type": "map", "mapping": {"erpDesignId": "id", "erpDesignName": "name", "erpCost": "estimatedCost"}}]},
            {"name": "Load to ERP", "type": "load", "order": 3, "transformations": []}
          ],
          "schedule": "0 */6 * * *"
        }
        """

    static let designDataETL = """
        {
          "projectId": "project-123",
          "name": "Design Data ETL",
          "description": "Extract, transform, and load design data",
          "sourceIntegrationId": "cad-integration",
          "targetIntegrationId": "data-warehouse-integration",
          "stages": [
            {"name": "Extract", "type": "extract", "order": 0, "transformations": []},
            {"name": "Filter Active", "type": "transform", "order": 1, "transformations": [
              {"type": "filter", "condition": {"field": "status", "operator": "equals", "value": "active"}}]},
            {"name": "Enrich Data", "type": "enrich", "order": 2, "transformations": [
              {"type": "map", "mapping": {"designId": "id", "designName": "name", "cost": "estimatedCost",
                "timestamp": "updatedAt"}}]},
            {"name": "Aggregate Metrics", "type": "transform", "order": 3, "transformations": [
              {"type": "aggregate", "aggregation": {"operation": "sum", "field": "cost"}}]},
            {"name": "Load", "type": "load", "order": 4, "transformations": []}
          ],
          "schedule": "0 */6 * * *"
        }
        """

    static let designs = """
        {"id":"d-1","name":"Bracket","status":"active","estimatedCost":12.5,"updatedAt":"2026-01-31T10:30:00Z"}
        {"id":"d-2","name":"Bolt","status":"draft","estimatedCost":0.1,"updatedAt":"2026-01-30T10:30:00Z"}
        {"id":"d-3","name":"Gear","status":"active","estimatedCost":null,"updatedAt":"2026-01-29T10:30:00Z"}
        {"id":"d-4","name":"Shaft","status":"active","estimatedCost":7.25,"updatedAt":"2026-01-28T10:30:00Z"}

        """
}

enum Pipeline {
    static func definition(_ text: String) throws -> PipelineDefinition {
        try PipelineDefinition.parse(JSONParser.parse(text)).definition
    }

    /// A definition with one stage of the given transformations between extract and load.
    static func with(_ transformations: String, type: String = "transform", onError: String = "fail")
        -> String
    {
        """
        {"projectId":"p","name":"n","sourceIntegrationId":"s","targetIntegrationId":"t","stages":[
        {"name":"Extract","type":"extract"},
        {"name":"Work","type":"\(type)","onError":"\(onError)","transformations":[\(transformations)]},
        {"name":"Load","type":"load"}]}
        """
    }

    static func batches(_ lines: String, rows: Int = 8192) throws -> [Batch] {
        var reader = NDJSONReader(schema: nil, batchRows: rows)
        let bytes = Array(lines.utf8)
        bytes.withUnsafeBytes { reader.append($0, rowCount: lines.utf8.split(separator: 0x0A).count) }
        let batches = try reader.takeBatches(isFinal: true)
        try #require(reader.takeRejects().isEmpty)
        return batches
    }

    /// Runs a definition over lines of JSON; the result is lines too.
    static func run(_ text: String, over lines: String, rows: Int = 8192) throws -> (String, [StageCounts]) {
        let batches = try batches(lines, rows: rows)
        let plan = try PipelinePlan(definition(text), source: batches[0].schema)
        var program = plan.makeProgram()
        var results: [Batch] = []
        for batch in batches { results += try program.push(batch) }
        results += try program.finish()
        for result in results { #expect(result.schema == plan.outputSchema) }
        let bytes = try results.flatMap { try NDJSONWriter.lines(of: $0) }
        return (String(decoding: bytes, as: UTF8.self), program.stageCounts)
    }

    static func run(step transformations: String, type: String = "transform", over lines: String) throws
        -> String
    {
        try run(with(transformations, type: type), over: lines).0
    }

    static func planError(_ transformations: String, over lines: String) throws -> TenonError? {
        let schema = try batches(lines)[0].schema
        let definition = try definition(with(transformations))
        return #expect(throws: TenonError.self) { _ = try PipelinePlan(definition, source: schema) }
    }
}
