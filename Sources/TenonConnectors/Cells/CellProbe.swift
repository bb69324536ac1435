package import TenonModel

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
