internal import ArgumentParser
internal import TenonClient
internal import TenonJSON

struct PipelineExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Show how a pipeline would run. Writes nothing.",
        discussion: """
            Example:
              tenon pipeline explain "CAD to ERP Pipeline" --project project-123
              tenon pipeline explain -f pipeline.yaml

            Shows what the source does itself (columns, filter, limit), what is done in one pass, which columns are
            only copied and which are read, and what the target gets.
            """)

    @Argument(help: "Its id, or with --project its name.")
    var definition: String?
    @Option(name: [.customShort("f"), .customLong("file")], help: "A definition that need not be saved.")
    var file: String?
    @Option(help: "The project in which the name is looked up, or of a definition that names none.")
    var project: String?
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard (definition == nil) != (file == nil) else { throw Self.unclear }
    }

    private static let unclear = ValidationError("Say which pipeline: its id or name, or -f FILE.")

    func run() async throws {
        let explanation = try await explain()
        if connection.json { return Output.json(["explanation": explanation]) }
        guard let text = explanation["text"]?.string else { return Facts(explanation).print() }
        Output.line(text.hasSuffix("\n") ? String(text.dropLast()) : text)
    }

    private func explain() async throws -> JSON {
        let client = connection.client
        if let definition {
            let saved = try await DefinitionReference(client: client, kind: .pipeline)
                .definition(definition, project: project)
            return try await client.explainPipeline(saved["id"]?.string ?? definition)
        }
        guard let file else { throw Self.unclear }
        let document = try DefinitionFile.document(in: file)
        guard var body = document.object else {
            throw CommandFailure(
                .usage, "A definition must be an object, not \(document.typeName).")
        }
        if body["projectId"] == nil, let project { body["projectId"] = .string(project) }
        return try await client.explainPipeline(definition: .object(body))
    }
}
