import Foundation
import Logging
import Synchronization
import TenonConnectors
import TenonJSON
import TenonModel
import TenonTestKit

@testable import TenonRuntime

/// A host whose connector tells everybody what it was given, and whose log is kept.
final class SecretHost {
    static let project = ProjectID("project")

    let directory: TemporaryDirectory
    let host: TenonHost
    let log = KeptLog()

    init(
        _ connections: [String: any InstanceConnection],
        in directory: TemporaryDirectory = TemporaryDirectory(), time: any TimeSource = SystemTime()
    ) throws {
        self.directory = directory
        var configuration = HostConfiguration(
            dataDirectory: directory.file("data"), cellPath: "/nonexistent", engineThreads: 2, time: time,
            logger: Logger(label: "test") { [log] _ in log })
        configuration.pace = .quick
        host = try TenonHost(configuration, directory: InProcessDirectory(connections: connections))
        try host.start()
    }

    deinit { host.drain(.zero) }

    func set(_ name: String, _ value: String) throws {
        _ = try host.setSecret(project: Self.project, name: name, value: value)
    }

    func save(_ steps: [JSON]) throws -> WorkflowRecord {
        try host.saveWorkflow(
            ["projectId": "project", "name": "w", "steps": .array(steps)], id: nil,
            options: SaveOptions(updatesByName: true))
    }

    func run(_ steps: [JSON]) async throws -> ExecutionRecord {
        let id = try host.executeWorkflow(save(steps).id, context: [:])
        _ = await host.whenFinished(id, within: .seconds(20))
        return try host.execution(id)
    }

    /// The files of the data directory that hold a text, in any of its forms.
    func files(holding text: String) throws -> [String] {
        let root = URL(fileURLWithPath: directory.file("data"))
        let needles = [Data(text.utf8), Data(Data(text.utf8).base64EncodedData())]
        let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
        return (files?.compactMap { $0 as? URL } ?? []).filter { url in
            guard let bytes = try? Data(contentsOf: url) else { return false }
            return needles.contains { bytes.range(of: $0) != nil }
        }.map(\.lastPathComponent)
    }
}

/// Answers with its input, as it is and encoded.
func tellingConnection() -> InProcessConnection {
    InProcessConnection { request in
        let input = String(decoding: request.input, as: UTF8.self)
        let encoded = Data(request.input).base64EncodedString()
        return .now(.success(JSONWriter.bytes(["got": .string(input), "encoded": .string(encoded)])))
    }
}

/// Fails with its input in every text of its failure.
func failingConnection() -> InProcessConnection {
    InProcessConnection { request in
        let input = String(decoding: request.input, as: UTF8.self)
        var failure = CallFailure(.badData, "cannot take \(input)", effect: .notApplied)
        failure.fieldPath = "/\(input)"
        failure.detailsJSON = JSON.object(["sent": .string(input)]).text
        return .now(.failure(failure))
    }
}

final class KeptLog: LogHandler, @unchecked Sendable {
    // Invariant: the two below are set before the handler is used; lines are behind a lock.
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace
    let lines = Mutex<[String]>([])

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let facts = "\(event.metadata ?? [:]) \(event.error.map { "\($0)" } ?? "")"
        lines.withLock { $0.append("\(event.level) \(event.message) \(facts)") }
    }

    var text: String { lines.withLock { $0.joined(separator: "\n") } }
}
