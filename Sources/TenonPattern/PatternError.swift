/// Why a text is not a pattern that can be used.
package struct PatternError: Error, Equatable {
    package enum Kind: Sendable {
        /// Not a pattern in this syntax.
        case invalid
        /// A right pattern that uses what linear matching cannot do.
        case unsupported
        /// A right pattern above a limit.
        case tooLarge
        /// Looking for it in a text takes more work than is allowed.
        case tooCostly
    }

    package let kind: Kind
    /// Goes on after "the pattern": "has a ( without )".
    package let message: String
    /// Where in the pattern, in scalars from its begin; nil where it is about all of it.
    package let offset: Int?

    package init(kind: Kind, message: String, offset: Int?) {
        (self.kind, self.message, self.offset) = (kind, message, offset)
    }
}
