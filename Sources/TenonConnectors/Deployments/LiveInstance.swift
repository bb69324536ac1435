internal import Foundation
internal import Synchronization
internal import TenonJSON
internal import TenonModel
internal import TenonSchema
internal import TenonVersion
internal import TenonStore

/// A deployed instance in this host: its row, its package and its connection.
final class LiveInstance: Sendable {
    private struct State {
        var isStarting = true
        /// Why the last start failed.
        var failure: String?
        var checks: [JSON]
        var updatedAt: Timestamp
    }

    let row: InstanceRow
    let package: PackageRecord
    let connection: any InstanceConnection
    private let maskedConfiguration: JSON
    private let state: Mutex<State>
    private let started = DispatchSemaphore(value: 0)

    init(_ row: InstanceRow, package: PackageRecord, configuration: JSON, connection: any InstanceConnection)
    {
        self.row = row
        self.package = package
        self.connection = connection
        maskedConfiguration = package.manifest.configuration.masked(configuration)
        // `try?`: what an earlier check said is shown until the next one; without it there is only less to show.
        let checks = (try? JSONParser.parse(row.checks))?.array ?? []
        state = Mutex(State(checks: checks, updatedAt: row.updatedAt))
    }

    var key: Deployments.Key { Deployments.Key(project: row.projectID, integration: row.integrationID) }
    var isRunning: Bool { state.withLock { !$0.isStarting && $0.failure == nil } }

    /// Starts the connection; blocks until it runs or has failed.
    func start() {
        var failure: String?
        do {
            try connection.start()
        } catch {
            failure = error.message
        }
        state.withLock {
            $0.isStarting = false
            $0.failure = failure
        }
        started.signal()
    }

    /// Waits until the first start has ended, at most `limit`.
    func waitUntilStarted(_ limit: Duration) {
        guard state.withLock({ $0.isStarting }) else { return }
        // The signal goes on to the next who waits.
        if started.wait(timeout: .now() + .milliseconds(Int(limit.wholeMilliseconds))) == .success {
            started.signal()
        }
    }

    /// Starts again where the last start failed, then asks the connector.
    func check(at time: Timestamp) -> [JSON] {
        if !isRunning {
            state.withLock { $0.isStarting = true }
            start()
        }
        guard isRunning else { return state.withLock { $0.checks } }
        var checks: [JSON]
        do {
            checks = try connection.check().map { item in
                // What a connector answers may be anything; that it is no JSON is shown as a failed check.
                (try? JSONParser.parse(item)) ?? [
                    "name": "check", "ok": false, "detail": "answered what is not JSON",
                ]
            }
        } catch {
            checks = [["name": "check", "ok": false, "detail": .string(error.message)]]
        }
        state.withLock {
            $0.checks = checks
            $0.updatedAt = time
        }
        return checks
    }

    private var status: InstanceStatus {
        let state = state.withLock { $0 }
        if state.isStarting { return .starting }
        if let failure = state.failure { return .failed(failure) }
        let status = connection.status
        guard status == .ready, let bad = state.checks.first(where: { $0["ok"]?.bool == false }) else {
            return status
        }
        let words = [bad["name"]?.string, bad["detail"]?.string].compactMap { $0 }.filter { !$0.isEmpty }
        return .degraded("check failed: " + words.joined(separator: ": "))
    }

    var record: InstanceRecord {
        let (checks, updatedAt) = state.withLock { ($0.checks, $0.updatedAt) }
        return InstanceRecord(
            id: row.id, connectorID: row.connectorID, projectID: row.projectID,
            integrationID: row.integrationID,
            packageName: package.name, packageVersion: package.version.description,
            packageDigest: package.digest,
            pin: row.pin, isolation: Isolation(rawValue: row.isolation) ?? .cell,
            configuration: maskedConfiguration, status: status, checks: checks,
            protections: connection.protections, createdAt: row.createdAt, updatedAt: updatedAt)
    }
}
