import TenonColumns
import TenonJSON
import TenonModel
import TenonPipeline
import Testing

@Suite struct PushdownPropertyTests {
    @Test(arguments: 0..<8) func `what a source does changes neither records nor counts`(_ part: Int) throws {
        var ran = 0
        var pushed = 0
        for seed in 0..<100 {
            var random = RandomPipeline(seed: UInt64(part * 1000 + seed))
            let batch = try random.batch()
            let definition = try random.definition(batch.schema)
            let plain: PushdownRun
            do {
                plain = try PushdownRun.plain(definition, batch, rows: random.number(1...50))
            } catch let error as TenonError {
                // Refused, and so is the request, before anything is opened.
                let other = #expect(throws: TenonError.self) {
                    _ = try PipelinePlan.request(definition, source: batch.schema, takesLate: true)
                }
                #expect(other == error)
                continue
            }
            ran += 1
            for source in sources(batch) where random.chance(30) {
                let takesLate = random.chance(70)
                let run = try PushdownRun.pushed(
                    definition, source, takesLate: takesLate, rows: random.number(1...50))
                let place = "part \(part), seed \(seed), \(source.follows) \(source.textForm)"
                #expect(run.errorCode == plain.errorCode, "\(place)")
                #expect(run.records == plain.records, "\(place)")
                guard run.errorCode == nil, !hasLimit(definition) else { continue }
                let request = try PipelinePlan.request(
                    definition, source: batch.schema, takesLate: takesLate)
                pushed += request.filter.count
                #expect(run.filteredCount == plain.filteredCount, "\(place)")
                if stagesWithFilters(definition, request.filter.count) <= 1 {
                    #expect(run.rows == plain.rows, "\(place)")
                }
            }
        }
        #expect(ran > 50)
        #expect(pushed > 50)
    }

    private func sources(_ batch: Batch) -> [SimulatedSource] {
        var sources: [SimulatedSource] = []
        for columns in [true, false] {
            for filter in Honoured.Exactness.allCases {
                for limit in [true, false] {
                    let follows = Honoured(columns: columns, filter: filter, limit: limit)
                    let form = SimulatedSource.TextForm.allCases[sources.count % 3]
                    sources.append(SimulatedSource(batch: batch, follows: follows, textForm: form))
                }
            }
        }
        return sources
    }

    private func hasLimit(_ definition: PipelineDefinition) -> Bool {
        definition.stages.contains { stage in
            stage.transformations.contains { if case .limit = $0.kind { true } else { false } }
        }
    }

    /// In how many stages the first `count` filters are.
    private func stagesWithFilters(_ definition: PipelineDefinition, _ count: Int) -> Int {
        var left = count
        var stages = 0
        for stage in definition.stages where left > 0 {
            let filters = stage.transformations.filter { if case .filter = $0.kind { true } else { false } }
            if !filters.isEmpty { stages += 1 }
            left -= filters.count
        }
        return stages
    }
}
