package import TenonModel

extension ErrorCode {
    /// An input that the schema of the action's manifest does not allow.
    package static let actionInputInvalid = ErrorCode("action.input-invalid", 422)
    /// A connector's answer that the schema of its own manifest does not allow.
    package static let actionOutputInvalid = ErrorCode("action.output-invalid", 502)
}
