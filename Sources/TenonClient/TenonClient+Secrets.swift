internal import TenonAPI
package import TenonJSON

extension TenonClient {
    package func setSecret(
        _ name: String, project: String, value: String
    ) async throws(ClientError) -> JSON {
        try await resource(
            "secret", ClientCall(.setSecret, id: project, name: name), ["value": .string(value)])
    }

    package func secrets(project: String) async throws(ClientError) -> [JSON] {
        try await all(ClientCall(.listSecrets, id: project))
    }

    package func removeSecret(_ name: String, project: String) async throws(ClientError) {
        _ = try await send(ClientCall(.removeSecret, id: project, name: name))
    }
}
