internal import ArgumentParser
internal import TenonClient
internal import TenonJSON

struct SecretCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secret", abstract: "Passwords and tokens that a project's definitions use.",
        subcommands: [SecretSetCommand.self, SecretListCommand.self, SecretRemoveCommand.self])
}

struct SecretSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Store a secret, or replace its value.",
        discussion: """
            Example:
              tenon secret set erp_password --project project-123
              pass show erp | tenon secret set erp_password --project project-123
              tenon secret set erp_key --project project-123 --from-file key.pem

            On a terminal it asks for the value and does not show it. Otherwise the value is the standard input,
            without the end of its last line. It is never an argument: those are seen by others.
            """)

    @Argument(help: "Its name.")
    var name: String
    @Argument(help: .hidden)
    var surplus: [String] = []
    @Option(help: "The project that uses it.")
    var project: String
    @Option(help: "The file that holds the value; taken as it is. - is the same as none.")
    var fromFile: String?
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard surplus.isEmpty else {
            throw ValidationError(
                "The value of a secret is no argument: those are seen by others and kept by the shell. "
                    + "Leave it out to be asked for it, or give it on the standard input.")
        }
    }

    func run() async throws {
        let value = try SecretValue.read(file: fromFile, name: name)
        let body = try await connection.client.setSecret(name, project: project, value: value)
        connection.json ? Output.json(["secret": body]) : Output.line("set \(name) in \(project)")
    }
}

struct SecretListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List a project's secrets without their values.",
        discussion: "Example:\n  tenon secret list --project project-123")

    @Option(help: "The project.")
    var project: String
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let secrets = try await connection.client.secrets(project: project)
        if connection.json { return Output.json(["secrets": .array(secrets)]) }
        Table(secrets, [("name", "name"), ("created", "createdAt"), ("updated", "updatedAt")]).print()
    }
}

struct SecretRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a secret; what still uses it fails.",
        discussion: "Example:\n  tenon secret remove erp_password --project project-123")

    @Argument(help: "Its name.")
    var name: String
    @Option(help: "The project.")
    var project: String
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.client.removeSecret(name, project: project)
        connection.json ? Output.json([:]) : Output.line("removed \(name) from \(project)")
    }
}
