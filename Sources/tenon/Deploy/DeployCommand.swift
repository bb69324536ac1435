internal import ArgumentParser
internal import TenonClient
internal import TenonJSON

struct DeployCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deploy", abstract: "Deploy a connector into a project.",
        discussion: """
            Example:
              tenon deploy http@^1.0 --project project-123 --as cad-integration-id --set baseUrl=http://127.0.0.1:9000

            CONNECTOR is the id or name of a connector definition, or the name of an installed package.
            """)

    @Argument(help: "CONNECTOR or CONNECTOR@RANGE.")
    var connector: String
    @Option(help: "The project that gets the instance.")
    var project: String
    @Option(name: .customLong("as"), help: "The integration id by which definitions address it.")
    var integration: String
    @Option(help: "A YAML or JSON file with the configuration.")
    var config: String?
    @Option(
        name: .customLong("set"),
        help: "One value of the configuration: key=value, the value as JSON or text.")
    var settings: [String] = []
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let client = connection.client
        let parts = connector.split(separator: "@", maxSplits: 1).map(String.init)
        let name = parts.first ?? ""
        let range = parts.count > 1 ? parts[1] : nil
        let configuration = try Settings.object(file: config, settings)
        let id = try await definition(name, range: range, client)
        var body: JSONObject = [
            "projectId": .string(project), "integrationId": .string(integration),
            "configuration": .object(configuration),
        ]
        if let range { body["package"] = .string("\(name)@\(range)") }
        let instance = try await client.deploy(connector: id, .object(body))
        let status = instance["status"]?.string ?? ""
        connection.json
            ? Output.json(["instance": instance])
            : Output.line("\(integration) in \(project): \(status) (\(instance["id"]?.string ?? ""))")
        guard status == "failed" || status == "degraded" else { return }
        let problem = status == "failed" ? "does not run" : "is not well"
        throw CommandFailure(
            .failed, "It is deployed, but \(problem): \(instance["reason"]?.string ?? "")",
            advice: "Mend that and type: tenon instance check \(integration) --project \(project)\n"
                + "       For another configuration: "
                + "tenon instance remove \(integration) --project \(project)"
        )
    }

    /// The definition's id; a package without definition gets one of its own name.
    private func definition(_ name: String, range: String?, _ client: TenonClient) async throws -> String {
        let known = try await client.connectors().first {
            $0["id"]?.string == name || $0["name"]?.string == name
        }
        if let id = known?["id"]?.string { return id }
        guard let package = try await client.packages().first(where: { $0["name"]?.string == name }) else {
            throw CommandFailure(
                .notFound, "There is no connector and no package \"\(name)\".",
                advice: "tenon connector install FILE, or see which there are: tenon connector list")
        }
        let version = package["version"]?.string ?? "*"
        let created = try await client.createConnector([
            "name": .string(name), "type": Self.connectorType(package),
            "description": package["description"] ?? "", "configuration": [:],
            "package": .string("\(name)@\(range ?? "^" + version)"),
        ])
        return created["id"]?.string ?? ""
    }

    /// A package that only has actions serves in both directions.
    private static func connectorType(_ package: JSON) -> JSON {
        let type = package["type"]?.string ?? ""
        return ["source", "target"].contains(type) ? .string(type) : "bidirectional"
    }
}
