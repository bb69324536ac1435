internal import TenonModel

extension Evaluator {
    mutating func run(_ macro: Macro) throws(TenonError) -> Value {
        let range = try value(of: macro.range)
        switch macro.kind {
        case .bind:
            locals[macro.slot] = range
            return try value(of: macro.body)
        case .optMap, .optFlatMap: return try mapped(range, macro)
        default: break
        }
        if isUnknown(range) { return .missing }
        let items = try items(of: range, macro)
        try spend(items.elements.count)
        switch macro.kind {
        case .all: return try decide(macro, items, by: false)
        case .exists: return try decide(macro, items, by: true)
        case .existsOne: return try existsOne(macro, items)
        case .map, .transformList: return try mapped(macro, items)
        case .transformMap, .transformMapEntry: return try mappedEntries(macro, items)
        default: return try filtered(macro, items)
        }
    }

    /// What a macro walks over: with two variables, keys (or indices) and values.
    private struct Items {
        var keys: [Value]?
        var elements: [Value]
    }

    private func items(of range: Value, _ macro: Macro) throws(TenonError) -> Items {
        let hasTwo = macro.variables.count == 2
        if let elements = range.elements {
            return Items(keys: hasTwo ? elements.indices.map { .int(Int64($0)) } : nil, elements: elements)
        }
        if isHost, range.isNullOrMissing { return Items(keys: hasTwo ? [] : nil, elements: []) }
        guard let entries = range.entries else {
            throw failure(
                "\(macro.kind.rawValue)() needs a list or a map, found \(range.kind)", at: macro.offset)
        }
        return hasTwo
            ? Items(keys: entries.map(\.key), elements: entries.map(\.value))
            : Items(keys: nil, elements: entries.map(\.key))
    }

    /// Gives the variables their values for one turn.
    private mutating func enter(_ index: Int, _ items: Items, _ macro: Macro) {
        if let keys = items.keys {
            locals[macro.slot] = keys[index]
            locals[macro.slot + 1] = items.elements[index]
        } else {
            locals[macro.slot] = items.elements[index]
        }
    }

    private mutating func truth(
        of node: Node, _ index: Int, _ items: Items, _ macro: Macro
    ) throws(TenonError) -> Bool? {
        enter(index, items, macro)
        return try truth(of: value(of: node), at: macro.offset)
    }

    private mutating func decide(
        _ macro: Macro, _ items: Items, by decisive: Bool
    ) throws(TenonError) -> Value {
        var firstError: TenonError?
        var hasUnknown = false
        for index in items.elements.indices {
            do throws(TenonError) {
                guard let truth = try truth(of: macro.body, index, items, macro) else {
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

    private mutating func existsOne(_ macro: Macro, _ items: Items) throws(TenonError) -> Value {
        var count = 0
        for index in items.elements.indices {
            guard let truth = try truth(of: macro.body, index, items, macro) else { return .missing }
            if truth { count += 1 }
        }
        return .bool(count == 1)
    }

    private mutating func mapped(_ macro: Macro, _ items: Items) throws(TenonError) -> Value {
        var result: [Value] = []
        for index in items.elements.indices {
            if let filter = macro.filter {
                guard let isTaken = try truth(of: filter, index, items, macro) else { return .missing }
                if !isTaken { continue }
            }
            enter(index, items, macro)
            let value = try value(of: macro.body)
            if isUnknown(value) { return .missing }
            result.append(value)
        }
        return .list(result)
    }

    /// `transformMap`: each key (or index) with a new value; `transformMapEntry`: what the maps that the body
    /// gives have in them.
    private mutating func mappedEntries(_ macro: Macro, _ items: Items) throws(TenonError) -> Value {
        var result: [(key: Value, value: Value)] = []
        for index in items.elements.indices {
            if let filter = macro.filter {
                guard let isTaken = try truth(of: filter, index, items, macro) else { return .missing }
                if !isTaken { continue }
            }
            enter(index, items, macro)
            let value = try value(of: macro.body)
            if isUnknown(value) { return .missing }
            if macro.kind == .transformMap, let keys = items.keys {
                result.append((keys[index], value))
                continue
            }
            guard let entries = value.entries else {
                throw failure("transformMapEntry() needs maps, found \(value.kind)", at: macro.offset)
            }
            for entry in entries { try insert(entry.key, entry.value, into: &result, at: macro.offset) }
        }
        return .map(result)
    }

    private mutating func filtered(_ macro: Macro, _ items: Items) throws(TenonError) -> Value {
        var result: [Value] = []
        for index in items.elements.indices {
            guard let isTaken = try truth(of: macro.body, index, items, macro) else { return .missing }
            if isTaken { result.append(items.elements[index]) }
        }
        return .list(result)
    }

    /// `optMap` and `optFlatMap`.
    private mutating func mapped(_ value: Value, _ macro: Macro) throws(TenonError) -> Value {
        guard case .optional(let content) = value else {
            if isHost, value.isNullOrMissing { return .optional(nil) }
            throw failure(
                "\(macro.kind.rawValue)() needs an optional, found \(value.kind)", at: macro.offset)
        }
        guard let content else { return .optional(nil) }
        locals[macro.slot] = content
        let result = try self.value(of: macro.body)
        if macro.kind == .optMap { return .optional(result) }
        guard case .optional = result else {
            throw failure("optFlatMap() needs an optional, found \(result.kind)", at: macro.offset)
        }
        return result
    }
}
