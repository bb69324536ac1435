import Foundation
import TenonTestKit

/// The host in a process of its own that tests kill or watch (`Tests/Fixtures/CrashHost`).
final class CrashHostProcess {
    private let process = Process()
    private let output = Pipe()

    init(_ arguments: [String], environment: [String: String] = [:]) throws {
        let program = URL(fileURLWithPath: Fixtures.cellPath).deletingLastPathComponent()
        process.executableURL = program.appendingPathComponent("tenon-crash-fixture")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = output
        try process.run()
    }

    func waitUntilReady() -> Bool {
        String(decoding: output.fileHandleForReading.availableData, as: UTF8.self).contains("ready")
    }

    func kill() {
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    var identifier: Int32 { process.processIdentifier }

    func waitForEnd() { process.waitUntilExit() }
}
