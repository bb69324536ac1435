internal import ArgumentParser
internal import TenonClient
internal import TenonJSON

/// Which workflow or pipeline a command is about.
struct DefinitionOptions: ParsableArguments {
    @Argument(help: "Its id, or with --project its name.")
    var definition: String
    @Option(help: "The project in which the name is looked up.")
    var project: String?

    /// The saved definition.
    func resolve(_ kind: DefinitionKind, _ client: TenonClient) async throws -> JSON {
        try await DefinitionReference(client: client, kind: kind).definition(definition, project: project)
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
