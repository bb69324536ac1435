internal import Foundation
internal import Hummingbird
internal import Logging
internal import ServiceLifecycle
internal import TenonModel
internal import TenonRuntime
internal import TenonServer

/// A host with its API: everything that `tenon serve` and the demo run.
struct RunningHost: Sendable {
    let operations: HostedOperations
    let pool: BlockingPool
    private let configuration: ServerConfiguration
    private let logger: Logger

    /// Opens the data directory and recovers what an earlier start left. Blocks.
    init(_ options: HostOptions, logger: Logger) throws {
        let host = try TenonHost(
            HostConfiguration(
                dataDirectory: options.dataDirectory, cellPath: try Installation.cellPath(),
                engineThreads: ProcessInfo.processInfo.activeProcessorCount, logger: logger))
        let token = options.needsToken ? try AdminToken.load(dataDirectory: options.dataDirectory) : nil
        try host.start()
        operations = HostedOperations(host)
        pool = BlockingPool()
        self.logger = logger
        configuration = ServerConfiguration(
            address: options.address, port: options.port, token: token, hostNames: options.hostNames,
            uploadDirectory: options.dataDirectory + "/uploads")
    }

    /// The services in their order: the drain is shut down first, so that running executions end while the
    /// API still
    /// answers; the API last.
    func services(
        onListening: @escaping @Sendable (Int) async -> Void
    ) throws -> [any ServiceLifecycle.Service] {
        let application = try APIServer.application(
            configuration, host: Host(operations: operations, pool: pool), logger: logger,
            onListening: onListening)
        return [application, DrainService(operations: operations, pool: pool)]
    }
}

struct HostOptions: Sendable {
    var dataDirectory: String
    var address: String
    var port: Int
    var needsToken = true
    var hostNames: [String] = []
}

/// Waits for the end of the service and then drains the host.
private struct DrainService: ServiceLifecycle.Service {
    let operations: HostedOperations
    let pool: BlockingPool

    func run() async throws {
        // Cancellation ends it as well: what still runs goes on at the next start.
        try? await gracefulShutdown()
        try await pool.run { operations.drain() }
    }
}
