internal import Foundation
package import Logging
internal import Synchronization
internal import TenonJSON
package import TenonModel
package import TenonStore

/// Connector definitions and the instances made of them.
///
/// Everything but `deployed` may block for as long as an instance takes to start or to answer.
package final class Deployments: Sendable {
    struct Key: Hashable {
        let project: ProjectID
        let integration: IntegrationID
    }

    private struct Instances {
        var byKey: [Key: LiveInstance] = [:]
        var byID: [InstanceID: LiveInstance] = [:]
    }

    /// How long the host's start waits for instances; the others go on starting beside it.
    private static let startWait: Duration = .seconds(2)

    let registry: ConnectorRegistry
    let store: Store
    let time: any TimeSource
    let logger: Logger
    private let seal: Result<ConfigurationSeal, TenonError>
    private let log: @Sendable (LogLine) -> Void
    private let instances = Mutex(Instances())
    private let ids = Mutex((UUIDv7(), SystemRandomNumberGenerator()))

    /// `log` takes the lines of the connectors; nil: they go to `logger`.
    package init(
        registry: ConnectorRegistry, store: Store, time: any TimeSource, logger: Logger,
        log: (@Sendable (LogLine) -> Void)? = nil
    ) {
        self.registry = registry
        self.store = store
        self.time = time
        self.logger = logger
        self.log = log ?? { ConnectorLog.write($0, to: logger) }
        seal = Result { () throws(TenonError) in
            let count = try store.read {
                try ConnectorTable.all(in: $0).count + InstanceTable.all(in: $0).count
                    + SecretTable.count(of: nil, in: $0)
            }
            return try ConfigurationSeal(dataDirectory: store.directory, isNew: count == 0)
        }
    }

    func newID() -> String {
        let now = time.now()
        return ids.withLock { $0.0.next(at: now, random: &$0.1) }
    }

    func sealed(_ configuration: JSON, owner: String) throws(TenonError) -> [UInt8] {
        try seal.get().sealed(configuration, owner: owner)
    }

    func opened(_ sealed: [UInt8], owner: String) throws(TenonError) -> JSON {
        try seal.get().opened(sealed, owner: owner)
    }

    // MARK: Lookups

    /// The instance that a project's definitions call `integration`. Fast: called for each step.
    package func deployed(
        _ project: ProjectID, _ integration: IntegrationID
    ) throws(TenonError) -> DeployedInstance {
        let key = Key(project: project, integration: integration)
        guard let live = instances.withLock({ $0.byKey[key] }) else {
            throw TenonError(
                .integrationNotDeployed,
                "No connector is deployed as \(integration) in the project \(project). Deploy one with "
                    + "`tenon deploy CONNECTOR --project \(project) --as \(integration)`.",
                context: ["project.id": project.rawValue, "integration.id": integration.rawValue])
        }
        live.waitUntilStarted(Self.startWait)
        return DeployedInstance(live: live)
    }

    package func instances(project: ProjectID?) -> [InstanceRecord] {
        let all = instances.withLock { Array($0.byID.values) }
        return all.filter { project == nil || $0.row.projectID == project }
            .sorted { $0.row.id < $1.row.id }.map(\.record)
    }

    package func instance(_ id: InstanceID) throws(TenonError) -> InstanceRecord { try live(id).record }

    func live(_ id: InstanceID) throws(TenonError) -> LiveInstance {
        guard let live = instances.withLock({ $0.byID[id] }) else {
            throw TenonError(
                .instanceNotFound, "There is no instance \(id). `tenon instance list` shows those there are.")
        }
        return live
    }

    // MARK: Life

    /// Makes the live side of a row; does not start it.
    func add(_ row: InstanceRow, _ package: PackageRecord, configuration: JSON) -> LiveInstance {
        let plan = LaunchPlan(
            instanceName: "\(row.projectID)/\(row.integrationID)", libraryPath: package.libraryPath,
            libraryDigest: package.libraryDigest, configurationJSON: JSONWriter.bytes(configuration),
            isolation: Isolation(rawValue: row.isolation) ?? .cell, concurrency: package.manifest.concurrency,
            accepts: package.manifest.accepts, cellPath: registry.cellPath,
            runDirectory: DataDirectory.run(in: store.directory), deniedDirectory: store.directory,
            abi: package.manifest.abi, capabilities: package.manifest.capabilities)
        let services = HostServices(state: InstanceState(store: store, id: row.id), log: log)
        let connection = InstanceConnections.make(plan, services: services, time: time, logger: logger)
        return add(LiveInstance(row, package: package, configuration: configuration, connection: connection))
    }

    private func add(_ live: LiveInstance) -> LiveInstance {
        instances.withLock {
            $0.byKey[live.key] = live
            $0.byID[live.row.id] = live
        }
        return live
    }

    func forget(_ live: LiveInstance) {
        instances.withLock {
            $0.byKey[live.key] = nil
            $0.byID[live.row.id] = nil
        }
    }

    /// Starts all instances side by side and waits a moment for them. One that fails says so in its status.
    package func startAll() {
        let rows: [InstanceRow]
        do {
            rows = try store.read { try InstanceTable.all(in: $0) }
        } catch {
            logger.error("instances cannot be read", metadata: ["error": "\(error)"])
            return
        }
        let group = DispatchGroup()
        for row in rows {
            guard let live = revived(row) else { continue }
            DispatchQueue.global().async(group: group) { live.start() }
        }
        if group.wait(timeout: .now() + .milliseconds(Int(Self.startWait.wholeMilliseconds))) == .timedOut {
            logger.warning("some instances are still starting")
        }
    }

    private func revived(_ row: InstanceRow) -> LiveInstance? {
        do {
            guard let package = try registry.find(row.packageDigest) else {
                throw TenonError(.packageNotFound, "Its package \(row.packageDigest) is not installed.")
            }
            do {
                if row.isolation == Isolation.host.rawValue, !package.mayRunInHost {
                    throw hostNotAllowed(package)
                }
                return add(row, package, configuration: try opened(row.configuration, owner: row.id.rawValue))
            } catch {
                let reason = (error as? TenonError)?.message ?? "\(error)"
                return add(
                    LiveInstance(
                        row, package: package, configuration: [:], connection: BrokenConnection(reason)))
            }
        } catch {
            logger.error(
                "instance cannot be started",
                metadata: [
                    "instance.id": "\(row.id)", "integration.id": "\(row.integrationID)", "error": "\(error)",
                ])
            return nil
        }
    }

    /// Stops all instances side by side.
    package func stopAll() {
        let all = instances.withLock { Array($0.byID.values) }
        let group = DispatchGroup()
        for live in all {
            DispatchQueue.global().async(group: group) { live.connection.stop() }
        }
        group.wait()
    }

    func hostNotAllowed(_ package: PackageRecord) -> TenonError {
        TenonError(
            .instanceHostNotAllowed,
            "\(package.name) \(package.version) may not run in the host. An administrator allows it with "
                + "`tenon connector install --in-host`.")
    }

    // MARK: One instance

    /// Asks the connector whether it works, starting it again where it had failed.
    package func check(_ id: InstanceID) throws(TenonError) -> InstanceRecord {
        let live = try live(id)
        try recordCheck(of: live)
        return live.record
    }

    func recordCheck(of live: LiveInstance) throws(TenonError) {
        let now = time.now()
        let checks = JSON.array(live.check(at: now)).text
        try store.write { try InstanceTable.setChecks(checks, of: live.row.id, at: now, in: $0) }
    }

    /// Stops an instance and removes it with its state.
    package func remove(_ id: InstanceID, actor: String = "admin") throws(TenonError) {
        let live = try live(id)
        let now = time.now()
        try store.write { database in
            try InstanceTable.remove(id, in: database)
            try AuditTable.append(in: database) {
                AuditLog.entry(
                    for: AuditLog.Change(
                        actor: actor, action: "instance.remove", subject: live.subject,
                        beforeDigest: live.row.digest), after: $0, at: now)
            }
        }
        forget(live)
        live.connection.stop()
    }
}
