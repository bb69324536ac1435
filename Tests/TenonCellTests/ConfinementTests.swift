import Foundation
import Logging
import TenonModel
import TenonTestKit
import Testing

@testable import TenonConnectors

@Suite struct ConfinementTests {
    private let data = TemporaryDirectory()

    /// A cell whose own directory and library lie in the data directory, as they do in a host.
    private func connection(digest: Digest? = nil) throws -> any InstanceConnection {
        let files = FileManager.default
        let library = data.file("packages/misbehave/library.so")
        try files.createDirectory(
            atPath: data.file("packages/misbehave"), withIntermediateDirectories: true)
        try files.createDirectory(atPath: data.file("run"), withIntermediateDirectories: true)
        try files.copyItem(atPath: Fixtures.library("misbehave"), toPath: library)
        let plan = LaunchPlan(
            instanceName: "confined", libraryPath: library, libraryDigest: digest,
            cellPath: Fixtures.cellPath, runDirectory: data.file("run"), deniedDirectory: data.path)
        return InstanceConnections.make(
            plan, services: HostServices(state: MemoryState(), log: { _ in }), time: SystemTime(),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    private struct Touched: Decodable {
        var readError: Int32
        var writeError: Int32
    }

    private func touch(_ path: String, _ connection: any InstanceConnection) throws -> Touched {
        let answer = Latch<Result<[UInt8], CallFailure>>()
        let request = ActionRequest(action: "touch_file", input: Array(#"{"path":"\#(path)"}"#.utf8))
        connection.invoke(request) { answer.set($0) }
        return try JSONDecoder().decode(Touched.self, from: Data(try answer.wait().get()))
    }

    @Test func `a cell reads nothing of the data directory but its own directory and its library`() throws {
        let secret = data.file("tenon.db")
        try Data("secret".utf8).write(to: URL(fileURLWithPath: secret))
        let connection = try connection()
        try connection.start()
        defer { connection.stop() }
        let isHidden = connection.protections.contains {
            $0 == "data directory hidden" || $0.hasPrefix("landlock")
        }
        // Without both the machine protects nothing, and the instance says so.
        guard isHidden else { return }
        let denied = try touch(secret, connection)
        #expect(denied.readError != 0)
        #expect(denied.writeError != 0)
        // Made after the cell was set up.
        let later = data.file("later.db")
        try Data("secret".utf8).write(to: URL(fileURLWithPath: later))
        #expect(try touch(later, connection).readError != 0)
        #expect(try touch(".", connection).readError == 0)
        #expect(try touch(data.file("packages/misbehave/library.so"), connection).readError == 0)
        #expect(try touch(data.file("packages/misbehave/library.so"), connection).writeError != 0)
    }

    @Test func `a library with other bytes than promised is refused`() throws {
        let connection = try connection(digest: Digest(rawValue: String(repeating: "0", count: 64)))
        do throws(CallFailure) {
            try connection.start()
            Issue.record("it started")
        } catch {
            #expect(error.detailsJSON.contains("library.changed"))
            #expect(error.effect == .notApplied)
        }
        #expect(connection.status.rawName == "failed")
    }
}
