import Foundation
import TenonClient
import TenonJSON
import TenonTestKit
import Testing

/// `tenon serve` on a free port over a temporary data directory.
final class ServedHost {
    let directory: TemporaryDirectory
    let url: String
    private let process: Process

    var data: String { directory.path + "/data" }
    var token: String { (try? String(contentsOfFile: data + "/admin.token", encoding: .utf8)) ?? "" }
    var client: TenonClient {
        TenonClient(url: url, token: token.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    init(directory: TemporaryDirectory = TemporaryDirectory(), arguments: [String] = []) throws {
        self.directory = directory
        process = Process()
        process.executableURL = URL(fileURLWithPath: Products.tenon)
        process.arguments =
            ["serve", "--data", directory.path + "/data", "--listen", "127.0.0.1:0"] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        // One line, as soon as the host listens; nothing where it could not start.
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let word = line.split(separator: " ").first { $0.hasPrefix("http://") }
        url = try #require(word.map { String($0.prefix { $0 != "," }) }, "the host did not start: \(line)")
    }

    /// The command line on this host.
    func run(_ arguments: [String], input: String? = nil) async throws -> Ended {
        try await tenon(arguments + ["--data", data], input: input)
    }

    func send(signal: Int32) { kill(process.processIdentifier, signal) }

    /// Asks it to end and answers its exit code.
    func stop() async -> Int32 {
        if process.isRunning { process.terminate() }
        let process = process
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                process.waitUntilExit()
                continuation.resume(returning: process.terminationStatus)
            }
        }
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    /// Installs a first-party package and deploys it as `integration` in project-123.
    func deploy(_ connector: String, as integration: String, _ settings: [String]) async throws {
        try await deploy(package: Products.package(connector), connector, as: integration, settings)
    }

    /// Packs and installs a connector of `Tests/Fixtures` and deploys it likewise.
    func deploy(fixture connector: String, as integration: String, _ settings: [String] = []) async throws {
        let package = directory.file("\(connector)-1.0.0.tenon")
        if !FileManager.default.fileExists(atPath: package) {
            let folder = Fixtures.packageFolder(connector)
            let pack = try await tenon(["connector", "pack", folder, "--output", directory.path])
            try #require(pack.exitCode == 0, "\(pack.errors)")
        }
        try await deploy(package: package, connector, as: integration, settings)
    }

    private func deploy(
        package: String, _ connector: String, as integration: String, _ settings: [String]
    ) async throws {
        let install = try await run(["connector", "install", package, "--allow-unsigned"])
        try #require(install.exitCode == 0, "\(install.errors)")
        let deploy = try await run(
            ["deploy", connector, "--project", "project-123", "--as", integration]
                + settings.flatMap { ["--set", $0] })
        try #require(deploy.exitCode == 0, "\(deploy.errors)")
        #expect(deploy.output.contains("ready"), "\(deploy.output)")
    }
}
