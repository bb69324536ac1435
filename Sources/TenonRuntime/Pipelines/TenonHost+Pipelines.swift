package import TenonJSON
package import TenonModel
internal import TenonPipeline
internal import TenonStore
internal import TenonWorkflow

extension TenonHost {
    /// Saves a pipeline, as `saveWorkflow` does a workflow.
    package func savePipeline(_ body: JSON, id: PipelineID?, options: SaveOptions = SaveOptions())
        throws(TenonError) -> PipelineRecord
    {
        let document = definitionDocument(body, .pipeline)
        let (definition, parseWarnings) = try PipelineDefinition.parse(document)
        let warnings =
            try parseWarnings + undeployed(definition) + unsetSecrets(definition)
            + endedTriggers(definition.triggers, of: .pipeline)
        let draft = DefinitionDraft(
            kind: .pipeline, id: id?.rawValue, projectID: definition.projectID, name: definition.name,
            document: document, warnings: warnings)
        let row = try save(draft, options)
        return PipelineRecord(definition: DefinitionRecord(row: row, document: document, warnings: warnings))
    }

    private func undeployed(_ definition: PipelineDefinition) -> [DefinitionWarning] {
        let ends = [
            ("sourceIntegrationId", definition.sourceIntegrationID),
            ("targetIntegrationId", definition.targetIntegrationID),
        ]
        return ends.filter { !isDeployed(definition.projectID, $0.1) }.map { key, integration in
            DefinitionWarning(
                code: "pipeline.integration-not-deployed",
                message:
                    "\(integration) is not deployed in \(definition.projectID) yet; "
                    + "until then the pipeline fails.",
                pointer: "/\(key)")
        }
    }

    package func pipeline(_ id: PipelineID) throws(TenonError) -> PipelineRecord {
        try pipelineRecord(try currentPipeline(id))
    }

    func currentPipeline(_ id: PipelineID) throws(TenonError) -> DefinitionRow {
        guard let row = try definitions.current(.pipeline, id: id.rawValue) else {
            throw TenonError(
                .pipelineNotFound, "There is no pipeline with the id \(id). List them to see their ids.")
        }
        return row
    }

    /// The newest versions, by name; of all projects where `project` is nil.
    package func pipelines(project: ProjectID?) throws(TenonError) -> [PipelineRecord] {
        var records: [PipelineRecord] = []
        for row in try definitions.list(.pipeline, project: project) {
            records.append(try pipelineRecord(row))
        }
        return records
    }

    private func pipelineRecord(_ row: DefinitionRow) throws(TenonError) -> PipelineRecord {
        let document = try storedDocument(row)
        // `try?`: a stored definition was valid when it was saved; one that is no longer has no warnings to show.
        let warnings = (try? PipelineDefinition.parse(document, isStored: true))?.warnings ?? []
        return PipelineRecord(definition: DefinitionRecord(row: row, document: document, warnings: warnings))
    }

    /// Starts an execution of the newest version; returns when its beginning is recorded.
    package func executePipeline(_ id: PipelineID, options: ExecuteOptions = ExecuteOptions())
        throws(TenonError) -> ExecutionID
    {
        try checkAccepting()
        let row = try currentPipeline(id)
        if let earlier = try execution(for: options.idempotencyKey, row.id, "{}") { return earlier }
        let (live, creation) = try newExecution(row, context: "{}", options)
        do {
            try engine.record([.created(creation)], live.durability)
        } catch {
            if let winner = try execution(for: options.idempotencyKey, row.id, "{}") { return winner }
            throw error
        }
        live.start()
        return live.id
    }

    /// An execution of which nothing is recorded yet.
    func newExecution(_ row: DefinitionRow, context: String, _ options: ExecuteOptions) throws(TenonError)
        -> (LivePipeline, NewExecution)
    {
        let definition = try PipelineDefinition.parse(try storedDocument(row), isStored: true).definition
        var creation = NewExecution(
            number: nextNumber(), id: ExecutionID(newID()), definition: row.key, projectID: row.projectID,
            createdAt: configuration.time.now())
        creation.durability =
            options.durability?.rawValue ?? definition.durability ?? Durability.strict.rawValue
        creation.context = context
        creation.idempotencyKey = options.idempotencyKey
        let live = LivePipeline(
            LivePipeline.Beginning(
                id: creation.id, number: creation.number, pipelineID: PipelineID(creation.definitionID),
                durability: creation.durability, startedAt: creation.createdAt,
                pace: configuration.pace),
            definition, engine: engine)
        creation.progress = live.progress(.running)
        return (live, creation)
    }
}
