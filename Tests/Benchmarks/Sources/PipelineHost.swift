import Foundation
import Logging
import TenonConnectors
import TenonJSON
import TenonModel
import TenonRuntime

/// A host with the connectors of the comparison jobs, over a folder of input and one of output.
final class PipelineHost {
    struct JobFailed: Error {
        var text: String
    }

    let host: TenonHost
    let input: String
    let output: String
    private var databaseCount = 0
    private static let project = "bench"

    init(cell: String, packages: [String], input: String, directory: String) throws {
        self.input = input
        output = directory + "/out"
        try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
        host = try TenonHost(
            HostConfiguration(
                dataDirectory: directory + "/data", cellPath: cell, engineThreads: 2,
                logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }))
        try host.start()
        for package in packages {
            _ = try host.registry.install(
                package: package, options: InstallOptions(allowUnsigned: true, inHost: true, actor: "bench"))
        }
        for isolation in ["cell", "host"] {
            try deploy("files", as: "source-\(isolation)", ["path": .string(input)], isolation)
            try deploy(
                "files", as: "files-\(isolation)",
                ["path": .string(output), "durable": false], isolation)
        }
    }

    private func deploy(
        _ package: String, as integration: String, _ configuration: JSON, _ isolation: String
    ) throws {
        let connector = try host.deployments.createConnector([
            "name": .string(integration), "type": "bidirectional", "package": .string(package),
            "configuration": [:],
        ])
        let record = try host.deployments.deploy(
            connector.id,
            [
                "projectId": .string(Self.project), "integrationId": .string(integration),
                "configuration": configuration, "isolation": .string(isolation),
            ])
        guard "\(record.status)".hasPrefix("ready") else {
            throw JobFailed(text: "\(integration): \(record.json.text)")
        }
    }

    /// Deploys a database of its own, so that every run begins with an empty file, and saves the job for it.
    func saveWithNewDatabase(_ job: PipelineJob) throws -> PipelineID {
        databaseCount += 1
        try deploy(
            "sqlite", as: "database-\(databaseCount)",
            ["path": .string(output + "/designs-\(databaseCount).db"), "createIfMissing": true], "cell")
        var job = job
        job.name += "-\(databaseCount)"
        job.targetNumber = databaseCount
        return try save(job)
    }

    func save(_ job: PipelineJob) throws -> PipelineID {
        let definition = job.definition(
            project: Self.project, source: "\(job.source)-\(job.isolation)",
            target: job.targetNumber.map { "database-\($0)" } ?? "files-\(job.isolation)")
        return try host.savePipeline(definition, id: nil).id
    }

    /// From the request to the recorded end.
    func seconds(_ pipeline: PipelineID) throws -> Double {
        let start = SystemTime().monotonicNanoseconds()
        let id = try host.executePipeline(pipeline)
        let done = DispatchSemaphore(value: 0)
        Task.detached { [host] in
            _ = await host.whenFinished(id, within: .seconds(600))
            done.signal()
        }
        done.wait()
        let elapsed = Double(SystemTime().monotonicNanoseconds() - start) / 1e9
        let execution = try host.execution(id)
        guard "\(execution.status)" == "completed" else { throw JobFailed(text: execution.json.text) }
        return elapsed
    }
}
