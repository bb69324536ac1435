package import TenonModel

extension ErrorCode {
    package static let libraryMissing = ErrorCode("library.missing", 422)
    package static let libraryFormat = ErrorCode("library.format", 422)
    package static let libraryArchitecture = ErrorCode("library.architecture", 422)
    package static let librarySymbol = ErrorCode("library.symbol", 422)
    package static let libraryLoad = ErrorCode("library.load", 422)
    package static let libraryMagic = ErrorCode("library.magic", 422)
    package static let libraryABI = ErrorCode("library.abi", 422)
    package static let libraryFunction = ErrorCode("library.function", 422)
    package static let libraryCapability = ErrorCode("library.capability", 422)
    package static let libraryChanged = ErrorCode("library.changed", 422)
    package static let libraryConcurrency = ErrorCode("library.concurrency", 422)
}

extension CallFailure {
    /// The same as a failed call: a person must change something, nothing was done.
    package init(loading error: TenonError) {
        self.init(.invalidArgument, error.message, errorClass: .config, effect: .notApplied)
        detailsJSON = "{\"code\":\"\(error.code.rawValue)\"}"
    }

    /// Records that do not keep to the contract: a bug of the connector or a type outside the contract.
    package init(records error: TenonError) {
        self.init(.badData, error.message, errorClass: .data)
        detailsJSON = "{\"code\":\"\(error.code.rawValue)\"}"
    }
}
