internal import TenonModel

extension Evaluator {
    mutating func run(_ macro: Macro) throws(TenonError) -> Value {
        let range = try value(of: macro.range)
        if isUnknown(range) { return .missing }
        guard let elements = range.elements ?? range.keys ?? (isHost && range.isNullOrMissing ? [] : nil)
        else {
            throw failure(
                "\(macro.kind.rawValue)() needs a list or a map, found a \(range.typeName)", at: macro.offset)
        }
        try spend(elements.count)
        switch macro.kind {
        case .all: return try decide(macro, elements, by: false)
        case .exists: return try decide(macro, elements, by: true)
        case .existsOne: return try existsOne(macro, elements)
        case .map: return try mapped(macro, elements)
        case .filter: return try filtered(macro, elements)
        }
    }

    private mutating func truth(
        of node: Node, with element: Value, _ macro: Macro
    ) throws(TenonError) -> Bool? {
        locals[macro.slot] = element
        return try truth(of: value(of: node), at: macro.offset)
    }

    private mutating func decide(
        _ macro: Macro, _ elements: [Value], by decisive: Bool
    ) throws(TenonError) -> Value {
        var firstError: TenonError?
        var hasUnknown = false
        for element in elements {
            do throws(TenonError) {
                guard let truth = try truth(of: macro.body, with: element, macro) else {
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

    private mutating func existsOne(_ macro: Macro, _ elements: [Value]) throws(TenonError) -> Value {
        var count = 0
        for element in elements {
            guard let truth = try truth(of: macro.body, with: element, macro) else { return .missing }
            if truth { count += 1 }
        }
        return .bool(count == 1)
    }

    private mutating func mapped(_ macro: Macro, _ elements: [Value]) throws(TenonError) -> Value {
        var result: [Value] = []
        for element in elements {
            if let filter = macro.filter {
                guard let isTaken = try truth(of: filter, with: element, macro) else { return .missing }
                if !isTaken { continue }
            }
            locals[macro.slot] = element
            let value = try value(of: macro.body)
            if isUnknown(value) { return .missing }
            result.append(value)
        }
        return .list(result)
    }

    private mutating func filtered(_ macro: Macro, _ elements: [Value]) throws(TenonError) -> Value {
        var result: [Value] = []
        for element in elements {
            guard let isTaken = try truth(of: macro.body, with: element, macro) else { return .missing }
            if isTaken { result.append(element) }
        }
        return .list(result)
    }
}
