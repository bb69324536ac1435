internal import ArgumentParser
internal import TenonClient
internal import TenonJSON

struct DefinitionListCommand<Noun: DefinitionNoun>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list", abstract: "List a project's \(Noun.noun)s.",
            discussion: "Example:\n  tenon \(Noun.noun) list --project project-123")
    }

    @Option(help: "The project.")
    var project: String
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let definitions = try await connection.client.definitions(Noun.kind, project: project)
        if connection.json { return Output.json([Noun.noun + "s": .array(definitions)]) }
        Table(
            definitions,
            [("name", "name"), ("version", "version"), ("updated", "updatedAt"), ("id", "id")]
        ).print()
    }
}

struct DefinitionShowCommand<Noun: DefinitionNoun>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "show", abstract: "Show a \(Noun.noun).",
            discussion: "Example:\n  tenon \(Noun.noun) show \"\(Noun.example)\" --project project-123")
    }

    @OptionGroup var options: DefinitionOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let body = try await options.resolve(Noun.kind, connection.client)
        connection.json ? Output.json([Noun.noun: body]) : Facts(body).print()
    }
}
