internal import ArgumentParser
internal import TenonClient
internal import TenonJSON

struct TriggerBackfillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backfill", abstract: "Fire the ticks of a range that have not been fired.",
        discussion: """
            Example:
              tenon trigger backfill "Daily Data Sync" --project project-123 --from 2026-11-01 --to 2026-11-07 --dry-run

            A date or time without offset is one of the trigger's zone. With --dry-run nothing is fired.
            """)

    @OptionGroup var options: TriggerOptions
    @Option(help: "The first moment, such as 2026-11-01 or 2026-11-01T02:00:00+01:00.")
    var from: String
    @Option(help: "The last moment; a date includes its day.")
    var to: String
    @Flag(help: "Only say what would be fired.")
    var dryRun = false
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let client = connection.client
        let body = try await client.backfillTrigger(
            try await options.id(client), from: from, to: to, isDryRun: dryRun)
        if connection.json { return Output.json(["backfill": body]) }
        let counts = ["due", "alreadyDone", "started"].map { body[$0]?.int ?? 0 }
        let waiting = body["queued"]?.int ?? 0
        Output.line(
            "\(counts[0].grouped) due, \(counts[1].grouped) already done, "
                + "\(counts[2].grouped) \(dryRun ? "would be " : "")started"
                + (waiting > 0 ? ", of which \(waiting.grouped) wait for their turn" : ""))
        for tick in body["ticks"]?.array ?? [] { Output.line("  \(Table.text(tick))") }
    }
}
