internal import ArgumentParser
internal import TenonClient
internal import TenonJSON

struct TriggerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trigger", abstract: "What starts workflows and pipelines by itself.",
        subcommands: [
            TriggerListCommand.self, TriggerShowCommand.self, TriggerLedgerCommand.self,
            TriggerPauseCommand.self, TriggerResumeCommand.self, TriggerBackfillCommand.self,
        ])
}

struct TriggerListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List triggers with their next five ticks, each in its own zone.",
        discussion: "Example:\n  tenon trigger list --project project-123 --status active")

    @Option(help: "Only of this project.")
    var project: String?
    @Option(help: "Only of this workflow or pipeline (id).")
    var definition: String?
    @Option(help: "Only active, paused, ended, disabled or not-fired ones.")
    var status: String?
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let filters = [("projectId", project), ("definitionId", definition), ("status", status)]
        let triggers = try await connection.client.triggers(
            filters.compactMap { name, value in value.map { (name: name, value: $0) } })
        if connection.json { return Output.json(["triggers": .array(triggers)]) }
        TriggerTable(triggers).print()
    }
}

struct TriggerShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a trigger with its next five ticks in its own zone.",
        discussion: "Example:\n  tenon trigger show \"Daily Data Sync\" --project project-123")

    @OptionGroup var options: TriggerOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let body = try await options.resolve(connection.client)
        if connection.json { return Output.json(["trigger": body]) }
        var facts = body.object ?? JSONObject()
        facts["nextTicks"] = nil
        Facts(.object(facts)).print()
        let ticks = (body["nextTicks"]?.array ?? []).compactMap(\.string)
        guard !ticks.isEmpty else { return }
        Output.line()
        Output.line(Output.bold("NEXT"))
        for tick in ticks { Output.line(tick) }
    }
}

struct TriggerPauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Let a trigger fire no more until it is resumed.",
        discussion: "Example:\n  tenon trigger pause \"Daily Data Sync\" --project project-123")

    @OptionGroup var options: TriggerOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let client = connection.client
        let body = try await client.pauseTrigger(try await options.id(client))
        connection.json ? Output.json(["trigger": body]) : TriggerTable([body]).print()
    }
}

struct TriggerResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Let a paused trigger fire again, from its next tick on.",
        discussion: """
            Example:
              tenon trigger resume "Daily Data Sync" --project project-123

            What it missed meanwhile is not made up for; tenon trigger backfill does that.
            """)

    @OptionGroup var options: TriggerOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let client = connection.client
        let body = try await client.resumeTrigger(try await options.id(client))
        connection.json ? Output.json(["trigger": body]) : TriggerTable([body]).print()
    }
}
