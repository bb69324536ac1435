package import TenonModel

extension ErrorCode {
    package static let secretsKey = ErrorCode("secrets.key", 500)
    package static let secretsUnreadable = ErrorCode("secrets.unreadable", 500)
}
