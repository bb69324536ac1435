package import TenonModel

extension ErrorCode {
    package static let secretsKey = ErrorCode("secrets.key", 500)
    package static let secretsUnreadable = ErrorCode("secrets.unreadable", 500)
    package static let secretNotFound = ErrorCode("secret.not-found", 404)
    package static let secretNameInvalid = ErrorCode("secret.name-invalid", 422)
    package static let secretValueInvalid = ErrorCode("secret.value-invalid", 422)
    package static let secretTooMany = ErrorCode("secret.too-many", 422)
}
