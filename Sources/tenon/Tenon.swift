internal import ArgumentParser
internal import Glibc

/// The command line: noun, verb.
@main
struct Tenon: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenon",
        abstract: "Connects systems: durable workflows and pipelines over connectors.",
        discussion: """
            Examples:
              tenon demo                              see it work, with data of its own
              tenon serve --data ~/.tenon             run a host
              tenon connector install http-1.0.0.tenon --allow-unsigned
              tenon workflow apply -f workflow.yaml

            Exit codes: 0 done, 1 failed, 2 usage, 3 not found, 4 refused, 5 no server,
            130 interrupted by Ctrl-C.
            """,
        version: "tenon 0.1.0",
        subcommands: [
            ServeCommand.self, DemoCommand.self, ConnectorCommand.self, DeployCommand.self,
            InstanceCommand.self, WorkflowCommand.self, PipelineCommand.self, ExecutionCommand.self,
            TriggerCommand.self, SecretCommand.self, ExpressionCommand.self, ScheduleCommand.self,
            SchemaCommand.self, SdkCommand.self,
        ])

    static func main() async {
        // A reader that went away must not end a command.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            Glibc.exit(FailureReport(error).print())
        }
    }
}
