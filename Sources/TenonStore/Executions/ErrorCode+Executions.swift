package import TenonModel

extension ErrorCode {
    /// Another host has the data directory now.
    package static let storeSuperseded = ErrorCode("store.superseded", 503)
    package static let definitionNameTaken = ErrorCode("definition.name-taken", 409)
}
