package import TenonModel

extension ErrorCode {
    package static let triggerNotFound = ErrorCode("trigger.not-found", 404)
    /// Its definition has it disabled, or it is of a type that is not fired.
    package static let triggerNotActive = ErrorCode("trigger.not-active", 409)
    /// The range of a backfill.
    package static let triggerRangeInvalid = ErrorCode("trigger.range-invalid", 422)
}
