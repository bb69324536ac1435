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
    package var pace = PipelinePace()

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

/// When pipelines commit, and how soon they try again.
package struct PipelinePace: Sendable, Equatable {
    /// A pipeline commits after so many bytes or so long, whatever comes first.
    package var commitBytes = 64 << 20
    package var commitTime: Duration = .seconds(1)
    /// The pause after the first failure in a row; it triples with each.
    package var firstRetry: Duration = .milliseconds(100)

    package init() {}
}
