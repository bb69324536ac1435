internal import TenonColumns
internal import TenonJSON
internal import TenonModel
internal import TenonPipeline

/// Pipelines over some records.
enum FuzzPipeline {
    private static let records = """
        {"id":1,"status":"active","cost":12.5,"day":"2026-01-31","note":{"k":"v"},"ok":true,"tag":null}
        {"id":2,"status":"draft","cost":0.5,"day":"2026-02-28","note":[1,"2"],"ok":false,"tag":"x"}
        {"id":3,"status":"active","cost":null,"day":null,"note":null,"ok":null,"tag":"7"}
        {"id":-4,"status":"","cost":-7.25,"day":"1969-12-31","note":"s","ok":true,"tag":"é"}

        """

    private static let batch: Batch? = {
        var reader = NDJSONReader(schema: nil)
        reader.append(Array(records.utf8), rowCount: 4)
        return (try? reader.takeBatches(isFinal: true))?.first
    }()

    /// A pipeline with one stage of these transformations.
    static func with(_ transformations: String) -> String {
        #"{"projectId":"p","name":"n","sourceIntegrationId":"s","targetIntegrationId":"t","stages":[{"name":"E","#
            + #""type":"extract"},{"name":"W","type":"transform","onError":"skip","transformations":["#
            + transformations + #"]},{"name":"L","type":"load","parameters":{"mode":"append"}}]}"#
    }

    private struct Outcome: Equatable {
        var lines: [UInt8] = []
        var counts: [[Int64]] = []
        var errorCode: String?
    }

    static func check(_ json: JSON) {
        guard let definition = try? PipelineDefinition.parse(json).definition, let batch else { return }
        guard let plan = try? PipelinePlan(definition, source: batch.schema) else { return }
        guard let request = try? PipelinePlan.request(definition, source: batch.schema, takesLate: true),
            (try? PipelinePlan.explanation(definition, request: request, facts: ExplanationFacts())) != nil
        else { broken("what can be planned can be explained") }
        _ = request.adding(to: [:])
        let whole = run(plan, batch, rows: batch.rowCount)
        if run(plan, batch, rows: batch.rowCount) != whole { broken("a pipeline does the same twice") }
        let single = run(plan, batch, rows: 1)
        if single.errorCode != whole.errorCode { broken("an error does not depend on the batches") }
        // Sums of floats may depend on how many come at once.
        guard whole.errorCode == nil, !json.text.contains("aggregat") else { return }
        if single.lines != whole.lines { broken("records do not depend on the batches") }
        // A limit ends reading early.
        if single.counts != whole.counts, !json.text.contains("limit") {
            broken("counts do not depend on the batches: \(whole.counts), \(single.counts)")
        }
    }

    private static func run(_ plan: PipelinePlan, _ batch: Batch, rows: Int) -> Outcome {
        var outcome = Outcome()
        var program = plan.makeProgram(now: Timestamp(milliseconds: 1_774_746_000_000))
        do throws(TenonError) {
            for start in stride(from: 0, to: batch.rowCount, by: rows) where !program.isSatisfied {
                let part = batch.slice(start..<min(batch.rowCount, start + rows))
                for result in try program.push(part) { try take(result, plan, &outcome) }
            }
            for result in try program.finish() { try take(result, plan, &outcome) }
        } catch {
            return Outcome(errorCode: error.code.rawValue)
        }
        outcome.counts = program.stageCounts.map { [$0.read, $0.written, $0.filtered, $0.failed] }
        return outcome
    }

    private static func take(_ batch: Batch, _ plan: PipelinePlan, _ outcome: inout Outcome)
        throws(TenonError)
    {
        if batch.schema != plan.outputSchema { broken("records have the columns that were planned") }
        outcome.lines += try NDJSONWriter.lines(of: batch)
    }
}
