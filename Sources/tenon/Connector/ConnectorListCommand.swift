internal import ArgumentParser
internal import TenonClient
internal import TenonJSON

struct ConnectorListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List installed packages.",
        discussion: "Example:\n  tenon connector list")

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let packages = try await connection.client.packages()
        if connection.json { return Output.json(["packages": .array(packages)]) }
        Table(
            packages,
            [
                ("name", "name"), ("version", "version"), ("title", "title"), ("type", "type"),
                ("in host", "inHost"), ("digest", "digest"),
            ]
        ).print()
    }
}

struct ConnectorShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an installed package.",
        discussion: "Example:\n  tenon connector show http")

    @Argument(help: "NAME or NAME@VERSION.")
    var package: String
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let parts = package.split(separator: "@", maxSplits: 1).map(String.init)
        let body = try await connection.client.package(
            parts.first ?? "", version: parts.count > 1 ? parts[1] : nil)
        connection.json ? Output.json(["package": body]) : Facts(body).print()
    }
}

struct ConnectorRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a version of a package that no instance uses.",
        discussion: "Example:\n  tenon connector remove http@1.0.0")

    @Argument(help: "NAME@VERSION.")
    var package: String
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard package.split(separator: "@").count == 2 else {
            throw ValidationError("Say which version: tenon connector remove \(package)@VERSION")
        }
    }

    func run() async throws {
        let parts = package.split(separator: "@").map(String.init)
        try await connection.client.removePackage(parts[0], version: parts[1])
        connection.json ? Output.json([:]) : Output.line("removed \(package)")
    }
}
