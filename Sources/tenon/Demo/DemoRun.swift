internal import Foundation
internal import Hummingbird
internal import Logging
internal import NIOPosix
internal import ServiceLifecycle
internal import TenonClient
internal import TenonServer
internal import UnixSignals

/// Starts the demo's systems and a host in a temporary directory, tells the story, and takes everything down
/// again.
struct DemoRun: Sendable {
    let designCount: Int
    let isCorrupted: Bool
    let keepsRunning: Bool
    let isJSON: Bool

    func run() async throws -> DemoReport {
        let directory = NSTemporaryDirectory() + "tenon-demo-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer {
            // What stays lies in the system's temporary directory.
            try? FileManager.default.removeItem(atPath: directory)
        }
        let threads = NIOThreadPool(numberOfThreads: 2)
        threads.start()
        let report = try await runSystems(in: directory, threads)
        // The process ends anyway; its threads have nothing left to do.
        try? await threads.shutdownGracefully()
        return report
    }

    private func runSystems(in directory: String, _ threads: NIOThreadPool) async throws -> DemoReport {
        let clock = ContinuousClock()
        let begin = clock.now
        var logger = Logger(label: "tenon-demo") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .error
        let (count, directoryOfHost) = (designCount, directory + "/data")
        let vault = try await threads.runIfActive {
            try DesignVault(path: directory + "/vault.db", count: count)
        }
        let simulation = SimulationService()
        let quiet = logger
        let hostBegin = clock.now
        let host = try await threads.runIfActive {
            try RunningHost(
                HostOptions(dataDirectory: directoryOfHost, address: "127.0.0.1", port: 0), logger: quiet)
        }
        let ports = DemoPorts()
        let services: [any Service] = [
            Self.application(VaultService(vault: vault, threads: threads).router, .vault, ports, logger),
            Self.application(simulation.router, .simulation, ports, logger),
        ]
        let hostServices = try host.services { await ports.set(.host, $0) }
        let group = ServiceGroup(
            configuration: .init(
                services: services + hostServices, gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger))
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let places = DemoPlaces(
                directory: directory, vaultPath: vault.path, ports: await ports.all(),
                hostStart: clock.now - hostBegin)
            do {
                let story = DemoStory(
                    places: places, simulation: simulation, isCorrupted: isCorrupted,
                    narrator: Narrator(isSilent: isJSON), begin: begin, threads: threads)
                let report = try await story.tell()
                if keepsRunning {
                    story.tellHowToGoOn()
                } else {
                    await group.triggerGracefulShutdown()
                }
                try await tasks.waitForAll()
                return report
            } catch {
                await group.triggerGracefulShutdown()
                // The story's error is the one to tell.
                try? await tasks.waitForAll()
                throw error
            }
        }
    }

    private static func application(
        _ router: Router<BasicRequestContext>, _ system: DemoPorts.System, _ ports: DemoPorts,
        _ logger: Logger
    ) -> any Service {
        Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { await ports.set(system, $0.localAddress?.port ?? 0) }, logger: logger)
    }
}

/// Where everything of the demo is.
struct DemoPlaces: Sendable {
    let directory: String
    let vaultPath: String
    let ports: [DemoPorts.System: Int]
    let hostStart: Duration

    var erpPath: String { directory + "/erp.db" }
    var dataDirectory: String { directory + "/data" }
    func url(_ system: DemoPorts.System) -> String { "http://127.0.0.1:\(ports[system] ?? 0)" }
}

/// Collects the ports that the systems got.
actor DemoPorts {
    enum System: CaseIterable, Sendable {
        case vault
        case simulation
        case host
    }

    private var ports: [System: Int] = [:]
    private var waiter: CheckedContinuation<[System: Int], Never>?

    func set(_ system: System, _ port: Int) {
        ports[system] = port
        guard ports.count == System.allCases.count else { return }
        waiter?.resume(returning: ports)
        waiter = nil
    }

    /// All ports, as soon as every system listens.
    func all() async -> [System: Int] {
        if ports.count == System.allCases.count { return ports }
        return await withCheckedContinuation { waiter = $0 }
    }
}

/// Prints the story, unless JSON was asked for.
struct Narrator: Sendable {
    let isSilent: Bool

    func tell(_ subject: String, _ text: String) {
        guard !isSilent else { return }
        let padding = String(repeating: " ", count: max(0, 12 - subject.count))
        Output.line("\(Output.bold(subject))\(padding)\(text)")
    }
}
