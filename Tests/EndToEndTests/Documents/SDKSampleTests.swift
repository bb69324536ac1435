import Foundation
import TenonJSON
import TenonTestKit
import Testing

/// The SDK's README, followed to the letter.
struct SDKSampleTests {
    private static let root = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL

    /// The code block behind the mark `<!-- sample: name -->`, or the first one in `language`.
    static func block(_ mark: String?, _ language: String, in readme: String) throws -> String {
        var text = readme[...]
        if let mark {
            let range = try #require(text.range(of: "<!-- sample: \(mark) -->"), "no sample \(mark)")
            text = text[range.upperBound...]
        }
        let start = try #require(text.range(of: "```\(language)\n"))
        let end = try #require(text[start.upperBound...].range(of: "\n```"))
        return String(text[start.upperBound..<end.lowerBound]) + "\n"
    }

    static func shell(_ commands: String, in folder: String, _ variables: [String: String])
        async throws
        -> Ended
    {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-euc", commands]
        process.currentDirectoryURL = URL(filePath: folder)
        process.environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let data = output.fileHandleForReading.readDataToEndOfFile()
                process.waitUntilExit()
                continuation.resume(
                    returning: Ended(
                        exitCode: process.terminationStatus, output: String(decoding: data, as: UTF8.self),
                        errors: ""))
            }
        }
    }

    @Test func `the sample connector builds, packs, installs, and serves a step and a pipeline`() async throws
    {
        let readme = try String(contentsOf: Self.root.appending(path: "SDK/README.md"), encoding: .utf8)
        let source = try Self.block("hello.c", "c", in: readme)
        #expect(source.split(separator: "\n", omittingEmptySubsequences: false).count <= 121)
        let host = try ServedHost()
        let folder = host.directory.path
        try source.write(toFile: folder + "/hello.c", atomically: true, encoding: .utf8)
        try Self.block("connector.json", "json", in: readme).write(
            toFile: folder + "/connector.json", atomically: true, encoding: .utf8)
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/SDK", withDestinationPath: Self.root.appending(path: "SDK").path)

        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let commands = try Self.block(nil, "sh", in: readme)
        let ended = try await Self.shell(
            commands, in: folder, ["PATH": Products.directory + ":" + path, "TENON_DATA": host.data])
        #expect(ended.exitCode == 0, "\(ended.output)")
        #expect(ended.output.contains(#"{"text":"Hello, Ada"}"#), "\(ended.output)")
        #expect(ended.output.contains(#""n":4,"square":16"#), "\(ended.output)")

        try await Self.runStep(host)
        try await Self.runPipeline(host)
        #expect(await host.stop() == 0)
    }

    private static func runStep(_ host: ServedHost) async throws {
        let file = host.directory.file("greet.yaml")
        try """
        projectId: demo
        name: Greet
        integrationIds: [greeter]
        steps:
          - {name: Greet, type: api-call, order: 0,
             parameters: {integrationId: greeter, action: greet, input: {name: "{{context.who}}"}}}
        """.write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try await host.run(["workflow", "apply", "-f", file]).exitCode == 0)
        let run = try await host.run([
            "workflow", "run", "Greet", "--project", "demo", "--set", "who=Ada", "--json",
        ])
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.output.contains("Hi, Ada"), "\(run.output)")
    }

    private static func runPipeline(_ host: ServedHost) async throws {
        let database = host.directory.file("numbers.db")
        let install = try await host.run([
            "connector", "install", Products.package("sqlite"), "--allow-unsigned",
        ])
        try #require(install.exitCode == 0, "\(install.errors)")
        let deploy = try await host.run([
            "deploy", "sqlite", "--project", "demo", "--as", "numbers-db", "--set", "path=\(database)",
            "--set",
            "createIfMissing=true",
        ])
        try #require(deploy.exitCode == 0, "\(deploy.errors)")
        let file = host.directory.file("numbers.json")
        try """
        {"projectId": "demo", "name": "Numbers", "sourceIntegrationId": "greeter", "targetIntegrationId": "numbers-db",
         "stages": [{"name": "Extract", "type": "extract", "order": 0, "transformations": []},
                    {"name": "Load", "type": "load", "order": 1, "transformations": []}]}
        """.write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try await host.run(["pipeline", "apply", "-f", file]).exitCode == 0)
        let run = try await host.run(["pipeline", "run", "Numbers", "--project", "demo", "--json"])
        #expect(run.exitCode == 0, "\(run.output) \(run.errors)")
        #expect(try JSONParser.parse(run.output)["execution"]?["recordsProcessed"] == 10)
    }
}
