internal import ArgumentParser
internal import TenonAPI
internal import TenonClient
internal import TenonJSON

struct TriggerLedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "List what became of each due tick, the newest first.",
        discussion: """
            Example:
              tenon trigger ledger "Daily Data Sync" --project project-123 --outcome skipped
              tenon trigger ledger --project project-123 --from 2026-11-01 --to 2026-11-30

            Every due tick has one row: fired, with its execution, or skipped, with the reason.
            """)

    @Argument(help: "Only of this trigger: its id, or with --project the name of its workflow or pipeline.")
    var trigger: String?
    @Option(help: "Only of this project.")
    var project: String?
    @Option(help: "Only of this workflow or pipeline (id).")
    var definition: String?
    @Option(help: "Only fired or skipped ones.")
    var outcome: String?
    @Option(help: "Only ticks from this time on, such as 2026-11-24 or 2026-11-24T02:00:00+01:00.")
    var from: String?
    @Option(help: "Only ticks up to this time; a date includes its day.")
    var to: String?
    @Option(help: "How many, at most 500.")
    var limit = 20
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let client = connection.client
        var id: String?
        if let trigger {
            var options = TriggerOptions()
            (options.trigger, options.project) = (trigger, project)
            // An id that is unknown is said to be so, instead of an empty list.
            id = try await options.resolve(client)["id"]?.string
        }
        let filters = [
            ("triggerId", id), ("projectId", project), ("definitionId", definition), ("outcome", outcome),
            ("from", from), ("to", to),
        ]
        let page = try await client.triggerLedger(
            filters.compactMap { name, value in value.map { (name: name, value: $0) } }, limit: limit)
        if connection.json { return Output.json(page.json(named: "ledger")) }
        Table(
            page.items.map(Self.row),
            [
                ("tick", "tick"), ("outcome", "outcome"), ("reason", "reason"), ("origin", "origin"),
                ("ticks", "count"), ("execution", "executionId"), ("trigger", "triggerId"),
            ]
        ).print()
    }

    /// A row that stands for one tick has no count.
    private static func row(_ row: JSON) -> JSON {
        var row = row.object ?? JSONObject()
        if row["count"]?.int ?? 1 == 1 { row["count"] = nil }
        return .object(row)
    }
}
