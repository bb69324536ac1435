import CPlatform
import Foundation
import Logging
import Synchronization
import TenonModel
import TenonTestKit

@testable import TenonConnectors

/// An instance of a fixture connector for one test.
final class CellBench: Sendable {
    let connection: any InstanceConnection
    private let directory = TemporaryDirectory()
    private let taken: LineStore
    let state: MemoryState

    init(
        _ name: String, configuration: String = "{}", isolation: Isolation = .cell, concurrency: Int = 1,
        denied: String = "", accepts: [String] = [], cellPath: String = Fixtures.cellPath
    ) {
        let taken = LineStore()
        self.taken = taken
        state = MemoryState()
        let library = name.hasSuffix(".so") ? name : Fixtures.library(name)
        let plan = LaunchPlan(
            instanceName: "bench", libraryPath: library, configurationJSON: Array(configuration.utf8),
            isolation: isolation, concurrency: concurrency, accepts: accepts, cellPath: cellPath,
            runDirectory: directory.path, deniedDirectory: denied)
        connection = InstanceConnections.make(
            plan, services: HostServices(state: state, log: { taken.add($0) }), time: SystemTime(),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    static func run(
        _ name: String, configuration: String = "{}", isolation: Isolation = .cell,
        _ body: (CellBench) throws -> Void
    ) throws {
        let bench = CellBench(name, configuration: configuration, isolation: isolation)
        try bench.connection.start()
        defer { bench.connection.stop() }
        try body(bench)
    }

    var lines: [LogLine] { taken.lines }
    var processID: Int32 { (connection as? CellConnection)?.processID ?? 0 }

    func result(_ action: String, _ input: String = "{}", deadline: UInt64 = 0) -> Result<
        [UInt8], CallFailure
    > {
        let answer = Latch<Result<[UInt8], CallFailure>>()
        let request = ActionRequest(action: action, input: Array(input.utf8), deadlineNanoseconds: deadline)
        connection.invoke(request) { answer.set($0) }
        return answer.wait()
    }

    func invoke(_ action: String, _ input: String) throws -> String {
        String(decoding: try result(action, input).get(), as: UTF8.self)
    }

    /// Whether the connector answers the document it is given.
    func echoes(_ document: String) -> Bool {
        guard case .success(let bytes) = result("echo", document) else { return false }
        return bytes == Array(document.utf8)
    }

    func failure(_ action: String, _ input: String = "{}", deadline: UInt64 = 0) -> CallFailure? {
        Self.failure(result(action, input, deadline: deadline))
    }

    static func failure(_ result: Result<[UInt8], CallFailure>) -> CallFailure? {
        if case .failure(let failure) = result { failure } else { nil }
    }

    /// Looks again and again for at most half a minute.
    func waitUntil(_ condition: () -> Bool) -> Bool {
        for _ in 0..<3000 {
            if condition() { return true }
            usleep(10_000)
        }
        return condition()
    }

    static func count(_ path: String) -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: path).count) ?? 0
    }
}

/// Log lines as they came.
final class LineStore: Sendable {
    private let store = Mutex<[LogLine]>([])
    func add(_ line: LogLine) { store.withLock { $0.append(line) } }
    var lines: [LogLine] { store.withLock { $0 } }
}

/// A state service in memory.
final class MemoryState: StateStorage {
    private let values = Mutex<[String: [UInt8]]>([:])
    func get(instance: String, key: String) throws(CallFailure) -> [UInt8]? {
        values.withLock { $0[instance + "/" + key] }
    }
    func put(instance: String, key: String, value: [UInt8]) throws(CallFailure) {
        values.withLock { $0[instance + "/" + key] = value }
    }
    func remove(instance: String, key: String) throws(CallFailure) {
        values.withLock { _ = $0.removeValue(forKey: instance + "/" + key) }
    }
}
