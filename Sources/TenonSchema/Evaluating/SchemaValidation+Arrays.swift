internal import TenonJSON

extension SchemaValidation {
    mutating func fits(_ elements: [JSON], _ rules: ArrayRules, _ own: inout Evaluated) -> Bool {
        var isValid = fits(elements.count, rules.itemCount, unit: "item")
        if rules.areUnique, goesOn(isValid) { isValid = areUnique(elements) && isValid }
        if !rules.prefix.isEmpty || rules.items != nil {
            for (position, element) in elements.enumerated() {
                guard goesOn(isValid), let node = rules.node(at: position) else { break }
                isValid = accepts(element, node, at: .index(position)) && isValid
                own.insert(position)
            }
        }
        if let contains = rules.contains, goesOn(isValid) {
            isValid = fits(elements, contains, rules.containsCount, &own) && isValid
        }
        return isValid
    }

    private mutating func areUnique(_ elements: [JSON]) -> Bool {
        var positions: [[UInt8]: Int] = [:]
        for (position, element) in elements.enumerated() {
            let form = element.canonicalForm
            charge(1 + form.count / 8)
            guard !isExhausted else { return false }
            if let other = positions.updateValue(position, forKey: form) {
                report("must not have the same item twice, but items \(other) and \(position) are equal")
                return false
            }
        }
        return true
    }

    private mutating func fits(
        _ elements: [JSON], _ contains: Int, _ range: CountRange, _ own: inout Evaluated
    ) -> Bool {
        var count = 0
        for (position, element) in elements.enumerated() {
            var seen = Evaluated(isWanted: false)
            guard quietly(element, contains, &seen) else { continue }
            count += 1
            own.insert(position)
        }
        let minimum = range.minimum ?? 1
        if count < minimum {
            let few = minimum == 1 ? "at least one item" : "at least \(minimum) items"
            report("must have \(few) that the schema's \"contains\" describes, but has \(count)")
            return false
        }
        if let maximum = range.maximum, count > maximum {
            report(
                "must have at most \(maximum) item\(maximum == 1 ? "" : "s") that the schema's \"contains\" "
                    + "describes, but has \(count)")
            return false
        }
        return true
    }
}
