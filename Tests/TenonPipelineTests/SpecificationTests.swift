import Synchronization
import TenonColumns
import TenonJSON
import TenonModel
import TenonPipeline
import TenonSchedule
import Testing

@Suite struct SpecificationTests {
    @Test func `the pipeline from CAD to ERP runs as printed`() throws {
        let (lines, counts) = try Pipeline.run(Specification.cadToERP, over: Specification.designs)
        #expect(
            lines == """
                {"erpDesignId":"d-1","erpDesignName":"Bracket","erpCost":12.5}
                {"erpDesignId":"d-3","erpDesignName":"Gear","erpCost":null}
                {"erpDesignId":"d-4","erpDesignName":"Shaft","erpCost":7.25}

                """)
        #expect(counts.map(\.name) == ["Extract", "Filter Active Designs", "Map Fields", "Load to ERP"])
        #expect(counts.map(\.read) == [4, 4, 3, 3])
        #expect(counts.map(\.written) == [4, 3, 3, 3])
        #expect(counts.map(\.filtered) == [0, 1, 0, 0])
        #expect(counts.map(\.failed) == [0, 0, 0, 0])
    }

    @Test func `the ETL of design data gives one record with the sum under the field's name`() throws {
        let (lines, counts) = try Pipeline.run(Specification.designDataETL, over: Specification.designs)
        #expect(lines == "{\"cost\":19.75}\n")
        #expect(counts.map(\.read) == [4, 4, 3, 3, 1])
        #expect(counts.map(\.written) == [4, 3, 3, 1, 1])
    }

    @Test func `the result does not depend on how the records are cut into batches`() throws {
        for rows in 1...4 {
            #expect(
                try Pipeline.run(Specification.designDataETL, over: Specification.designs, rows: rows).0
                    == "{\"cost\":19.75}\n")
            let whole = try Pipeline.run(Specification.cadToERP, over: Specification.designs).0
            #expect(
                try Pipeline.run(Specification.cadToERP, over: Specification.designs, rows: rows).0 == whole)
        }
    }

    @Test func `definitions keep what the specification gives`() throws {
        let (definition, warnings) = try PipelineDefinition.parse(JSONParser.parse(Specification.cadToERP))
        #expect(warnings.isEmpty)
        #expect(definition.projectID.rawValue == "project-123")
        #expect(definition.sourceIntegrationID.rawValue == "cad-integration-id")
        #expect(definition.targetIntegrationID.rawValue == "erp-integration-id")
        #expect(definition.triggers.count == 1)
        #expect(definition.extract == ExtractParameters())
        #expect(definition.load == LoadParameters())
        let schema = try Pipeline.batches(Specification.designs)[0].schema
        #expect(try !PipelinePlan(definition, source: schema).isStateful)
        #expect(try PipelinePlan(Pipeline.definition(Specification.designDataETL), source: schema).isStateful)
    }

    @Test func `with a clock each stage says how long it took`() throws {
        let batch = try Pipeline.batches(Specification.designs)[0]
        let plan = try PipelinePlan(Pipeline.definition(Specification.cadToERP), source: batch.schema)
        var program = plan.makeProgram(time: StepClock())
        _ = try program.push(batch)
        #expect(program.stageCounts.map(\.nanoseconds) == [5, 5, 5, 5])
        #expect(program.stageCounts.map(\.batches) == [1, 1, 1, 1])
        #expect(program.stageCounts[0].bytes == Int64(batch.byteCount))
    }

    @Test func `a batch of other columns is refused`() throws {
        let batch = try Pipeline.batches(Specification.designs)[0]
        let plan = try PipelinePlan(Pipeline.definition(Specification.cadToERP), source: batch.schema)
        var program = plan.makeProgram()
        let other = try Pipeline.batches("{\"id\":1}\n")[0]
        let error = #expect(throws: TenonError.self) { _ = try program.push(other) }
        #expect(error?.code == .batchSchema)
    }
}

/// Each look at this clock takes 5 ns.
private final class StepClock: TimeSource {
    private let ticks = Atomic<UInt64>(0)
    func now() -> Timestamp { Timestamp(microseconds: 0) }
    func monotonicNanoseconds() -> UInt64 { ticks.add(5, ordering: .relaxed).newValue }
}
