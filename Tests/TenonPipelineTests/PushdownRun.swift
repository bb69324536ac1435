import TenonColumns
import TenonJSON
import TenonModel
import TenonPipeline

/// One run of a definition, with or without a source that does a part of it.
struct PushdownRun: Equatable {
    var records: [JSON] = []
    var counts: [StageCounts] = []
    var errorCode: String?

    /// No record is asked for that is not there, and no error is lost.
    static func plain(_ definition: PipelineDefinition, _ batch: Batch, rows: Int) throws -> PushdownRun {
        let plan = try PipelinePlan(definition, source: batch.schema)
        return try run(plan, batch, rows: rows, skipped: 0)
    }

    static func pushed(
        _ definition: PipelineDefinition, _ source: SimulatedSource, takesLate: Bool, rows: Int
    ) throws -> PushdownRun {
        let request = try PipelinePlan.request(
            definition, source: source.batch.schema, takesLate: takesLate)
        let (plan, reader) = try open(definition, source, request)
        return try run(plan, reader.batch, rows: rows, skipped: reader.skipped)
    }

    /// Opens the reader as the runtime does: anew where it follows less than was hoped for.
    static func open(
        _ definition: PipelineDefinition, _ source: SimulatedSource, _ request: SourceRequest
    ) throws -> (PipelinePlan, SimulatedSource.Reader) {
        var request = request
        var reader = try source.open(request)
        while let other = request.withoutLate(reader.honoured) {
            request = other
            reader = try source.open(request)
        }
        let plan = try PipelinePlan(
            definition, source: reader.batch.schema, request: request, honoured: reader.honoured)
        return (plan, reader)
    }

    private static func run(
        _ plan: PipelinePlan, _ batch: Batch, rows: Int, skipped: Int
    ) throws -> PushdownRun {
        var run = PushdownRun()
        var program = plan.makeProgram()
        program.note(skipped: Int64(skipped))
        do {
            for start in stride(from: 0, to: batch.rowCount, by: rows) where !program.isSatisfied {
                let part = batch.slice(start..<min(batch.rowCount, start + rows))
                for result in try program.push(part) { run.records += try decoded(result, plan) }
            }
            for result in try program.finish() { run.records += try decoded(result, plan) }
        } catch let error as TenonError {
            run.errorCode = error.code.rawValue
            run.records = []
        }
        run.counts = program.stageCounts
        return run
    }

    /// What a target writes: late text stands for values of its type.
    private static func decoded(_ batch: Batch, _ plan: PipelinePlan) throws -> [JSON] {
        guard batch.schema == plan.outputSchema else { throw MissingValue() }
        let typed = Schema(batch.schema.fields.map { Field($0.name, $0.late ?? $0.type, isNullable: true) })
        let result = try batch.cast(to: typed)
        return (0..<result.rowCount).map { result.json(row: $0) }
    }

    /// Read, written, filtered and failed of each stage.
    var rows: [[Int64]] { counts.map { [$0.read, $0.written, $0.filtered, $0.failed] } }
    var filteredCount: Int64 { counts.reduce(0) { $0 + $1.filtered } }
}
