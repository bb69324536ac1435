package import TenonJSON
package import TenonModel
internal import TenonExpression
internal import TenonPipeline
internal import TenonStore
internal import TenonWorkflow

extension TenonHost {
    /// Saves a workflow: as a new one, as a new version of the one with `id`, or, where the options say so,
    /// of the one with its name. A document that is unchanged makes no version.
    package func saveWorkflow(_ body: JSON, id: WorkflowID?, options: SaveOptions = SaveOptions())
        throws(TenonError) -> WorkflowRecord
    {
        let document = definitionDocument(body, .workflow)
        let (definition, parseWarnings) = try WorkflowDefinition.parse(document)
        let compiled = try CompiledWorkflow(definition)
        let transformationWarnings = try checkTransformations(definition, compiled.namesAroundRecords)
        try checkTriggerContexts(definition)
        let warnings =
            try parseWarnings + transformationWarnings + undeployed(compiled) + unsetSecrets(compiled)
            + endedTriggers(definition.triggers, of: .workflow)
        let draft = DefinitionDraft(
            kind: .workflow, id: id?.rawValue, projectID: definition.projectID, name: definition.name,
            document: document, warnings: warnings)
        let row = try save(draft, options)
        if !options.isDryRun { workflows.saved(row, compiled) }
        return WorkflowRecord(
            definition: DefinitionRecord(row: row, document: document, warnings: warnings),
            findings: StepFindings(compiled))
    }

    private func checkTransformations(
        _ definition: WorkflowDefinition, _ names: KnownNames
    ) throws(TenonError) -> [DefinitionWarning] {
        var mistakes: [FieldError] = []
        var warnings: [DefinitionWarning] = []
        for step in definition.steps where step.type == .dataTransform && mistakes.count < 100 {
            for key in ["transformation", "transformations"] {
                guard let transformation = step.parameters[key] else { continue }
                let found = Transformations.validate(
                    transformation, at: step.pointer.appending("parameters").appending(key),
                    names)
                mistakes += found.mistakes
                warnings += found.warnings
                break
            }
        }
        guard let first = mistakes.first else { return warnings }
        throw TenonError(
            .workflowInvalid, "A transformation cannot be used: \(first.pointer) \(first.message).",
            fields: mistakes)
    }

    private func undeployed(_ workflow: CompiledWorkflow) -> [DefinitionWarning] {
        let project = workflow.definition.projectID
        return zip(workflow.definition.steps, workflow.steps).compactMap { definition, step in
            guard let integration = step.integrationID, !isDeployed(project, integration) else { return nil }
            return DefinitionWarning(
                code: "workflow.integration-not-deployed",
                message:
                    "The step \"\(step.name)\" calls \(integration), which is not deployed yet "
                    + "in \(project); until then it fails.",
                pointer: definition.pointer.appending("parameters").appending("integrationId").description)
        }
    }

    package func workflow(_ id: WorkflowID) throws(TenonError) -> WorkflowRecord {
        guard let row = try definitions.current(.workflow, id: id.rawValue) else {
            throw TenonError(
                .workflowNotFound, "There is no workflow with the id \(id). List them to see their ids.")
        }
        return try workflowRecord(row)
    }

    /// The newest versions, by name; of all projects where `project` is nil.
    package func workflows(project: ProjectID?) throws(TenonError) -> [WorkflowRecord] {
        var records: [WorkflowRecord] = []
        for row in try definitions.list(.workflow, project: project) {
            records.append(try workflowRecord(row))
        }
        return records
    }

    private func workflowRecord(_ row: DefinitionRow) throws(TenonError) -> WorkflowRecord {
        let document = try storedDocument(row)
        // `try?`: a stored definition was valid when it was saved; one that is no longer has no warnings to show.
        let warnings = (try? WorkflowDefinition.parse(document, isStored: true))?.warnings ?? []
        return WorkflowRecord(
            definition: DefinitionRecord(row: row, document: document, warnings: warnings),
            // `try?`: as above; then nothing is shown of its steps.
            findings: (try? workflows.version(row.key)).map { StepFindings($0.workflow) })
    }
}
