package import TenonColumns
internal import TenonJSON
package import TenonModel

/// A pipeline worked out for the columns of its source: every field found, every type known.
package struct PipelinePlan: Sendable {
    /// What the source hands out.
    package let sourceSchema: Schema
    package let outputSchema: Schema
    /// The names of the stages of which the source does a part, exactly.
    package let pushedStages: [String]
    let stages: [PlannedStage]
    let passes: [PlannedPass]
    let limitCount: Int
    /// The stage that counts what the source left out.
    let skippingStage: Int?
    /// How the host uses the columns of `sourceSchema`.
    let uses: [ColumnUse]

    /// A plan where the source does nothing but hand out records. Throws `pipeline.unknown-field`,
    /// `pipeline.type` or what the expressions throw, with the place in the definition.
    package init(_ definition: PipelineDefinition, source: Schema) throws(TenonError) {
        let planner = try Planner.plan(definition, schema: source)
        self.init(definition, planner, source: source, inputs: Array(source.fields.indices))
    }

    /// What remains for the host. `source` is what the reader hands out.
    package init(
        _ definition: PipelineDefinition, source: Schema, request: SourceRequest, honoured: Honoured
    ) throws(TenonError) {
        if !request.filter.isEmpty, honoured.filter != .exact, request.limit != nil, honoured.limit {
            throw TenonError(
                .batchSchema, "The source limits records before they are filtered; open it without a limit.")
        }
        let isProjected = honoured.columns && request.columns.map { $0.map(\.name) == source.names } ?? false
        // All columns may come all the same, and stand for those of a reader that hands out nothing.
        guard isProjected || !honoured.columns || source.holdsAll(of: request.announced) else {
            throw TenonError(
                .batchSchema,
                "The source was asked for the columns \(request.columns?.map(\.name) ?? request.announced.names) "
                    + "and hands out \(source.names).")
        }
        // Planned over all columns, of which those that nothing needs are not there.
        let whole = isProjected ? request.announced.replacing(with: source) : source
        let pushed = request.pushed(honoured)
        let planner = try Planner.plan(definition, schema: whole, pushed: pushed)
        self.init(
            definition, planner, source: source, inputs: whole.names.map { source.index(of: $0) },
            pushed: pushed, request: request)
        for (column, use) in planner.uses.enumerated() where use != .none {
            let name = whole.fields[column].name
            guard source.index(of: name) == nil else { continue }
            throw TenonError(.batchSchema, "The source does not hand out the column \"\(name)\".")
        }
    }

    private init(
        _ definition: PipelineDefinition, _ planner: Planner, source: Schema, inputs: [Int?],
        pushed: PushedWork = PushedWork(), request: SourceRequest? = nil
    ) {
        sourceSchema = source
        outputSchema = planner.schema
        stages = definition.stages.map(PlannedStage.init)
        var passes = planner.passes
        if !passes.isEmpty {
            passes[0].inputs = passes[0].inputs.map { $0.flatMap { inputs[$0] } }
        }
        self.passes = passes
        limitCount = planner.limitCount
        skippingStage = request?.filter.first?.place.stage
        pushedStages = definition.stages.enumerated().compactMap { index, stage in
            stage.transformations.indices.contains { position in
                pushed.contains(TransformationPlace(stage: index, position: position))
            } ? stage.name : nil
        }
        var uses = source.fields.map { _ in ColumnUse.none }
        for (column, use) in planner.uses.enumerated() {
            if let input = inputs[column] { uses[input] = use }
        }
        self.uses = uses
    }

    /// Whether results, or the count that a limit goes by, are complete only at the end, so that nothing may
    /// be committed before.
    package var isStateful: Bool { passes.count > 1 || limitCount > 0 }

    /// A fresh run; with `time` the counts say how long each stage took. `now` is what the function of that name
    /// gives in expressions: when the execution began, also where this run goes on with it.
    package func makeProgram(time: (any TimeSource)? = nil, now: Timestamp? = nil) -> PipelineProgram {
        PipelineProgram(self, time: time, now: now)
    }
}

/// What a run needs to know of a stage.
struct PlannedStage: Sendable {
    let name: String
    let type: StageType
    let onError: StageErrorPolicy
    let maxErrorPercent: Double?

    init(_ stage: StageDefinition) {
        name = stage.name
        type = stage.type
        onError = stage.onError
        maxErrorPercent = stage.maxErrorPercent
    }
}

extension Planner {
    /// The plan of a whole definition.
    static func plan(
        _ definition: PipelineDefinition, schema: Schema, pushed: PushedWork = PushedWork()
    ) throws(TenonError) -> Planner {
        var planner = Planner(schema: schema, pushed: pushed)
        for (index, stage) in definition.stages.enumerated() {
            for (position, transformation) in stage.transformations.enumerated() {
                let place = TransformationPlace(stage: index, position: position)
                try planner.add(transformation, at: place, addsFields: stage.type == .enrich)
            }
            planner.leave(stage: index)
        }
        let load = definition.stages.last?.pointer.appending("parameters").appending("keys")
        for key in definition.load.keys {
            guard let column = planner.schema.index(of: key) else {
                throw planner.unknown(key, at: load ?? JSONPointer())
            }
            // The target compares keys, so they are typed.
            try planner.use(planner.slots[column], .parsed)
        }
        try planner.finish()
        return planner
    }
}

extension Schema {
    fileprivate func holdsAll(of other: Schema) -> Bool { other.names.allSatisfy { index(of: $0) != nil } }

    /// This schema with the fields of `other` where they have the same name.
    fileprivate func replacing(with other: Schema) -> Schema {
        Schema(fields.map { field in other.index(of: field.name).map { other.fields[$0] } ?? field })
    }
}
