internal import TenonModel

extension Limits {
    /// How often in a row an end of a pipeline may fail without a commit in between.
    static let pipelineAttempts = 5
    /// How often in a row a pipeline is begun without a commit, in however many starts of the host.
    static let pipelineStalls = 25
    /// How long a pipeline waits at most where the other system asks for it.
    static let pipelineRetryAfter: Duration = .seconds(600)
    /// How long a pipeline waits for an instance that ended too often and is started again later.
    static let pipelineDegradedWait: Duration = .seconds(45)
    /// How long a call that was cancelled may still take before the pipeline ends without it.
    static let pipelineCancel: Duration = .milliseconds(800)
    /// How long a pipeline that goes on waits for the cells of the host that was killed to be gone.
    static let pipelineOrphans: Duration = .seconds(60)
    /// How long a source may take when a pipeline is explained.
    static let pipelineExplanation: Duration = .seconds(20)
    /// How long a source whose columns have changed is left alone before it is read again.
    static let pipelineRestartPause: Duration = .milliseconds(10)
    /// What is asked of a source where the definition says nothing.
    static let pipelineBatchBytes = 2 << 20
    /// How long a source without data is left alone at most before it is asked again.
    static let pipelineIdlePause: Duration = .milliseconds(50)
}
