internal import TenonConnectors
internal import TenonJSON
internal import TenonModel
internal import TenonPipeline
internal import TenonWorkflow

extension TenonHost {
    /// A warning for each secret that the project of a pipeline does not have yet.
    func unsetSecrets(_ definition: PipelineDefinition) throws(TenonError) -> [DefinitionWarning] {
        guard !definition.secrets.isEmpty else { return [] }
        let project = definition.projectID
        let known = Set(try secrets.names(of: project))
        return definition.secrets.filter { !known.contains($0) }.map { name in
            DefinitionWarning(
                code: "pipeline.secret-not-set",
                message: "The pipeline uses the secret \(name), which \(project) does not have; until "
                    + "`tenon secret set \(name) --project \(project)` it fails.",
                pointer: "/stages")
        }
    }

    /// A warning for each step that needs a secret which its project does not have yet.
    func unsetSecrets(_ workflow: CompiledWorkflow) throws(TenonError) -> [DefinitionWarning] {
        guard !workflow.secrets.isEmpty else { return [] }
        let project = workflow.definition.projectID
        let known = Set(try secrets.names(of: project))
        return zip(workflow.definition.steps, workflow.steps).flatMap { definition, step in
            step.reads.secrets.filter { !known.contains($0) }.map { name in
                DefinitionWarning(
                    code: "workflow.secret-not-set",
                    message:
                        "The step \"\(step.name)\" uses the secret \(name), which \(project) does not have; "
                        + "until `tenon secret set \(name) --project \(project)` it fails.",
                    pointer: definition.pointer.appending("parameters").description)
            }
        }
    }
}
