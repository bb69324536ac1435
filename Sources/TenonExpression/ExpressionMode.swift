/// Which rules an expression follows.
package enum ExpressionMode: Sendable {
    /// CEL as its conformance suite has it.
    case strict
    /// For definitions: integers and doubles mix, missing is null, `and`, `===`, `?.` and `??` are known.
    case host
}

/// What one expression may use.
enum ExpressionLimits {
    static let textBytes = 16_384
    static let nesting = 64
    /// Operators other than `&&` and `||`: bounds the depth of the tree, and so the stack.
    static let operators = 500
    static let steps = 1_000_000
    static let outputBytes = 16 << 20
    /// Of a value that an expression gives.
    static let outputDepth = 256
    /// Mistakes that one template reports.
    static let mistakes = 100
}
