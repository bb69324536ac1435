package import TenonModel

extension ErrorCode {
    /// A JSON Schema says something that Tenon does not understand.
    package static let schemaInvalid = ErrorCode("schema.invalid", 422)
}
