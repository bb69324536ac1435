package import TenonModel

extension ErrorCode {
    package static let workflowNotFound = ErrorCode("workflow.not-found", 404)
    package static let pipelineNotFound = ErrorCode("pipeline.not-found", 404)
    package static let executionNotFound = ErrorCode("execution.not-found", 404)
    package static let executionFinished = ErrorCode("execution.finished", 409)
    package static let executionNotResolvable = ErrorCode("execution.not-resolvable", 409)
    package static let executionUnrecoverable = ErrorCode("execution.unrecoverable", 500)
    package static let idempotencyConflict = ErrorCode("execution.idempotency-conflict", 422)
    package static let contextInvalid = ErrorCode("execution.context-invalid", 422)
    package static let cursorInvalid = ErrorCode("execution.cursor-invalid", 422)
    package static let definitionWarnings = ErrorCode("definition.warnings", 422)
    package static let definitionIDInvalid = ErrorCode("definition.id-invalid", 422)
    package static let actionFailed = ErrorCode("action.failed", 502)
    package static let actionUnknown = ErrorCode("action.unknown", 422)
    package static let hostDraining = ErrorCode("host.draining", 503)
}
