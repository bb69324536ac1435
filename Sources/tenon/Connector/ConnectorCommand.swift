internal import ArgumentParser

struct ConnectorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connector", abstract: "Connector packages: install, inspect, try, pack.",
        subcommands: [
            ConnectorInstallCommand.self, ConnectorListCommand.self, ConnectorShowCommand.self,
            ConnectorInspectCommand.self, ConnectorRunCommand.self, ConnectorPackCommand.self,
            ConnectorRemoveCommand.self,
        ])
}
