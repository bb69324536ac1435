package import TenonModel
internal import TenonTransport

/// What a library said of itself in a throw-away cell.
package struct ProbeReport: Sendable, Equatable {
    /// The ids that it offers, among those this host knows.
    package var capabilities: [String]
    package var abiMajor: UInt32
    package var abiMinor: UInt32
    /// Whether calls on one instance and its readers and writers may never overlap.
    package var isSerial: Bool
    /// The limits and protections that were in force.
    package var protections: [String]
}

/// A look at an unknown library where it can do no harm to the host.
package enum CellProbe {
    /// Loads the library in a cell of its own, checks its entry and tables, makes an instance and destroys
    /// it. Blocks. `deniedDirectory` is hidden from the cell.
    package static func capabilities(
        of libraryPath: String, cellPath: String, deniedDirectory: String = "", runDirectory: String = "/tmp"
    ) throws(CallFailure) -> ProbeReport {
        let plan = LaunchPlan(
            instanceName: "probe", libraryPath: libraryPath, cellPath: cellPath, runDirectory: runDirectory,
            deniedDirectory: deniedDirectory)
        let services = HostServices(state: NoState(), log: { _ in })
        let process = try CellProcess(plan, services: services, purpose: .probe, onEnd: { _ in })
        defer {
            process.terminate(.stopped)
            _ = process.ended.wait(until: .max / 2)
        }
        return ProbeReport(
            capabilities: process.ready.capabilities, abiMajor: process.ready.abiMajor,
            abiMinor: process.ready.abiMinor, isSerial: process.ready.isSerial,
            protections: process.ready.protections)
    }
}

private struct NoState: StateStorage {
    private var refusal: CallFailure {
        CallFailure(.unavailable, "There is no state while a library is looked at.")
    }
    func get(instance: String, key: String) throws(CallFailure) -> [UInt8]? { throw refusal }
    func put(instance: String, key: String, value: [UInt8]) throws(CallFailure) { throw refusal }
    func remove(instance: String, key: String) throws(CallFailure) { throw refusal }
}
