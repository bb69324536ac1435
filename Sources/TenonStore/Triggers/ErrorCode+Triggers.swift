package import TenonModel

extension ErrorCode {
    /// The tick has its execution already.
    package static let triggerTickTaken = ErrorCode("trigger.tick-taken", 409)
}
