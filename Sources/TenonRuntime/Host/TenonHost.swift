internal import Logging
internal import Synchronization
package import TenonConnectors
internal import TenonJSON
package import TenonModel
package import TenonStore

/// A whole host: packages, deployments, definitions, executions, over one data directory.
///
/// All functions but `whenFinished` block briefly: keep them off the cooperative pool.
package final class TenonHost: Sendable {
    package let configuration: HostConfiguration
    package let store: Store
    package let registry: ConnectorRegistry
    package let deployments: Deployments
    let secrets: ProjectSecrets
    let definitions: DefinitionStore
    let executions: ExecutionStore
    let workflows: WorkflowLibrary
    let journal: Journal
    let directory: any InstanceDirectory
    let engine: Engine
    let triggerStore: TriggerStore
    let triggerLoop = TriggerLoop()
    let isDraining = Atomic<Bool>(false)
    private let lastNumber: Atomic<Int64>
    private let ids = Mutex((UUIDv7(), SystemRandomNumberGenerator()))

    /// Opens the data directory; nothing runs before `start`.
    package convenience init(_ configuration: HostConfiguration) throws(TenonError) {
        try self.init(configuration, directory: nil)
    }

    /// `directory` nil: calls go to the deployed instances.
    package init(_ configuration: HostConfiguration, directory: (any InstanceDirectory)?) throws(TenonError) {
        self.configuration = configuration
        store = try Store.open(directory: configuration.dataDirectory, time: configuration.time)
        registry = ConnectorRegistry(
            store: store, cellPath: configuration.cellPath, time: configuration.time,
            logger: configuration.logger)
        let masks = SecretMasks()
        deployments = Deployments(
            registry: registry, store: store, time: configuration.time, logger: configuration.logger,
            log: { [logger = configuration.logger] in ConnectorLog.write(masks.masked($0), to: logger) })
        secrets = ProjectSecrets(deployments)
        definitions = DefinitionStore(store: store)
        executions = ExecutionStore(store: store)
        triggerStore = TriggerStore(store: store)
        workflows = WorkflowLibrary(definitions: definitions)
        journal = Journal(store: store)
        lastNumber = Atomic(try executions.lastNumber())
        self.directory = directory ?? DeployedInstances(deployments: deployments)
        engine = Engine(
            journal: journal, directory: self.directory, secrets: SecretVault(secrets, masks),
            threadCount: configuration.engineThreads, time: configuration.time, logger: configuration.logger)
    }

    /// Starts the instances and goes on with what an earlier start of the host has left unfinished.
    package func start() throws(TenonError) {
        deployments.startAll()
        engine.start()
        try Recovery(host: self).run()
        try startTriggers()
        pruneSecrets()
    }

    /// Takes no new work, gives running executions `limit` to end, then stops. What has not ended by then
    /// goes on at the next start, as after a crash.
    package func drain(_ limit: Duration = Limits.drain) {
        // First: what the loop is about to start is new work.
        isDraining.store(true, ordering: .relaxed)
        triggerLoop.stop()
        engine.waitUntilQuiet(limit)
        engine.leaveAll()
        engine.stop()
        deployments.stopAll()
        journal.close()
        do {
            try store.close()
        } catch {
            configuration.logger.error("the store did not close", metadata: ["error": "\(error)"])
        }
    }

    /// Says that an injected clock was moved.
    package func clockMoved() {
        engine.timers.clockMoved()
        triggerLoop.wake()
    }

    func newID() -> String {
        let now = configuration.time.now()
        return ids.withLock { $0.0.next(at: now, random: &$0.1) }
    }

    func nextNumber() -> Int64 { lastNumber.add(1, ordering: .relaxed).newValue }
}
