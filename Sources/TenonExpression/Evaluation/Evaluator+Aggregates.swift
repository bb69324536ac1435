internal import TenonModel

extension Evaluator {
    mutating func list(_ nodes: [Node]) throws(TenonError) -> Value {
        var values: [Value] = []
        values.reserveCapacity(nodes.count)
        for node in nodes {
            let value = try value(of: node)
            if isUnknown(value) { return .missing }
            guard case .optionalElement(_, let offset) = node else {
                values.append(value)
                continue
            }
            if let value = try content(of: value, at: offset) { values.append(value) }
        }
        return .list(values)
    }

    mutating func map(_ entries: [MapEntry]) throws(TenonError) -> Value {
        var result: [(key: Value, value: Value)] = []
        for entry in entries {
            let key = try value(of: entry.key)
            var value = try value(of: entry.value)
            if isUnknown(key) || isUnknown(value) { return .missing }
            if entry.isOptional {
                guard let content = try content(of: value, at: entry.offset) else { continue }
                value = content
            }
            try insert(key, value, into: &result, at: entry.offset)
        }
        return .map(result)
    }

    /// Adds an entry to a map; a key is of a kind that may be one, and occurs once.
    mutating func insert(
        _ key: Value, _ value: Value, into entries: inout [(key: Value, value: Value)], at offset: Int
    ) throws(TenonError) {
        switch key {
        case .string, .int, .uint, .bool: break
        default: throw failure("\(key.kind) cannot be a key", at: offset)
        }
        try spend(entries.count / 32)
        if entries.contains(where: { Comparison.areEqual($0.key, key) }) {
            throw failure("the key \(key.described) occurs twice", at: offset)
        }
        entries.append((key, value))
    }

    /// What `?x` adds to a list or a map.
    private func content(of value: Value, at offset: Int) throws(TenonError) -> Value? {
        switch value {
        case .optional(let content): return content
        case .null where isHost, .missing where isHost: return nil
        default: throw failure("? needs an optional, found \(value.kind)", at: offset)
        }
    }
}
