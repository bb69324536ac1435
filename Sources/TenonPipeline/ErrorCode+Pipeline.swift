package import TenonModel

extension ErrorCode {
    /// A pipeline's definition has mistakes; the fields say which.
    package static let pipelineInvalid = ErrorCode("pipeline.invalid", 422)
    /// Part of a definition is known but not offered by this version.
    package static let pipelineUnsupported = ErrorCode("pipeline.unsupported", 422)
    /// A transformation names a field that its records do not have.
    package static let pipelineUnknownField = ErrorCode("pipeline.unknown-field", 422)
    /// A field's type does not suit what a transformation does with it.
    package static let pipelineType = ErrorCode("pipeline.type", 422)
    /// A transformation could not be applied to a record.
    package static let pipelineRecord = ErrorCode("pipeline.record", 422)
    /// More records of a stage failed than its `maxErrorPercent` allows.
    package static let pipelineTooManyErrors = ErrorCode("pipeline.too-many-errors", 422)
}
