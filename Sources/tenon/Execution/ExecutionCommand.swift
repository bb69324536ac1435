internal import ArgumentParser
internal import TenonAPI
internal import TenonClient
internal import TenonJSON

struct ExecutionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "execution", abstract: "Runs of workflows and pipelines.",
        subcommands: [
            ExecutionListCommand.self, ExecutionShowCommand.self, ExecutionWatchCommand.self,
            ExecutionCancelCommand.self,
        ])
}

struct ExecutionListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List executions, the newest first.",
        discussion: "Example:\n  tenon execution list --project project-123 --status failed")

    @Option(help: "Only of this project.")
    var project: String?
    @Option(help: "Only of this workflow or pipeline (id).")
    var definition: String?
    @Option(help: "Only in this status.")
    var status: String?
    @Option(help: "How many, at most 500.")
    var limit = 20
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let filters = [("projectId", project), ("definitionId", definition), ("status", status)]
        let page = try await connection.client.executions(
            filters.compactMap { name, value in value.map { (name: name, value: $0) } }, limit: limit)
        if connection.json { return Output.json(page.json(named: "executions")) }
        Table(
            page.items,
            [
                ("id", "id"), ("kind", "kind"), ("status", "status"), ("started", "startedAt"),
                ("records", "recordsProcessed"),
            ]
        ).print()
    }
}

struct ExecutionShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an execution with its steps or stages.",
        discussion: "Example:\n  tenon execution show 0190a5f2-…")

    @Argument(help: "Its id.")
    var execution: String
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let body = try await connection.client.execution(execution)
        if connection.json { return Output.json(["execution": body.json]) }
        var facts = body.json.object ?? JSONObject()
        facts["steps"] = nil
        facts["stages"] = nil
        Facts(.object(facts)).print()
        if !body.steps.isEmpty {
            Output.line()
            Table(
                body.steps.map(Self.row),
                [("step", "name"), ("status", "status"), ("attempts", "attempts"), ("error", "error")]
            ).print()
        }
        if !body.stages.isEmpty {
            Output.line()
            Table(
                body.stages.map(Self.row),
                [
                    ("stage", "name"), ("type", "type"), ("read", "read"), ("filtered", "filtered"),
                    ("failed", "failed"), ("written", "written"), ("a second", "recordsPerSecond"),
                    ("in", "place"),
                ]
            ).print()
        }
    }

    /// A stage with where its work is done.
    private static func row(_ stage: StageBody) -> JSON {
        var row = stage.json.object ?? JSONObject()
        if stage.isPushedDown { row["place"] = "source" }
        return .object(row)
    }

    /// A step with its error as a sentence.
    private static func row(_ step: JSON) -> JSON {
        var row = step.object ?? JSONObject()
        row["error"] = step["error"]?["message"]
        return .object(row)
    }
}

struct ExecutionWatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Follow an execution to its end.",
        discussion: "Example:\n  tenon execution watch 0190a5f2-…\n\nCtrl-C leaves it running.")

    @Argument(help: "Its id.")
    var execution: String
    @OptionGroup var progress: ProgressOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let client = connection.client
        let first = try await client.execution(execution)
        try await ExecutionWatch(client, progress, isJSON: connection.json).follow(first)
    }
}

struct ExecutionCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Cancel an execution.",
        discussion: "Example:\n  tenon execution cancel 0190a5f2-…")

    @Argument(help: "Its id.")
    var execution: String
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let body = try await connection.client.cancel(execution)
        connection.json
            ? Output.json(["execution": body.json]) : Output.line("\(body.id)  \(body.status)")
    }
}
