internal import TenonJSON
internal import TenonModel
internal import TenonPipeline
internal import TenonWorkflow

extension LivePipeline {
    /// A request as a connector gets it: with the secrets that its texts name. What is recorded keeps the names.
    func withSecrets(_ request: JSONObject) throws(TenonError) -> JSONObject {
        try engine.secrets.rendered(request, for: definition)
    }

    /// What went wrong, without what no one may see.
    func withoutSecrets(_ error: TenonError) -> TenonError {
        engine.secrets.masked(error, for: definition)
    }
}

extension SecretVault {
    /// A request with the secrets that its texts name. Throws `pipeline.secret-not-set`.
    func rendered(_ request: JSONObject, for definition: PipelineDefinition) throws(TenonError) -> JSONObject
    {
        guard !definition.secrets.isEmpty else { return request }
        let project = definition.projectID
        let values = try values(of: project).current
        if let name = definition.secrets.first(where: { values[$0] == nil }) {
            throw TenonError(
                .pipelineSecretNotSet,
                "The project \(project) has no secret \"\(name)\". Give it one with `tenon secret set \(name) "
                    + "--project \(project)`, then ask again.")
        }
        return try SecretTexts.rendered(request, secrets: values)
    }

    /// What went wrong with a pipeline, without its secrets.
    func masked(_ error: TenonError, for definition: PipelineDefinition) -> TenonError {
        definition.secrets.isEmpty ? error : mask(of: definition.projectID).masked(error)
    }
}
