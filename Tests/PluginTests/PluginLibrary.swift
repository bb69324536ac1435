import Foundation
import Logging
import Synchronization
import TenonColumns
import TenonConnectors
import TenonJSON
import TenonModel
import TenonTestKit

/// The first-party connectors, compiled as a third party would.
enum PluginLibrary {
    static let sqlite = compile("Sqlite", name: "sqlite", library: "sqlite3")
    static let http = compile("Http", name: "http", library: "curl")

    private static func compile(_ folder: String, name: String, library: String) -> String {
        let directory = Fixtures.root + "/.build/fixtures/plugins"
        let source = Fixtures.root + "/Plugins/" + folder
        let target = "\(directory)/\(name)-\(ProcessInfo.processInfo.processIdentifier).so"
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let files = try FileManager.default.contentsOfDirectory(atPath: source)
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments =
                [
                    "cc", "-std=c11", "-O1", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared",
                    "-fvisibility=hidden", "-I", Fixtures.root + "/SDK/C/include",
                    "-Wl,--version-script=\(Fixtures.root)/SDK/C/exports.map", "-o", target,
                ] + files.filter { $0.hasSuffix(".c") }.map { "\(source)/\($0)" } + ["-l\(library)"]
            try process.run()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { fatalError("\(source) does not compile") }
        } catch {
            fatalError("\(source) does not compile: \(error)")
        }
        return target
    }
}

/// An instance of a first-party connector in this process.
struct Plugin {
    /// What was read before the end or the error.
    struct Reading {
        var records: [JSON] = []
        var schema: Schema?
        var checkpoints: [[UInt8]] = []
        /// How many records had come, or been left out by the filter, at each checkpoint.
        var recordsAtCheckpoints: [Int] = []
        var skipped = 0
        var rejected: [RejectedRecord] = []
        var progress: (done: UInt64, total: UInt64)?
        /// What the reader says it followed.
        var honoured: JSON = .null
        var failure: CallFailure?
    }

    let connection: any InstanceConnection

    init(_ library: String, _ configuration: JSON, accepts: [String] = []) throws {
        let plan = LaunchPlan(
            instanceName: "test \(UUID())", libraryPath: library,
            configurationJSON: JSONWriter.bytes(configuration),
            isolation: .host, accepts: accepts, cellPath: "", runDirectory: "")
        connection = InstanceConnections.make(
            plan, services: HostServices(state: MemoryState()) { _ in }, time: SystemTime(),
            logger: Logger(label: "test"))
        try connection.start()
    }

    @discardableResult
    func invoke(_ action: String, _ input: JSON, key: String = "") throws -> JSON {
        let answer = Mutex<Result<[UInt8], CallFailure>?>(nil)
        let answered = DispatchSemaphore(value: 0)
        let request = ActionRequest(
            action: action, input: JSONWriter.bytes(input), idempotencyKey: key, traceparent: "00-trace")
        connection.invoke(request) { result in
            answer.withLock { $0 = result }
            answered.signal()
        }
        answered.wait()
        let bytes = try answer.withLock { $0 }?.get() ?? []
        return bytes.isEmpty ? .null : try JSONParser.parse(bytes)
    }

    /// The failure that an action ends with.
    func failure(_ action: String, _ input: JSON) throws -> CallFailure {
        do {
            let answer = try invoke(action, input)
            throw Unexpected(answer: answer)
        } catch let failure as CallFailure {
            return failure
        }
    }

    struct Unexpected: Error { let answer: JSON }

    func read(_ request: JSON, checkpoint: [UInt8] = []) throws -> Reading {
        var reading = Reading()
        do {
            let reader = try connection.openReader(
                ReadRequest(requestJSON: JSONWriter.bytes(request), checkpoint: checkpoint))
            defer { reader.close() }
            if !reader.honoured.isEmpty { reading.honoured = try JSONParser.parse(reader.honoured) }
            while let events = try reader.next() {
                for event in events { try reading.add(event) }
            }
        } catch let failure as CallFailure {
            reading.failure = failure
        }
        return reading
    }

    func writer(_ request: JSON, _ schema: Schema) throws -> any BatchWriter {
        try connection.openWriter(WriteRequest(requestJSON: JSONWriter.bytes(request), schema: schema))
    }
}

extension Plugin.Reading {
    fileprivate mutating func add(_ event: RecordEvent) throws {
        switch event {
        case .schema(let schema): self.schema = schema
        case .checkpoint(let position):
            checkpoints.append(position)
            recordsAtCheckpoints.append(records.count)
        case .rejected(let records): rejected += records
        case .skipped(let count): skipped += Int(count)
        case .progress(let done, let total): progress = (done, total)
        case .batch(let batch):
            for line in try NDJSONWriter.lines(of: batch).split(separator: 0x0A) {
                records.append(try JSONParser.parse(Array(line)))
            }
        }
    }
}

/// Columns from records.
func batch(_ schema: Schema, _ records: [JSON]) throws -> Batch {
    var reader = NDJSONReader(schema: schema)
    var lines: [UInt8] = []
    for record in records { lines += JSONWriter.bytes(record) + [0x0A] }
    reader.append(lines, rowCount: records.count)
    let batches = try reader.takeBatches(isFinal: true)
    guard let first = batches.first, batches.count == 1 else { fatalError("not one batch") }
    return first
}

final class MemoryState: StateStorage {
    private let values = Mutex<[String: [UInt8]]>([:])

    func get(instance: String, key: String) throws(CallFailure) -> [UInt8]? { values.withLock { $0[key] } }
    func put(instance: String, key: String, value: [UInt8]) throws(CallFailure) {
        values.withLock { $0[key] = value }
    }
    func remove(instance: String, key: String) throws(CallFailure) {
        _ = values.withLock { $0.removeValue(forKey: key) }
    }
}
