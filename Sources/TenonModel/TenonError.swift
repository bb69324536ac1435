/// What went wrong, for people and machines.
///
/// `code` is stable and has a page (`workflow.cycle`); `message` says what happened, to what, and what to do.
package struct TenonError: Error, Equatable, Sendable, CustomStringConvertible {
    package var code: ErrorCode
    package var message: String
    /// The places that are to blame, where the error is about a document.
    package var fields: [FieldError]
    /// Further facts, by name.
    package var context: [String: String]

    package init(
        _ code: ErrorCode, _ message: String, fields: [FieldError] = [], context: [String: String] = [:]
    ) {
        self.code = code
        self.message = message
        self.fields = fields
        self.context = context
    }

    package var description: String {
        fields.reduce("\(code.rawValue): \(message)") { $0 + "\n  \($1.pointer): \($1.message)" }
    }
}

/// One mistake in a document.
package struct FieldError: Equatable, Sendable {
    /// JSON Pointer (RFC 6901) into the document.
    package var pointer: String
    package var message: String
    package var code: ErrorCode?

    package init(pointer: String, message: String, code: ErrorCode? = nil) {
        self.pointer = pointer
        self.message = message
        self.code = code
    }
}

/// A stable error code: kebab-case words joined by a dot. Each module declares its own as `static let` in an
/// extension
/// in a file `ErrorCode+<Topic>.swift`.
package struct ErrorCode: Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String
    /// The status of an HTTP answer that carries this code.
    package let httpStatus: Int

    package init(_ rawValue: String, _ httpStatus: Int) {
        self.rawValue = rawValue
        self.httpStatus = httpStatus
    }

    package var description: String { rawValue }
}
