internal import Foundation
internal import Logging
internal import Synchronization
internal import TenonClient
internal import TenonColumns
internal import TenonConnectors
internal import TenonJSON
internal import TenonModel

/// Runs a library without a host: one instance, one call.
struct ConnectorTrial: Sendable {
    let libraryPath: String
    let configuration: JSON
    let isInProcess: Bool

    /// The action's output. Input and output are what the manifest says where the library lies in the folder
    /// of a package. Blocks.
    func invoke(_ action: String, input: JSON) throws -> JSON {
        let description = try manifest()?.action(action)
        try description?.check(input: input)
        let output = try answer(of: action, to: input)
        try description?.check(output: output)
        return output
    }

    /// That of `FOLDER/lib/<platform>/LIBRARY`, or one beside the library; nil where there is none.
    private func manifest() throws -> Manifest? {
        var folder = URL(fileURLWithPath: libraryPath)
        for _ in 0..<3 {
            folder.deleteLastPathComponent()
            let path = folder.appendingPathComponent("connector.json").path
            if let bytes = FileManager.default.contents(atPath: path) {
                return try Manifest.parse(Array(bytes))
            }
        }
        return nil
    }

    private func answer(of action: String, to input: JSON) throws -> JSON {
        try withConnection { connection in
            let answered = DispatchSemaphore(value: 0)
            let answer = Mutex<Result<[UInt8], CallFailure>?>(nil)
            connection.invoke(ActionRequest(action: action, input: JSONWriter.bytes(input))) { result in
                answer.withLock { $0 = result }
                answered.signal()
            }
            answered.wait()
            switch answer.withLock({ $0 }) {
            case .success(let bytes): return bytes.isEmpty ? .null : try JSONParser.parse(bytes)
            case .failure(let failure): throw Self.failure("The action \"\(action)\"", failure)
            case nil: return .null
            }
        }
    }

    /// Every record of a stream as a line of JSON. Blocks.
    func read(_ stream: String, line: (String) -> Void) throws {
        try withConnection { connection in
            do {
                let request: JSON = ["stream": .string(stream)]
                let reader = try connection.openReader(ReadRequest(requestJSON: JSONWriter.bytes(request)))
                defer { reader.close() }
                while let events = try reader.next() {
                    for case .batch(let batch) in events {
                        let text = String(decoding: try NDJSONWriter.lines(of: batch), as: UTF8.self)
                        for record in text.split(separator: "\n") { line(String(record)) }
                    }
                }
            } catch let failure as CallFailure {
                throw Self.failure("The stream \"\(stream)\"", failure)
            }
        }
    }

    private func withConnection<Value>(_ body: (any InstanceConnection) throws -> Value) throws -> Value {
        let directory = NSTemporaryDirectory() + "tenon-run-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer {
            // What stays lies in the system's temporary directory.
            try? FileManager.default.removeItem(atPath: directory)
        }
        let plan = LaunchPlan(
            instanceName: "trial", libraryPath: libraryPath,
            configurationJSON: JSONWriter.bytes(configuration),
            isolation: isInProcess ? .host : .cell, cellPath: try Installation.cellPath(),
            runDirectory: directory)
        let services = HostServices(state: TrialState()) { line in
            Output.errorLine(
                "\(line.level): \(line.message)\(line.fieldsJSON.isEmpty ? "" : " " + line.fieldsJSON)")
        }
        let connection = InstanceConnections.make(
            plan, services: services, time: SystemTime(), logger: Logger(label: "tenon"))
        do {
            try connection.start()
        } catch {
            throw Self.failure("The connector", error)
        }
        defer { connection.stop() }
        return try body(connection)
    }

    private static func failure(_ subject: String, _ failure: CallFailure) -> CommandFailure {
        CommandFailure(
            .failed,
            "\(subject) failed: \(failure.message) (\(failure.status.name), class \(failure.errorClass.name), effect \(failure.effect))"
        )
    }
}

/// Remembers values as long as the trial lasts.
private final class TrialState: StateStorage {
    private let values = Mutex<[String: [UInt8]]>([:])

    func get(instance: String, key: String) throws(CallFailure) -> [UInt8]? { values.withLock { $0[key] } }
    func put(instance: String, key: String, value: [UInt8]) throws(CallFailure) {
        values.withLock { $0[key] = value }
    }
    func remove(instance: String, key: String) throws(CallFailure) { values.withLock { $0[key] = nil } }
}
