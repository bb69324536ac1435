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
        let client = connection.client
        let found = try await options.resolve(Noun.kind, client)
        // What a list leaves out is shown, such as when it runs next.
        let body = try await client.definition(Noun.kind, found["id"]?.string ?? options.definition)
        connection.json ? Output.json([Noun.noun: body]) : Facts(body).print()
    }
}
