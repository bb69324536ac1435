internal import ArgumentParser
internal import TenonClient

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "See a pipeline and a workflow work on real systems, with data of its own.",
        discussion: """
            Example:
              tenon demo

            Starts a CAD vault (HTTP over SQLite), a simulation service (HTTP), an ERP database (SQLite) and a host
            in a temporary directory, runs the specification's "CAD to ERP Pipeline" and "Daily Data Sync", and compares
            every row that arrived with what sqlite3 itself answers.
            """)

    @Option(help: "How many designs the vault holds.")
    var designs = 20_000
    @Flag(help: "Change one row in the ERP before the comparison, which then must fail.")
    var corrupt = false
    @Flag(help: "Leave everything up until Ctrl-C.")
    var keepRunning = false
    @Flag(help: "Print one JSON object instead of the story.")
    var json = false

    func validate() throws {
        guard (1...1_000_000).contains(designs) else {
            throw ValidationError("--designs takes a number from 1 to 1000000.")
        }
    }

    func run() async throws {
        let report = try await DemoRun(
            designCount: designs, isCorrupted: corrupt, keepsRunning: keepRunning, isJSON: json
        ).run()
        if json { Output.json(report.json) }
        guard report.differences.isEmpty else {
            throw CommandFailure(
                .failed,
                "\(report.differenceCount) of the rows in the ERP differ from the vault:\n"
                    + report.differences.map { "  " + $0 }.joined(separator: "\n"))
        }
    }
}
