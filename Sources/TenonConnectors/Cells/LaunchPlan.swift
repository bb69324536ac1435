package import Logging
package import TenonModel

/// Where a connector runs: in a cell of its own, or in the host.
package enum Isolation: String, Sendable {
    case cell
    case host
}

/// Everything that is needed to run an instance.
package struct LaunchPlan: Sendable {
    package var instanceName: String
    package var libraryPath: String
    /// The library's digest, verified in the cell before it is loaded; nil where nothing was promised.
    package var libraryDigest: Digest?
    /// A JSON object, defaults filled in, secrets in place.
    package var configurationJSON: [UInt8]
    package var isolation: Isolation
    /// How many actions run at the same time. Each has an instance of its own, so has each reader and writer:
    /// calls on one instance never overlap.
    package var concurrency: Int
    /// The column types that a target takes (manifest `accepts`); `ndjson` alone: lines of JSON.
    package var accepts: [String]
    /// The executable `tenon-cell`.
    package var cellPath: String
    /// Where the cell gets a directory of its own.
    package var runDirectory: String
    /// The data directory, hidden from the cell; empty for none.
    package var deniedDirectory: String
    package var abi: String
    /// The capability ids that the manifest promises.
    package var capabilities: [String]

    package init(
        instanceName: String, libraryPath: String, libraryDigest: Digest? = nil,
        configurationJSON: [UInt8] = Array("{}".utf8), isolation: Isolation = .cell, concurrency: Int = 1,
        accepts: [String] = [], cellPath: String, runDirectory: String, deniedDirectory: String = "",
        abi: String = "1.0", capabilities: [String] = []
    ) {
        self.instanceName = instanceName
        self.libraryPath = libraryPath
        self.libraryDigest = libraryDigest
        self.configurationJSON = configurationJSON
        self.isolation = isolation
        self.concurrency = concurrency
        self.accepts = accepts
        self.cellPath = cellPath
        self.runDirectory = runDirectory
        self.deniedDirectory = deniedDirectory
        self.abi = abi
        self.capabilities = capabilities
    }
}

/// Makes connections; `start` then runs the instance.
package enum InstanceConnections {
    package static func make(
        _ plan: LaunchPlan, services: HostServices, time: any TimeSource, logger: Logger
    ) -> any InstanceConnection {
        switch plan.isolation {
        case .cell: CellConnection(plan, services: services, time: time, logger: logger)
        case .host: HostedConnection(plan, services: services, time: time, logger: logger)
        }
    }
}
