internal import ArgumentParser
internal import TenonClient
internal import TenonJSON

struct InstanceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "instance", abstract: "Deployed connectors.",
        subcommands: [
            InstanceListCommand.self, InstanceShowCommand.self, InstanceCheckCommand.self,
            InstanceRemoveCommand.self,
        ])
}

struct InstanceListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List deployed instances.",
        discussion: "Example:\n  tenon instance list --project project-123")

    @Option(help: "Only of this project.")
    var project: String?
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let instances = try await connection.client.instances(project: project)
        if connection.json { return Output.json(["instances": .array(instances)]) }
        Table(
            instances.map(Self.row),
            [
                ("project", "projectId"), ("integration", "integrationId"), ("status", "status"),
                ("package", "package"), ("reason", "reason"), ("id", "id"),
            ]
        ).print()
    }

    /// An instance with its package as name and version.
    private static func row(_ instance: JSON) -> JSON {
        var row = instance.object ?? JSONObject()
        let words = ["name", "version"].compactMap { instance["package"]?[$0]?.string }
        row["package"] = .string(words.joined(separator: " "))
        return .object(row)
    }
}

struct InstanceShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an instance with its status and configuration.",
        discussion: "Example:\n  tenon instance show cad-integration-id --project project-123")

    @OptionGroup var options: InstanceOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let client = connection.client
        let id = try await options.id(client)
        let body = try await client.instance(id)
        connection.json ? Output.json(["instance": body]) : Facts(body).print()
    }
}

struct InstanceCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check that an instance reaches its system.",
        discussion: "Example:\n  tenon instance check cad-integration-id --project project-123")

    @OptionGroup var options: InstanceOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let client = connection.client
        let id = try await options.id(client)
        let body = try await client.checkInstance(id)
        connection.json ? Output.json(["instance": body]) : Facts(body).print()
        guard body["status"]?.string == "ready" else {
            throw CommandFailure(
                .failed, "The instance \(options.instance) is \(body["status"]?.string ?? "unknown").",
                advice: "Its reason stands above. For another configuration: "
                    + "tenon instance remove \(options.instance), then deploy it again")
        }
    }
}

struct InstanceRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Stop and remove an instance.",
        discussion: "Example:\n  tenon instance remove cad-integration-id --project project-123")

    @OptionGroup var options: InstanceOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let client = connection.client
        let id = try await options.id(client)
        try await client.removeInstance(id)
        connection.json ? Output.json([:]) : Output.line("removed \(options.instance)")
    }
}
