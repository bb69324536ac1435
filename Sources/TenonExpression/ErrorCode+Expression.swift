package import TenonModel

extension ErrorCode {
    /// The text is not an expression, or names a function or step that does not exist.
    package static let expressionInvalid = ErrorCode("expression.invalid", 422)
    /// Part of the language that this version does not have yet.
    package static let expressionUnsupported = ErrorCode("expression.unsupported", 422)
    /// A value has a type or size that the operation cannot take.
    package static let expressionFailed = ErrorCode("expression.failed", 422)
    /// More steps or more output than one evaluation may use.
    package static let expressionLimit = ErrorCode("expression.limit", 422)
    /// A template's braces or the expression in them are wrong.
    package static let templateInvalid = ErrorCode("template.invalid", 422)
    /// A template names a value that is not there.
    package static let templateMissing = ErrorCode("template.missing", 422)
    /// A template would put a line break into a header.
    package static let templateHeader = ErrorCode("template.header", 422)
    /// A template would put `.` or `..` into a path.
    package static let templatePath = ErrorCode("template.path", 422)
}
