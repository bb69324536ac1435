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

/// Finds a definition by its id, or by its name in a project.
struct DefinitionReference {
    let client: TenonClient
    let kind: DefinitionKind

    func definition(_ text: String, project: String?) async throws -> JSON {
        guard let project else { return try await client.definition(kind, text) }
        let definitions = try await client.definitions(kind, project: project)
        guard let match = definitions.first(where: { $0["id"]?.string == text || $0["name"]?.string == text })
        else {
            throw CommandFailure(
                .notFound, "The project \(project) has no \(kind.rawValue) \"\(text)\".",
                advice: "See which it has: tenon \(kind.rawValue) list --project \(project)")
        }
        return match
    }
}

struct DefinitionShowCommand<Noun: DefinitionNoun>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "show", abstract: "Show a \(Noun.noun).",
            discussion: "Example:\n  tenon \(Noun.noun) show \"\(Noun.example)\" --project project-123")
    }

    @Argument(help: "Its id, or with --project its name.")
    var definition: String
    @Option(help: "The project in which the name is looked up.")
    var project: String?
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let reference = DefinitionReference(client: connection.client, kind: Noun.kind)
        let body = try await reference.definition(definition, project: project)
        connection.json ? Output.json([Noun.noun: body]) : Facts(body).print()
    }
}
