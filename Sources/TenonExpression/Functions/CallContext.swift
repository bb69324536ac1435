internal import TenonModel

/// What a function sees of the evaluation that calls it.
struct CallContext {
    let scope: any ExpressionScope
    let mode: ExpressionMode
    /// Where the call stands in the text, in bytes.
    var offset = 0
    /// The function that runs, for messages.
    var functionName = ""
    /// How many steps are left.
    private(set) var steps: Int

    init(scope: any ExpressionScope, mode: ExpressionMode, maxSteps: Int) {
        self.scope = scope
        self.mode = mode
        steps = maxSteps
    }

    var isHost: Bool { mode == .host }

    /// Charges for work; throws `expression.limit` where the evaluation has used up its steps.
    @inline(__always)
    mutating func spend(_ cost: Int) throws(TenonError) {
        // No cost is negative: the difference does not overflow, however large the cost is.
        guard cost <= steps else { throw Self.tooManySteps }
        steps -= cost
    }

    /// Charges for work over so many bytes of text.
    mutating func spend(bytes: Int) throws(TenonError) { try spend(bytes / 64) }

    private static var tooManySteps: TenonError {
        TenonError(
            .expressionLimit,
            "the expression needs more than \(ExpressionLimits.steps) steps; make its input smaller")
    }

    func failure(_ message: String) -> TenonError {
        TenonError(.expressionFailed, message, context: ["offset": "\(offset)"])
    }

    /// The arguments have types that the function does not take.
    func mismatch(_ arguments: Value...) -> TenonError { mismatch(arguments) }

    func mismatch(_ arguments: [Value]) -> TenonError {
        let types = arguments.map { "\($0.kind)" }.joined(separator: " and ")
        return failure("\(functionName)() cannot take \(types.isEmpty ? "no argument" : types)")
    }

    /// Refuses a text or bytes that would be too large, before it is made.
    func checkSize(_ byteCount: Int) throws(TenonError) {
        guard byteCount <= ExpressionLimits.outputBytes else {
            throw TenonError(
                .expressionLimit, "a value is larger than \(ExpressionLimits.outputBytes) bytes",
                context: ["offset": "\(offset)"])
        }
    }
}
