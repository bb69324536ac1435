package import TenonModel

extension ErrorCode {
    /// A schedule that cannot be read.
    package static let scheduleInvalid = ErrorCode("schedule.invalid", 422)
}
