package import Logging
package import TenonModel

/// What a host needs to know to run.
package struct HostConfiguration: Sendable {
    package var dataDirectory: String
    /// The executable `tenon-cell`.
    package var cellPath: String
    package var engineThreads: Int
    package var time: any TimeSource
    package var logger: Logger

    package init(
        dataDirectory: String, cellPath: String, engineThreads: Int, time: any TimeSource = SystemTime(),
        logger: Logger = Logger(label: "tenon")
    ) {
        self.dataDirectory = dataDirectory
        self.cellPath = cellPath
        self.engineThreads = engineThreads
        self.time = time
        self.logger = logger
    }
}
