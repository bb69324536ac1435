internal import TenonJSON
internal import TenonModel

/// Walks a compiled expression once.
struct Evaluator {
    /// What a path that leads nowhere counts as.
    enum MissingRule {
        /// Null, in host mode.
        case null
        /// Unknown: it makes all unknown that is computed from it, except what asks whether it is there
        /// (`has`, `??`, `?.`, a comparison with `null`) and `&&` and `||` that are decided without it.
        case unknown
    }

    var context: CallContext
    let missingRule: MissingRule
    let isHost: Bool
    var locals: [Value] = []
    /// The last path that led nowhere.
    var missingPath: String?

    init(
        scope: any ExpressionScope, mode: ExpressionMode, missingRule: MissingRule, slotCount: Int,
        maxSteps: Int = ExpressionLimits.steps
    ) {
        context = CallContext(scope: scope, mode: mode, maxSteps: maxSteps)
        self.missingRule = missingRule
        isHost = mode == .host
        if slotCount > 0 { locals = Array(repeating: .null, count: slotCount) }
    }

    var scope: any ExpressionScope { context.scope }
    /// Whether a missing value makes unknown what is computed from it.
    func isUnknown(_ value: Value) -> Bool { value.isMissing && missingRule == .unknown }

    @inline(__always)
    mutating func spend(_ cost: Int) throws(TenonError) { try context.spend(cost) }

    func failure(_ message: String, at offset: Int) -> TenonError {
        TenonError(.expressionFailed, message, context: ["offset": "\(offset)"])
    }

    mutating func value(of node: Node) throws(TenonError) -> Value {
        try spend(1)
        switch node {
        case .literal(let value): return value
        case .path(let path): return try value(at: path)
        case .local(let slot): return locals[slot]
        case .member(let operand, let name, let access):
            return try member(name, of: operand, access)
        case .index(let operand, let index, let access): return try element(of: operand, at: index, access)
        case .optionalMember(let operand, let name, let offset):
            return try optionalMember(of: value(of: operand), .string(name), at: offset)
        case .optionalIndex(let operand, let index, let offset):
            return try optionalMember(of: value(of: operand), value(of: index), at: offset)
        case .optionalElement(let operand, _): return try value(of: operand)
        case .has(let operand, let offset): return try has(operand, at: offset)
        case .not(let operand, let offset): return try not(value(of: operand), at: offset)
        case .negate(let operand, let offset): return try negated(value(of: operand), at: offset)
        case .all(let operands, let offset): return try decide(operands, by: false, at: offset)
        case .any(let operands, let offset): return try decide(operands, by: true, at: offset)
        case .binary(let sign, let left, let right, let offset):
            return try binary(sign, left, right, at: offset)
        case .coalesce(let left, let right): return try coalesce(left, right)
        case .choice(let condition, let first, let second, let offset):
            let isTrue = try truth(of: value(of: condition), at: offset) ?? false
            return try value(of: isTrue ? first : second)
        case .list(let nodes): return try list(nodes)
        case .map(let entries): return try map(entries)
        case .call(let function, let nodes, let offset): return try call(function, nodes, at: offset)
        case .matches(let operand, let pattern, let offset):
            return try matches(value(of: operand), pattern, at: offset)
        case .macro(let macro): return try run(macro)
        case .unknownCall(let call): throw failure(call.message, at: call.offset)
        }
    }

    private mutating func coalesce(_ left: Node, _ right: Node) throws(TenonError) -> Value {
        let saved = missingPath
        let value = try value(of: left)
        guard value.isNullOrMissing || value.isNone else { return value }
        missingPath = saved
        return try self.value(of: right)
    }

    // MARK: Logic

    /// True, false, or nil where it is unknown.
    func truth(of value: Value, at offset: Int) throws(TenonError) -> Bool? {
        switch value {
        case .bool(let value): return value
        case .missing where missingRule == .unknown: return nil
        case .null where isHost, .missing where isHost: return false
        default: throw failure("expected true or false, found \(value.kind)", at: offset)
        }
    }

    func not(_ value: Value, at offset: Int) throws(TenonError) -> Value {
        try truth(of: value, at: offset).map { .bool(!$0) } ?? .missing
    }

    /// `&&` (decided by false) and `||` (decided by true): an operand that decides makes errors in others
    /// unimportant.
    private mutating func decide(
        _ operands: [Node], by decisive: Bool, at offset: Int
    ) throws(TenonError) -> Value {
        var firstError: TenonError?
        var hasUnknown = false
        for operand in operands {
            do throws(TenonError) {
                guard let truth = try truth(of: value(of: operand), at: offset) else {
                    hasUnknown = true
                    continue
                }
                if truth == decisive { return .bool(decisive) }
            } catch {
                if error.code == .expressionLimit { throw error }
                firstError = firstError ?? error
            }
        }
        if let firstError { throw firstError }
        return hasUnknown ? .missing : .bool(!decisive)
    }
}
