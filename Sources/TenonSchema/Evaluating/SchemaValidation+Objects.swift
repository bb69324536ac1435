internal import TenonJSON
internal import TenonModel
internal import TenonPattern

extension SchemaValidation {
    mutating func fits(_ object: JSONObject, _ rules: ObjectRules, _ own: inout Evaluated) -> Bool {
        var isValid = fits(object.count, rules.memberCount, unit: "member")
        for name in rules.required where goesOn(isValid) && object[name] == nil {
            report("is required", at: name)
            isValid = false
        }
        for dependency in rules.dependentRequired where goesOn(isValid) && object[dependency.name] != nil {
            for name in dependency.needs where object[name] == nil {
                report("is required where \"\(dependency.name)\" is given", at: name)
                isValid = false
            }
        }
        if rules.names != nil || !rules.properties.isEmpty || !rules.patterns.isEmpty
            || rules.additional != nil
        {
            for (position, member) in object.members.enumerated() where goesOn(isValid) {
                let fit = fits(member, rules)
                isValid = fit.isValid && isValid
                if fit.isEvaluated { own.insert(position) }
            }
        }
        return isValid
    }

    private mutating func fits(_ member: JSONObject.Member, _ rules: ObjectRules)
        -> (isValid: Bool, isEvaluated: Bool)
    {
        var isValid = true
        var isKnown = false
        if let names = rules.names { isValid = nameFits(member.key, names) }
        if let property = rules.properties[member.key] {
            isKnown = true
            isValid = accepts(member.value, property, at: .key(member.key)) && isValid
        }
        for rule in rules.patterns {
            charge(1 + member.key.utf8.count / 16)
            guard goesOn(isValid) else { break }
            guard occurs(rule.pattern.pattern, in: member.key) else { continue }
            isKnown = true
            isValid = accepts(member.value, rule.node, at: .key(member.key)) && isValid
        }
        guard !isKnown, let additional = rules.additional, goesOn(isValid) else { return (isValid, isKnown) }
        isValid = unnamedFits(member, additional, known: { rules.properties.names }) && isValid
        return (isValid, true)
    }

    private mutating func nameFits(_ name: String, _ node: Int) -> Bool {
        var seen = Evaluated(isWanted: false)
        guard !quietly(.string(name), node, &seen) else { return true }
        let reasons = problems(in: .string(name), node).prefix(3).map(\.message).joined(separator: "; ")
        report("has a name that \(reasons)", at: name)
        return false
    }

    /// A member that no property describes; `known` are the names to suggest.
    private mutating func unnamedFits(
        _ member: JSONObject.Member, _ node: Int, known: () -> [String]
    ) -> Bool {
        guard schema.nodes[node].rules.always == false else {
            return accepts(member.value, node, at: .key(member.key))
        }
        report(
            "is not a known property"
                + (NearestName.of(member.key, among: known()).map { "; did you mean \"\($0)\"?" }
                    ?? ""),
            at: member.key)
        return false
    }

    mutating func dependentSchemasFit(_ value: JSON, _ rules: ObjectRules, _ own: inout Evaluated) -> Bool {
        guard let object = value.object else { return true }
        var isValid = true
        for dependency in rules.dependentSchemas where object[dependency.name] != nil && goesOn(isValid) {
            isValid = accepts(value, dependency.node, &own) && isValid
        }
        return isValid
    }

    /// What no other schema has looked at.
    mutating func restFits(_ value: JSON, _ rules: SchemaRules, _ own: inout Evaluated) -> Bool {
        var isValid = true
        switch value {
        case .array(let elements):
            guard let node = rules.array?.unevaluated else { return true }
            for (position, element) in elements.enumerated() where !own.contains(position) {
                guard goesOn(isValid) else { return false }
                isValid = accepts(element, node, at: .index(position)) && isValid
            }
        case .object(let object):
            guard let node = rules.object?.unevaluated else { return true }
            for (position, member) in object.members.enumerated() where !own.contains(position) {
                guard goesOn(isValid) else { return false }
                isValid =
                    unnamedFits(member, node, known: { [schema] in schema.propertyNames(from: rules) })
                    && isValid
            }
        default: return true
        }
        own.insertAll()
        return isValid
    }
}
