package import TenonModel

extension ErrorCode {
    package static let pipelineInterrupted = ErrorCode("pipeline.interrupted", 500)
    package static let pipelineStreamRequired = ErrorCode("pipeline.stream-required", 422)
    package static let pipelineSourceFailed = ErrorCode("pipeline.source-failed", 502)
    package static let pipelineTargetFailed = ErrorCode("pipeline.target-failed", 502)
    package static let pipelineTargetFull = ErrorCode("pipeline.target-full", 507)
    package static let pipelineTypeNotAccepted = ErrorCode("pipeline.type-not-accepted", 422)
    package static let pipelineRecordRefused = ErrorCode("pipeline.record-refused", 422)
    package static let pipelineSecretNotSet = ErrorCode("pipeline.secret-not-set", 422)
    package static let pipelineCancelled = ErrorCode("pipeline.cancelled", 409)
}
