internal import Foundation
internal import Logging
internal import TenonConnectors
internal import TenonModel
internal import TenonStore
internal import TenonTestKit

/// A data directory with a registry and deployments, as a host has them.
final class TestRegistry {
    let temporary = TemporaryDirectory()
    let time = ManualTime()
    private(set) var store: Store
    private(set) var registry: ConnectorRegistry
    private(set) var deployments: Deployments

    init() throws {
        (store, registry, deployments) = try Self.open(temporary.file("data"), time)
    }

    deinit { deployments.stopAll() }

    private static func open(_ directory: String, _ time: ManualTime) throws -> (
        Store, ConnectorRegistry, Deployments
    ) {
        let store = try Store.open(directory: directory, time: time)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let registry = ConnectorRegistry(store: store, cellPath: cellPath, time: time, logger: logger)
        return (store, registry, Deployments(registry: registry, store: store, time: time, logger: logger))
    }

    /// Beside the tests, where the build puts it.
    static var cellPath: String {
        let arguments = CommandLine.arguments.first ?? ""
        let beside = URL(fileURLWithPath: arguments).deletingLastPathComponent().path + "/tenon-cell"
        return FileManager.default.isExecutableFile(atPath: beside)
            ? beside : FileManager.default.currentDirectoryPath + "/.build/debug/tenon-cell"
    }

    /// Ends this host and starts the next on the same data.
    func restart() throws {
        deployments.stopAll()
        try store.close()
        (store, registry, deployments) = try Self.open(temporary.file("data"), time)
    }

    static var allowed: InstallOptions { InstallOptions(allowUnsigned: true, actor: "tester") }

    /// Every file and folder below `connectors/`.
    var contents: [String] {
        let root = store.directory + "/connectors"
        return (FileManager.default.enumerator(atPath: root)?.allObjects as? [String] ?? []).sorted()
    }
}
