package import TenonAPI
package import TenonJSON

extension TenonClient {
    package func create(_ kind: DefinitionKind, _ body: JSON) async throws(ClientError) -> JSON {
        try await resource(kind.rawValue, ClientCall(kind.createEndpoint), body)
    }

    /// Saves a new version.
    package func update(_ kind: DefinitionKind, _ id: String, _ body: JSON) async throws(ClientError) -> JSON
    {
        try await resource(kind.rawValue, ClientCall(kind.updateEndpoint, id: id), body)
    }

    package func definition(_ kind: DefinitionKind, _ id: String) async throws(ClientError) -> JSON {
        try await resource(kind.rawValue, ClientCall(kind.getEndpoint, id: id))
    }

    package func definitions(_ kind: DefinitionKind, project: String) async throws(ClientError) -> [JSON] {
        try await all(ClientCall(kind.listEndpoint, id: project))
    }

    /// How a saved pipeline would run.
    package func explainPipeline(_ id: String) async throws(ClientError) -> JSON {
        try await resource("explanation", ClientCall(.explainPipeline, id: id))
    }

    /// How a pipeline that is not saved would run.
    package func explainPipeline(definition: JSON) async throws(ClientError) -> JSON {
        try await resource("explanation", ClientCall(.explainPipelineDefinition), definition)
    }

    /// Starts an execution and waits for its end at most `waitSeconds`.
    package func execute(
        _ kind: DefinitionKind, _ id: String, context: JSON, waitSeconds: Int
    ) async throws(ClientError) -> ExecutionBody {
        var call = ClientCall(kind.executeEndpoint, id: id)
        call.query = [("wait", String(waitSeconds))]
        return try Self.execution(try await resource("execution", call, ["context": context]))
    }
}
