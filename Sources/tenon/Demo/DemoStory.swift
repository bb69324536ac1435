internal import Foundation
internal import GRDB
internal import NIOPosix
internal import TenonAPI
internal import TenonClient
internal import TenonJSON
internal import TenonServer

/// What the demo does, all of it through the REST API, and what it tells.
struct DemoStory: Sendable {
    static let erpTable = "erp_designs"

    let places: DemoPlaces
    let simulation: SimulationService
    let isCorrupted: Bool
    let narrator: Narrator
    let begin: ContinuousClock.Instant
    let threads: NIOThreadPool

    private var client: TenonClient {
        TenonClient(
            url: places.url(.host), token: AdminToken.read(dataDirectory: places.dataDirectory))
    }

    func tell() async throws -> DemoReport {
        var report = DemoReport()
        try await introduce(&report)
        try await install()
        try await deploy()
        try await runPipeline(&report)
        try await runWorkflow(&report)
        try await compare(&report)
        let total = ContinuousClock().now - begin
        report.facts["totalMilliseconds"] = .int(total.milliseconds)
        narrator.tell("Done", "in \(total.text).")
        return report
    }

    private func introduce(_ report: inout DemoReport) async throws {
        let path = places.vaultPath
        let counts = try await threads.runIfActive {
            try RowComparison.sqlite3(
                path, "SELECT count(*) AS designs, sum(status = 'active') AS active FROM designs")
        }
        let designs = counts.first?["designs"]?.int ?? 0
        let active = counts.first?["active"]?.int ?? 0
        report.facts["designs"] = .int(designs)
        report.facts["activeDesigns"] = .int(active)
        report.facts["hostStartMilliseconds"] = .int(places.hostStart.milliseconds)
        narrator.tell(
            "CAD vault", "\(places.url(.vault)): \(designs.grouped) designs, \(active.grouped) active")
        narrator.tell("Simulation", "\(places.url(.simulation))")
        narrator.tell("Tenon", "\(places.url(.host)), started in \(places.hostStart.text)")
    }

    private func install() async throws {
        var installed: [String] = []
        for connector in ["http", "sqlite"] {
            let path = try Installation.package(of: connector)
            let size = (try FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber)?
                .int64Value
            let package = try await client.install(
                UploadFile(path: path, byteCount: size ?? 0), options: ["allowUnsigned"])
            installed.append("\(connector) \(package["version"]?.string ?? "")")
        }
        narrator.tell("Installed", installed.joined(separator: ", "))
    }

    /// Three systems, under the ids of the specification.
    private func deploy() async throws {
        let path = places.erpPath
        try await threads.runIfActive {
            try DatabaseQueue(path: path).write { database in
                try database.execute(
                    sql: """
                        CREATE TABLE \(Self.erpTable)
                        (erpDesignId TEXT PRIMARY KEY, erpDesignName TEXT, erpCost REAL)
                        """)
            }
        }
        try await deploy(
            "CAD vault", "http", as: "cad-integration-id",
            ["baseUrl": .string(places.url(.vault)), "streams": ["designs": "/designs"]])
        try await deploy(
            "Simulation service", "http", as: "simulation-integration-id",
            ["baseUrl": .string(places.url(.simulation))])
        try await deploy(
            "ERP database", "sqlite", as: "erp-integration-id",
            ["path": .string(path), "defaultStream": .string(Self.erpTable)])
    }

    private func deploy(
        _ name: String, _ package: String, as integration: String, _ configuration: JSON
    ) async throws {
        let connector = try await client.createConnector([
            "name": .string(name), "type": "bidirectional", "configuration": configuration,
            "package": .string(package),
        ])
        let instance = try await client.deploy(
            connector: connector["id"]?.string ?? "",
            [
                "projectId": .string(SpecificationDefinitions.projectID),
                "integrationId": .string(integration), "configuration": [:],
            ])
        let status = instance["status"]?.string ?? ""
        narrator.tell("Deployed", "\(integration) (\(package)): \(status)")
        guard status == "ready" else {
            throw CommandFailure(
                .failed, "\(integration) is \(status): \(instance["reason"]?.string ?? "no reason given")")
        }
    }

    private func runPipeline(_ report: inout DemoReport) async throws {
        let pipeline = try await client.create(.pipeline, try SpecificationDefinitions.pipeline())
        let start = ContinuousClock().now
        let execution = try await finished(.pipeline, pipeline)
        let time = ContinuousClock().now - start
        let records = execution.recordsProcessed ?? 0
        let rate = Int64(Double(records) / max(0.001, time.seconds))
        report.facts["recordsProcessed"] = .int(records)
        report.facts["recordsPerSecond"] = .int(rate)
        report.facts["pipelineMilliseconds"] = .int(time.milliseconds)
        narrator.tell(
            "Pipeline",
            "\"\(pipeline["name"]?.string ?? "")\" \(execution.status) in \(time.text): \(records.grouped) records, \(rate.grouped) a second"
        )
        for stage in execution.stages {
            narrator.tell("", "  \(stage.name): \(stage.read.grouped) → \(stage.written.grouped)")
        }
    }

    private func runWorkflow(_ report: inout DemoReport) async throws {
        let workflow = try await client.create(.workflow, try SpecificationDefinitions.workflow())
        let start = ContinuousClock().now
        let execution = try await finished(.workflow, workflow)
        let time = ContinuousClock().now - start
        report.facts["workflowMilliseconds"] = .int(time.milliseconds)
        let steps = execution.steps.map { "\($0["name"]?.string ?? "") \($0["status"]?.string ?? "")" }
        narrator.tell("Workflow", "\"\(workflow["name"]?.string ?? "")\" \(execution.status) in \(time.text)")
        for step in steps { narrator.tell("", "  \(step)") }
        try await checkSimulation(&report)
    }

    /// The job that arrived must be the vault's latest design, with the fields that the workflow maps.
    private func checkSimulation(_ report: inout DemoReport) async throws {
        let path = places.vaultPath
        let latest = try await threads.runIfActive {
            try RowComparison.sqlite3(
                path,
                "SELECT id AS designId, name AS designName, specs AS parameters FROM designs "
                    + "ORDER BY updatedAt DESC, id DESC LIMIT 1")
        }.first
        guard var expected = latest?.object else { return }
        expected["parameters"] = try expected["parameters"]?.string.map { try JSONParser.parse($0) }
        let jobs = simulation.jobs
        report.facts["simulations"] = .array(jobs)
        guard jobs == [.object(expected)] else {
            throw CommandFailure(
                .failed,
                "The simulation service got \(JSON.array(jobs).text) instead of \(JSON.object(expected).text)."
            )
        }
        narrator.tell(
            "Checked", "the simulation service got \(jobs[0]["designId"]?.string ?? ""), the latest design")
    }

    private func finished(_ kind: DefinitionKind, _ definition: JSON) async throws -> ExecutionBody {
        let context: JSON = ["userId": "user-123", "projectId": .string(SpecificationDefinitions.projectID)]
        let execution = try await client.execute(
            kind, definition["id"]?.string ?? "", context: kind == .workflow ? context : [:], waitSeconds: 25)
        guard execution.isSuccess else {
            throw CommandFailure(
                .failed,
                "The \(kind.rawValue) is \(execution.status): \(execution.errorMessage ?? execution.json.text)"
            )
        }
        return execution
    }

    private func compare(_ report: inout DemoReport) async throws {
        let comparison = RowComparison(
            vaultPath: places.vaultPath, erpPath: places.erpPath, table: Self.erpTable)
        let isCorrupted = isCorrupted
        let outcome = try await threads.runIfActive {
            if isCorrupted { try comparison.corrupt() }
            return try comparison.run()
        }
        report.facts["rowsCompared"] = .int(Int64(outcome.rowCount))
        report.differenceCount = outcome.differenceCount
        report.differences = outcome.differences
        let rows = Int64(outcome.rowCount).grouped
        narrator.tell(
            "Compared",
            outcome.differenceCount == 0
                ? Output.green("all \(rows) rows in the ERP equal what sqlite3 answers over the vault")
                : Output.red("\(outcome.differenceCount) of \(rows) rows differ"))
    }

    func tellHowToGoOn() {
        narrator.tell("Running", "until Ctrl-C. In another terminal:")
        narrator.tell("", "  tenon execution list --data \(places.dataDirectory) --url \(places.url(.host))")
    }
}
