internal import TenonModel
internal import TenonPattern

extension Evaluator {
    mutating func call(
        _ function: FunctionDefinition, _ nodes: [Node], at offset: Int
    ) throws(TenonError) -> Value {
        switch function.body {
        case .unary(let body):
            let value = try value(of: nodes[0])
            if isUnknown(value) { return .missing }
            if isHost, function.nullRule == .nullGivesNull, value.isNullOrMissing { return .null }
            enter(function, at: offset)
            return try body(&context, value)
        case .binary(let body):
            let first = try value(of: nodes[0])
            let second = try value(of: nodes[1])
            if isUnknown(first) || isUnknown(second) { return .missing }
            if isHost, function.nullRule == .nullGivesNull, first.isNullOrMissing || second.isNullOrMissing {
                return .null
            }
            enter(function, at: offset)
            return try body(&context, first, second)
        case .choosing(let body): return try choose(function, body, nodes, at: offset)
        case .many(let body):
            var values: [Value] = []
            values.reserveCapacity(nodes.count)
            for node in nodes { values.append(try value(of: node)) }
            if missingRule == .unknown, values.contains(where: \.isMissing) { return .missing }
            if isHost, function.nullRule == .nullGivesNull, values.contains(where: \.isNullOrMissing) {
                return .null
            }
            enter(function, at: offset)
            try spend(function.cost)
            return try body(&context, values)
        }
    }

    private mutating func choose(
        _ function: FunctionDefinition,
        _ body: (inout CallContext, Value) throws(TenonError) -> FunctionDefinition.Choice, _ nodes: [Node],
        at offset: Int
    ) throws(TenonError) -> Value {
        let first = try value(of: nodes[0])
        if isUnknown(first) { return .missing }
        let takesNulls = !isHost || function.nullRule == .takesNull
        if !takesNulls, first.isNullOrMissing { return .null }
        enter(function, at: offset)
        let mustBeOptional: Bool
        switch try body(&context, first) {
        case .value(let value): return value
        case .second(let isOptional): mustBeOptional = isOptional
        }
        let second = try value(of: nodes[1])
        if isUnknown(second) { return .missing }
        if !takesNulls, second.isNullOrMissing { return .null }
        guard mustBeOptional else { return second }
        guard case .optional = second else {
            enter(function, at: offset)
            throw context.mismatch(first, second)
        }
        return second
    }

    private mutating func enter(_ function: FunctionDefinition, at offset: Int) {
        context.offset = offset
        context.functionName = function.name
    }

    mutating func matches(_ value: Value, _ pattern: Pattern, at offset: Int) throws(TenonError) -> Value {
        if isUnknown(value) { return .missing }
        if isHost, value.isNullOrMissing { return .null }
        context.offset = offset
        context.functionName = "matches"
        guard case .string(let text) = value else { throw context.mismatch(value, .string(pattern.text)) }
        return .bool(try FunctionTable.matches(text, pattern, &context))
    }
}
