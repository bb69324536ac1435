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

    let scope: any ExpressionScope
    let mode: ExpressionMode
    let missingRule: MissingRule
    var locals: [Value] = []
    /// The last path that led nowhere.
    var missingPath: String?
    private var steps = ExpressionLimits.steps

    init(scope: any ExpressionScope, mode: ExpressionMode, missingRule: MissingRule, slotCount: Int) {
        self.scope = scope
        self.mode = mode
        self.missingRule = missingRule
        if slotCount > 0 { locals = Array(repeating: .null, count: slotCount) }
    }

    var isHost: Bool { mode == .host }
    /// Whether a missing value makes unknown what is computed from it.
    func isUnknown(_ value: Value) -> Bool { value.isMissing && missingRule == .unknown }

    mutating func spend(_ cost: Int) throws(TenonError) {
        steps -= cost
        if steps < 0 {
            throw TenonError(
                .expressionLimit,
                "the expression needs more than \(ExpressionLimits.steps) steps; make its input smaller")
        }
    }

    /// Pays for comparing two values: nothing where a look at their sizes decides.
    mutating func spendComparing(_ left: Value, _ right: Value) throws(TenonError) {
        if case .string(let left) = left, case .string(let right) = right {
            try spend(min(left.utf8.count, right.utf8.count) / 64)
        } else if let count = left.memberCount, count == right.memberCount {
            try spendComparing(left)
        }
    }

    /// Pays for comparing everything in `value` with something else.
    mutating func spendComparing(_ value: Value) throws(TenonError) {
        switch value {
        case .string(let text): try spend(text.utf8.count / 64)
        case .bytes(let bytes): try spend(bytes.count / 64)
        case .list(let values):
            try spend(values.count)
            for value in values { try spendComparing(value) }
        case .jsonList(let elements):
            try spend(elements.count)
            for element in elements { try spendComparing(Value(element)) }
        case .map(let entries):
            // Each key is looked for among all.
            try spend(entries.count * entries.count / 32 + entries.count)
            for entry in entries { try spendComparing(entry.value) }
        case .jsonObject(let object):
            try spend(object.count)
            for member in object.members { try spendComparing(Value(member.value)) }
        default: break
        }
    }

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
        case .has(let operand): return .bool(try isThere(operand))
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
        case .macro(let macro): return try run(macro)
        }
    }

    // MARK: Paths

    private mutating func value(at path: Path) throws(TenonError) -> Value {
        guard let (found, used) = scope.value(named: path.root, members: path.members) else {
            return try missing(path.isOptional, path.text, at: path.offset)
        }
        // A whole group such as `context` is put together for the occasion.
        if path.members.isEmpty, let object = found.object { try spend(object.count / 8) }
        var value = found
        for name in path.members[used...] {
            guard case .object(let object) = value, let member = object[name] else {
                return try missing(path.isOptional, path.text, at: path.offset)
            }
            value = member
        }
        return Value(value)
    }

    private mutating func missing(
        _ isOptional: Bool, _ path: @autoclosure () -> String, at offset: Int
    ) throws(TenonError) -> Value {
        if isOptional { return .null }
        guard isHost else { throw failure("there is no \(path())", at: offset) }
        missingPath = path()
        return .missing
    }

    private mutating func member(
        _ name: String, of operand: Node, _ access: Access
    ) throws(TenonError) -> Value {
        let owner = try value(of: operand)
        if let member = owner.member(name) { return member }
        if owner.isMissing, !access.isOptional { return .missing }
        return try missing(access.isOptional, name, at: access.offset)
    }

    private mutating func element(
        of operand: Node, at index: Node, _ access: Access
    ) throws(TenonError) -> Value {
        let owner = try value(of: operand)
        let index = try value(of: index)
        if owner.isMissing, !access.isOptional { return .missing }
        if isUnknown(index) { return .missing }
        switch owner {
        case .list(let values):
            if let number = index.wholeNumber, values.indices.contains(number) { return values[number] }
        case .jsonList(let elements):
            if let number = index.wholeNumber, elements.indices.contains(number) {
                return Value(elements[number])
            }
        case .map, .jsonObject:
            if let value = owner.entry(index) { return value }
        default:
            guard isHost, owner.isNullOrMissing else {
                throw failure("a \(owner.typeName) has no elements", at: access.offset)
            }
        }
        return try missing(access.isOptional, "element \(index.text)", at: access.offset)
    }

    private mutating func isThere(_ operand: Node) throws(TenonError) -> Bool {
        switch operand {
        case .path(let path):
            guard let (found, used) = scope.value(named: path.root, members: path.members) else {
                guard isHost else { throw failure("there is no \(path.root)", at: path.offset) }
                return false
            }
            var value: JSON? = found
            for name in path.members[used...] { value = value?[name] }
            return value != nil
        case .member(let owner, let name, _):
            let saved = missingPath
            let owner = try value(of: owner)
            missingPath = saved
            return owner.member(name) != nil
        default: return true
        }
    }

    private mutating func coalesce(_ left: Node, _ right: Node) throws(TenonError) -> Value {
        let saved = missingPath
        let value = try value(of: left)
        guard value.isNullOrMissing else { return value }
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
        default: throw failure("expected true or false, found a \(value.typeName)", at: offset)
        }
    }

    private func not(_ value: Value, at offset: Int) throws(TenonError) -> Value {
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

    // MARK: Lists and maps

    private mutating func list(_ nodes: [Node]) throws(TenonError) -> Value {
        var values: [Value] = []
        values.reserveCapacity(nodes.count)
        for node in nodes {
            let value = try value(of: node)
            if isUnknown(value) { return .missing }
            values.append(value)
        }
        return .list(values)
    }

    private mutating func map(_ entries: [MapEntry]) throws(TenonError) -> Value {
        var result: [(key: Value, value: Value)] = []
        for entry in entries {
            let key = try value(of: entry.key)
            let value = try value(of: entry.value)
            if isUnknown(key) || isUnknown(value) { return .missing }
            switch key {
            case .string, .int, .uint, .bool: break
            default: throw failure("a \(key.typeName) cannot be a key", at: entry.offset)
            }
            try spend(result.count / 32)
            if result.contains(where: { Comparison.areEqual($0.key, key) }) {
                throw failure("the key \(key.text) occurs twice", at: entry.offset)
            }
            result.append((key, value))
        }
        return .map(result)
    }
}
