/// Every named maximum of the host.
package enum Limits {
    package static let userGivenTextScalars = 128
    package static let requestBodyBytes = 16 << 20
    package static let jsonDepth = 64
    /// Values in one body: each takes some 30 bytes of memory, however short its text.
    package static let jsonValues = 1_000_000
    package static let pageSize = 500
    package static let stepOutputBytes = 16 << 20
    package static let stepsPerWorkflow = 10_000
    package static let stagesPerPipeline = 200

    package static let packageBytes = 256 << 20
    package static let packageFiles = 1000
    package static let packageFileBytes = 256 << 20
    package static let manifestBytes = 1 << 20

    package static let cellFrameBytes = 32 << 20
    package static let cellBatchBytes = 4 << 20
    package static let cellCallsInFlight = 1024
    package static let cellMemoryBytes = 4 << 30
    package static let cellOpenFiles = 1024
    package static let cellLogLinesPerSecond = 1000
    package static let checkpointBytes = 1 << 20
    package static let itemsPerList = 100_000
    package static let batchColumns = 4096
    package static let batchRows = 1 << 20
    package static let rejectedRecordBytes = 64 << 10

    package static let executeWait: Duration = .seconds(25)
    package static let drain: Duration = .seconds(30)
    package static let cancelGrace: Duration = .milliseconds(500)
    package static let callTimeout: Duration = .seconds(60)
    package static let cellStart: Duration = .seconds(10)
    /// How long a reader or writer may be silent.
    package static let streamCall: Duration = .seconds(600)

    /// How many clients may follow executions at the same time.
    package static let eventSubscribers = 256
    /// How long a client may leave what it follows unread before its connection is closed.
    package static let eventWrite: Duration = .seconds(30)

    package static let pipelineChannelBytes = 16 << 20
    package static let aggregateGroups = 5_000_000
}
