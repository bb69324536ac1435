internal import ArgumentParser
internal import TenonClient
internal import TenonJSON

struct ApplyCommand<Noun: DefinitionNoun>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "apply", abstract: "Create or update \(Noun.noun)s from files, by project and name.",
            discussion: """
                Example:
                  tenon \(Noun.noun) apply -f definitions/

                Takes YAML or JSON, files or folders. Applying the same again changes nothing.
                """)
    }

    @Option(
        name: [.customShort("f"), .customLong("file")],
        help: "A file or folder, or - for the standard input; may be repeated.")
    var files: [String]
    @Option(help: "The project of definitions that name none.")
    var project: String?
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if files.isEmpty { throw ValidationError("Say what to apply: -f FILE") }
        try InputFile.requireOneStandardInput(files)
    }

    func run() async throws {
        var results: [JSON] = []
        for document in try files.flatMap({ try DefinitionFile.documents(in: $0) }) {
            results.append(try await apply(document))
        }
        if results.isEmpty {
            let names = files.map { InputFile($0).name }.joined(separator: ", ")
            throw CommandFailure(.notFound, "There is no definition in \(names).")
        }
        if connection.json { Output.json([Noun.noun + "s": .array(results)]) }
    }

    private func apply(_ document: JSON) async throws -> JSON {
        guard var body = document.object else {
            throw CommandFailure(.usage, "A definition must be an object, not \(document.typeName).")
        }
        if body["projectId"] == nil, let project { body["projectId"] = .string(project) }
        guard let name = body["name"]?.string, let projectID = body["projectId"]?.string else {
            throw CommandFailure(
                .usage, "A definition needs \"name\" and \"projectId\".",
                advice: "Add them to the file, or give --project PROJECT")
        }
        let client = connection.client
        let saved = try await client.definitions(Noun.kind, project: projectID)
            .first { $0["name"]?.string == name }
        guard let saved, let id = saved["id"]?.string else {
            let created = try await client.create(Noun.kind, .object(body))
            tell("created  \(name)", created)
            return created
        }
        let difference = DefinitionDifference(saved: saved, wanted: .object(body))
        if difference.isEmpty {
            tell("unchanged  \(name)", saved)
            return saved
        }
        let updated = try await client.update(Noun.kind, id, .object(body))
        tell("updated  \(name)  (\(difference.changed.joined(separator: ", ")))", updated)
        return updated
    }

    private func tell(_ text: String, _ body: JSON) {
        guard !connection.json else { return }
        Output.line("\(Noun.noun) \(text)  \(body["id"]?.string ?? "")")
        for warning in body["warnings"]?.array ?? [] {
            let message = warning["message"]?.string ?? warning["detail"]?.string ?? warning.text
            Output.line("  warning: \(message)")
        }
        for schedule in body["schedules"]?.array ?? [] {
            if let tick = schedule["nextTicks"]?[0]?.string { Output.line("  runs next: \(tick)") }
        }
    }
}
