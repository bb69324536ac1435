package import TenonModel

extension ErrorCode {
    package static let packageUnsigned = ErrorCode("package.unsigned", 403)
    package static let packageVersionTaken = ErrorCode("package.version-taken", 409)
    package static let packageDowngrade = ErrorCode("package.downgrade", 409)
    package static let packageCapabilities = ErrorCode("package.capabilities", 422)
    package static let packageLoadFailed = ErrorCode("package.load-failed", 422)
    package static let packageInUse = ErrorCode("package.in-use", 409)
    package static let packageNotFound = ErrorCode("package.not-found", 404)
}
