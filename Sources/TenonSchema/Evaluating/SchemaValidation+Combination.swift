internal import TenonJSON
internal import TenonModel

extension SchemaValidation {
    mutating func fits(_ value: JSON, _ rules: Combination, _ own: inout Evaluated) -> Bool {
        var isValid = true
        for node in rules.allOf where goesOn(isValid) { isValid = accepts(value, node, &own) && isValid }
        if goesOn(isValid), !rules.anyOf.isEmpty { isValid = anyFits(value, rules.anyOf, &own) && isValid }
        if goesOn(isValid), !rules.oneOf.isEmpty { isValid = oneFits(value, rules.oneOf, &own) && isValid }
        if goesOn(isValid), let not = rules.not {
            var seen = Evaluated(isWanted: false)
            if quietly(value, not, &seen) {
                report("matches what the schema excludes")
                isValid = false
            }
        }
        if goesOn(isValid), let condition = rules.ifNode {
            var seen = own.fresh
            let holds = quietly(value, condition, &seen)
            if holds { own.formUnion(seen) }
            if let branch = holds ? rules.thenNode : rules.elseNode {
                isValid = accepts(value, branch, &own) && isValid
            }
        }
        return isValid
    }

    private mutating func anyFits(_ value: JSON, _ nodes: [Int], _ own: inout Evaluated) -> Bool {
        var isValid = false
        // Each alternative that fits has looked at members and items.
        for node in nodes where !isValid || own.isWanted {
            var seen = own.fresh
            guard quietly(value, node, &seen) else { continue }
            own.formUnion(seen)
            isValid = true
        }
        if !isValid { reportNone(of: nodes, value, &own) }
        return isValid
    }

    private mutating func oneFits(_ value: JSON, _ nodes: [Int], _ own: inout Evaluated) -> Bool {
        var count = 0
        for node in nodes {
            var seen = own.fresh
            guard quietly(value, node, &seen) else { continue }
            own.formUnion(seen)
            count += 1
        }
        if count == 0 { reportNone(of: nodes, value, &own) }
        if count > 1 { report("matches \(count) alternatives, but must match exactly one") }
        return count == 1
    }

    /// Says so, and what is wrong by the alternative that fits best.
    private mutating func reportNone(of nodes: [Int], _ value: JSON, _ own: inout Evaluated) {
        // What else is there cannot be judged.
        own.insertAll()
        guard goesOn(false) else { return }
        report("matches none of the \(nodes.count) alternatives")
        var best: [FieldError]?
        for node in nodes {
            let found = problems(in: value, node)
            // An alternative for another kind of value is the least that somebody meant.
            let isKindWrong = schema.nodes[node].rules.types?.types.allows(value) == false
            if !isKindWrong, found.count < best?.count ?? Int.max { best = found }
        }
        add(best ?? nodes.first.map { problems(in: value, $0) } ?? [])
    }
}
