internal import TenonModel

extension Evaluator {
    mutating func binary(
        _ sign: BinaryOperator, _ leftNode: Node, _ rightNode: Node, at offset: Int
    ) throws(TenonError) -> Value {
        let saved = missingPath
        let left = try value(of: leftNode)
        let right = try value(of: rightNode)
        switch sign {
        case .equal, .notEqual:
            if asksWhetherThere(leftNode, right) || asksWhetherThere(rightNode, left) {
                missingPath = saved
            } else if isUnknown(left) || isUnknown(right) {
                return .missing
            }
            try context.spendComparing(left, right)
            let (left, right) = comparable(left, right)
            let areEqual = Comparison.areEqual(left, right)
            return .bool(areEqual == (sign == .equal))
        default: break
        }
        if isUnknown(left) || isUnknown(right) { return .missing }
        switch sign {
        case .less, .lessOrEqual, .greater, .greaterOrEqual: return try order(sign, left, right, at: offset)
        case .isIn: return try membership(of: left, in: right, at: offset)
        case .add where !left.isNumber && !left.isNullOrMissing:
            if let sum = try time(sign, left, right, at: offset) { return sum }
            return try concatenation(left, right, at: offset)
        case .subtract where !left.isNumber && !left.isNullOrMissing:
            if let difference = try time(sign, left, right, at: offset) { return difference }
            return try arithmetic(sign, left, right, at: offset)
        default: return try arithmetic(sign, left, right, at: offset)
        }
    }

    /// `a == null` is a question about `a`, also where `a` is missing.
    private func asksWhetherThere(_ node: Node, _ other: Value) -> Bool {
        if case .literal(.null) = node { other.isMissing } else { false }
    }

    private mutating func order(
        _ sign: BinaryOperator, _ left: Value, _ right: Value, at offset: Int
    ) throws(TenonError) -> Value {
        if isHost, left.isNullOrMissing || right.isNullOrMissing { return .bool(false) }
        try context.spendComparing(left, right)
        let (comparableLeft, comparableRight) = comparable(left, right)
        let order = Comparison.order(comparableLeft, comparableRight)
        if order == .none, !(left.isNumber && right.isNumber) {
            throw failure("cannot compare \(left.kind) with \(right.kind)", at: offset)
        }
        switch sign {
        case .less: return .bool(order == .less)
        case .lessOrEqual: return .bool(order == .less || order == .equal)
        case .greater: return .bool(order == .greater)
        default: return .bool(order == .greater || order == .equal)
        }
    }

    /// CEL compares an integer with a double as doubles, host mode exactly.
    private func comparable(_ left: Value, _ right: Value) -> (Value, Value) {
        if isHost { return (left, right) }
        switch (left, right) {
        case (.double, .int), (.double, .uint): return (left, .double(right.nearestDouble ?? .nan))
        case (.int, .double), (.uint, .double): return (.double(left.nearestDouble ?? .nan), right)
        default: return (left, right)
        }
    }

    private mutating func membership(
        of value: Value, in owner: Value, at offset: Int
    ) throws(TenonError) -> Value {
        if let elements = owner.elements {
            try context.spendComparing(owner)
            try context.spendComparing(value, times: elements.count)
            return .bool(elements.contains { Comparison.areEqual($0, value) })
        }
        if owner.isMap {
            try spend((owner.memberCount ?? 0) / 32)
            return .bool(owner.entry(value) != nil)
        }
        if isHost, owner.isNullOrMissing { return .bool(false) }
        throw failure("\"in\" needs a list or a map, found \(owner.kind)", at: offset)
    }

    private mutating func concatenation(
        _ left: Value, _ right: Value, at offset: Int
    ) throws(TenonError) -> Value {
        switch (left, right) {
        case (.string(let left), .string(let right)):
            try spend((left.utf8.count + right.utf8.count) / 64)
            try checkSize(left.utf8.count + right.utf8.count, at: offset)
            return .string(left + right)
        case (.bytes(let left), .bytes(let right)):
            try spend((left.count + right.count) / 64)
            try checkSize(left.count + right.count, at: offset)
            return .bytes(left + right)
        default: break
        }
        if let left = left.elements, let right = right.elements {
            try spend(left.count + right.count)
            return .list(left + right)
        }
        if isHost, right.isNullOrMissing { return .null }
        let hint =
            left.typeName == "string" || right.typeName == "string" ? "; make it a string with string(x)" : ""
        throw failure("cannot add \(left.kind) and \(right.kind)\(hint)", at: offset)
    }

    private mutating func checkSize(_ byteCount: Int, at offset: Int) throws(TenonError) {
        context.offset = offset
        try context.checkSize(byteCount)
    }

    func negated(_ value: Value, at offset: Int) throws(TenonError) -> Value {
        switch value {
        case .missing where missingRule == .unknown: return .missing
        case .null where isHost, .missing where isHost: return .null
        case .int(let value):
            guard value != .min else { throw failure("an integer is out of range", at: offset) }
            return .int(-value)
        case .double(let value): return .double(-value)
        case .duration(let value) where isHost && value != .min: return .duration(-value)
        case .number where isHost && value.doubleOfDecimal != nil:
            return .double(-(value.doubleOfDecimal ?? 0))
        default: throw failure("cannot negate \(value.kind)", at: offset)
        }
    }
}
