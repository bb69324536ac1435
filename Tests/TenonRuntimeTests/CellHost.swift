import Foundation
import Logging
import TenonConnectors
import TenonJSON
import TenonModel
import TenonTestKit
import Testing

@testable import TenonRuntime

/// A host whose connectors run in real cells.
final class CellHost {
    static let project = ProjectID("project")
    let host: TenonHost

    init(data: String, pace: PipelinePace = .quick) throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        var configuration = HostConfiguration(
            dataDirectory: data, cellPath: Fixtures.cellPath, engineThreads: 2, logger: logger)
        configuration.pace = pace
        host = try TenonHost(configuration)
        try host.start()
    }

    deinit { host.drain(.zero) }

    func install(_ package: String) throws {
        _ = try host.registry.install(package: package, options: InstallOptions(allowUnsigned: true))
    }

    /// Deploys an instance of the package under `name`.
    func deploy(_ name: String, package: String, type: String, _ configuration: JSON) throws {
        let connector = try host.deployments.createConnector([
            "name": .string(name), "type": .string(type), "package": .string(package),
            "configuration": configuration,
        ])
        _ = try host.deployments.deploy(
            connector.id, ["projectId": .string(Self.project.rawValue), "integrationId": .string(name)])
    }

    func savePipeline(
        _ name: String, from source: String, to target: String, extract: JSON = [:], middle: [JSON] = [],
        load: JSON
    ) throws -> PipelineID {
        let first: JSON = [
            "name": "Extract", "type": "extract", "order": 0, "transformations": [], "parameters": extract,
        ]
        let last: JSON = [
            "name": "Load", "type": "load", "order": 9, "transformations": [], "parameters": load,
        ]
        return try host.savePipeline(
            [
                "projectId": .string(Self.project.rawValue), "name": .string(name),
                "sourceIntegrationId": .string(source), "targetIntegrationId": .string(target),
                "stages": .array([first] + middle + [last]),
            ], id: nil
        ).id
    }

    /// Executes and waits until it is finished.
    func run(_ id: PipelineID) async throws -> ExecutionRecord {
        let execution = try host.executePipeline(id)
        #expect(await host.whenFinished(execution, within: .seconds(30)))
        return try host.execution(execution)
    }
}

/// The package of the connector in `Plugins/Sqlite`, compiled as a third party would, once.
enum SqlitePackage {
    private static let directory = TemporaryDirectory()
    private static let package = Result { try compile() }

    /// The path of the package, for as long as the tests run.
    static func pack() throws -> String { try package.get() }

    private static func compile() throws -> String {
        let source = Fixtures.root + "/Plugins/Sqlite"
        let folder = directory.file("sqlite")
        let library = folder + "/lib/linux-x86_64"
        let files = FileManager.default
        try files.createDirectory(atPath: library, withIntermediateDirectories: true)
        for name in ["connector.json", "README.md"] {
            try files.copyItem(atPath: "\(source)/\(name)", toPath: "\(folder)/\(name)")
        }
        let sources = try files.contentsOfDirectory(atPath: source).filter { $0.hasSuffix(".c") }
        let compiler = Process()
        compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        compiler.arguments =
            [
                "cc", "-std=c11", "-O1", "-fPIC", "-shared", "-fvisibility=hidden", "-I",
                Fixtures.root + "/SDK/C/include", "-Wl,--version-script=\(Fixtures.root)/SDK/C/exports.map",
                "-o", library + "/sqlite.so",
            ] + sources.map { "\(source)/\($0)" } + ["-lsqlite3"]
        try compiler.run()
        compiler.waitUntilExit()
        try #require(compiler.terminationStatus == 0)
        let package = directory.file("sqlite.tenon")
        try PackageArchive.pack(folder: folder, output: package)
        return package
    }
}
