package import TenonColumns
internal import TenonJSON
package import TenonModel

/// A pipeline worked out for the columns of its source: every field found, every type known.
package struct PipelinePlan: Sendable {
    package let sourceSchema: Schema
    package let outputSchema: Schema
    let stages: [PlannedStage]

    /// Throws `pipeline.unknown-field`, `pipeline.type` or what the expressions throw, with the place in the
    /// definition.
    package init(_ definition: PipelineDefinition, source: Schema) throws(TenonError) {
        var planner = Planner(schema: source)
        var stages: [PlannedStage] = []
        for stage in definition.stages {
            var steps: [PlannedStep] = []
            for transformation in stage.transformations {
                steps.append(try planner.step(transformation, addsFields: stage.type == .enrich))
            }
            stages.append(
                PlannedStage(
                    name: stage.name, type: stage.type, steps: steps, onError: stage.onError,
                    maxErrorPercent: stage.maxErrorPercent))
        }
        for key in definition.load.keys where planner.schema.index(of: key) == nil {
            let load =
                definition.stages.last?.pointer.appending("parameters").appending("keys") ?? JSONPointer()
            throw planner.unknown(key, at: load)
        }
        sourceSchema = source
        outputSchema = planner.schema
        self.stages = stages
    }

    /// Whether results come only at the end, so that nothing may be committed before.
    package var isStateful: Bool {
        stages.contains { stage in
            stage.steps.contains { if case .aggregate = $0 { true } else { false } }
        }
    }

    /// A fresh run; with `time` the counts say how long each stage took.
    package func makeProgram(time: (any TimeSource)? = nil) -> PipelineProgram {
        PipelineProgram(self, time: time)
    }
}

struct PlannedStage: Sendable {
    let name: String
    let type: StageType
    let steps: [PlannedStep]
    let onError: StageErrorPolicy
    let maxErrorPercent: Double?
}

enum PlannedStep: Sendable {
    case filter(PlannedFilter)
    case map(PlannedMap)
    case aggregate(PlannedAggregate)
}
