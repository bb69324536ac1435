internal import ArgumentParser
internal import TenonAPI
internal import TenonClient
internal import TenonJSON

struct DefinitionRunCommand<Noun: DefinitionNoun>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "run", abstract: "Execute a \(Noun.noun) and wait for its end.",
            discussion: """
                Example:
                  tenon \(Noun.noun) run "\(Noun.example)" --project project-123 --set userId=user-123

                Ctrl-C leaves it running. With --json its end is printed as the API answers it.
                """)
    }

    @OptionGroup var options: DefinitionOptions
    @Option(help: "A YAML or JSON file with the context; - is the standard input.")
    var context: String?
    @Option(name: .customLong("set"), help: "One value of the context: key=value, the value as JSON or text.")
    var settings: [String] = []
    @Flag(help: "Start it and do not wait.")
    var detach = false
    @OptionGroup var progress: ProgressOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let client = connection.client
        let context = try Settings.object(file: context, settings)
        let body = try await options.resolve(Noun.kind, client)
        let execution = try await client.execute(
            Noun.kind, body["id"]?.string ?? options.definition, context: .object(context), waitSeconds: 0)
        if detach {
            if connection.json {
                Output.json(["execution": execution.json])
            } else if !progress.quiet {
                Output.line(
                    "\(execution.id)  \(execution.status)\nnext:  tenon execution watch \(execution.id)")
            }
            return
        }
        try await ExecutionWatch(client, progress, isJSON: connection.json).follow(execution)
    }
}
