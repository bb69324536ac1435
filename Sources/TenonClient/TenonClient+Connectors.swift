internal import TenonAPI
package import TenonJSON

extension TenonClient {
    package func install(
        _ file: UploadFile, options: [String]
    ) async throws(ClientError) -> JSON {
        var call = ClientCall(.uploadPackage)
        call.query = options.map { (name: $0, value: "true") }
        call.body = .file(file)
        return try await resource("package", call)
    }

    package func packages() async throws(ClientError) -> [JSON] { try await all(ClientCall(.listPackages)) }

    package func package(_ name: String, version: String? = nil) async throws(ClientError) -> JSON {
        var call = ClientCall(.getPackage, id: name)
        if let version { call.query = [("version", version)] }
        return try await resource("package", call)
    }

    package func removePackage(_ name: String, version: String) async throws(ClientError) {
        var call = ClientCall(.removePackage, id: name)
        call.query = [("version", version)]
        _ = try await send(call)
    }

    package func createConnector(_ body: JSON) async throws(ClientError) -> JSON {
        try await resource("connector", ClientCall(.createConnector), body)
    }

    package func connectors() async throws(ClientError) -> [JSON] {
        try await all(ClientCall(.listConnectors))
    }

    package func deploy(connector id: String, _ body: JSON) async throws(ClientError) -> JSON {
        try await resource("instance", ClientCall(.deployConnector, id: id), body)
    }

    package func instances(project: String?) async throws(ClientError) -> [JSON] {
        var call = ClientCall(.listInstances)
        if let project { call.query = [("projectId", project)] }
        return try await all(call)
    }

    package func instance(_ id: String) async throws(ClientError) -> JSON {
        try await resource("instance", ClientCall(.getInstance, id: id))
    }

    package func checkInstance(_ id: String) async throws(ClientError) -> JSON {
        try await resource("instance", ClientCall(.checkInstance, id: id))
    }

    package func removeInstance(_ id: String) async throws(ClientError) {
        _ = try await send(ClientCall(.removeInstance, id: id))
    }
}
