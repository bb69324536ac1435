internal import TenonJSON
internal import TenonPattern
internal import TenonModel

/// One check of a value against a schema. Messages never repeat the value: it may be a secret.
struct SchemaValidation {
    static let maxDepth = 512
    /// A schema whose alternatives multiply must not stop the host.
    static let maxSteps = 100_000
    private static let maxProblems = 100

    private let nodes: [SchemaNode]
    private var depth = 0
    private var steps = 0

    init(nodes: [SchemaNode]) { self.nodes = nodes }

    mutating func problems(in value: JSON, node index: Int, at pointer: JSONPointer) -> [FieldError] {
        depth += 1
        steps += 1
        defer { depth -= 1 }
        guard depth <= Self.maxDepth, steps <= Self.maxSteps else {
            return [
                FieldError(pointer: pointer.description, message: "costs too much to check by its schema")
            ]
        }
        let node = nodes[index]
        if let always = node.always {
            return always
                ? [] : [FieldError(pointer: pointer.description, message: "is not allowed here")]
        }
        if let mismatch = typeProblem(value, node) {
            return [FieldError(pointer: pointer.description, message: mismatch)]
        }
        var found = ownProblems(value, node, at: pointer)
        found += inPlaceProblems(value, node, at: pointer)
        return Array(found.prefix(Self.maxProblems))
    }

    private func typeProblem(_ value: JSON, _ node: SchemaNode) -> String? {
        guard !node.types.isEmpty, !node.types.contains(where: { matches(value, $0) }) else { return nil }
        return "must be \(words(for: node.types)), but is \(article(value.typeName))"
    }

    private func matches(_ value: JSON, _ type: String) -> Bool {
        switch type {
        case "number": ["integer", "number"].contains(value.typeName)
        case "integer": ExactDecimal(value)?.isInteger ?? false
        default: value.typeName == type
        }
    }

    private mutating func ownProblems(_ value: JSON, _ node: SchemaNode, at pointer: JSONPointer)
        -> [FieldError]
    {
        var messages: [String] = []
        if let allowed = node.allowedValues, !allowed.forms.contains(value.canonicalForm) {
            messages.append("must be \(allowed.text)")
        }
        switch value {
        case .int, .uint, .double, .number:
            if let number = ExactDecimal(value) { messages += node.number.problems(with: number) }
        case .string(let text):
            messages += node.length.problems(with: text.unicodeScalars.count, unit: "character")
            if let rule = node.pattern, !rule.pattern.matches(text) {
                messages.append("must match \(rule.text)")
            }
        case .array(let elements):
            messages += node.itemCount.problems(with: elements.count, unit: "item")
            if node.itemsAreUnique, Set(elements.map(\.canonicalForm)).count < elements.count {
                messages.append("must not have the same item twice")
            }
        case .object(let object):
            messages += node.memberCount.problems(with: object.count, unit: "member")
        case .null, .bool: break
        }
        return messages.map { FieldError(pointer: pointer.description, message: $0) }
            + childProblems(value, node, at: pointer)
    }

    private mutating func childProblems(_ value: JSON, _ node: SchemaNode, at pointer: JSONPointer)
        -> [FieldError]
    {
        var found: [FieldError] = []
        switch value {
        case .array(let elements):
            guard let items = node.items else { return [] }
            for (position, element) in elements.enumerated() {
                found += problems(in: element, node: items, at: pointer.appending(position))
            }
        case .object(let object):
            for name in node.required where object[name] == nil {
                found.append(FieldError(pointer: pointer.appending(name).description, message: "is required"))
            }
            for member in object {
                let place = pointer.appending(member.key)
                if let property = node.properties[member.key] {
                    found += problems(in: member.value, node: property, at: place)
                } else if let additional = node.additionalProperties {
                    found += unknownMember(member, node, schema: additional, at: place)
                }
            }
        default: break
        }
        return found
    }

    private mutating func unknownMember(
        _ member: JSONObject.Member, _ node: SchemaNode, schema: Int, at place: JSONPointer
    ) -> [FieldError] {
        guard nodes[schema].always == false else {
            return problems(in: member.value, node: schema, at: place)
        }
        let hint = Suggestion.nearest(to: member.key, among: node.propertyNames).map {
            "; did you mean \"\($0)\"?"
        }
        return [FieldError(pointer: place.description, message: "is not a known property" + (hint ?? ""))]
    }

    private mutating func inPlaceProblems(_ value: JSON, _ node: SchemaNode, at pointer: JSONPointer)
        -> [FieldError]
    {
        var found: [FieldError] = []
        for next in [node.reference].compactMap({ $0 }) + node.allOf {
            found += problems(in: value, node: next, at: pointer)
        }
        found += alternativeProblems(value, node, at: pointer)
        if let not = node.not, problems(in: value, node: not, at: pointer).isEmpty {
            found.append(
                FieldError(pointer: pointer.description, message: "matches what the schema excludes"))
        }
        if let condition = node.ifNode {
            let holds = problems(in: value, node: condition, at: pointer).isEmpty
            if let branch = holds ? node.thenNode : node.elseNode {
                found += problems(in: value, node: branch, at: pointer)
            }
        }
        return found
    }

    private mutating func alternativeProblems(
        _ value: JSON, _ node: SchemaNode, at pointer: JSONPointer
    ) -> [FieldError] {
        var found: [FieldError] = []
        if !node.anyOf.isEmpty {
            let results = node.anyOf.map { problems(in: value, node: $0, at: pointer) }
            if !results.contains(where: \.isEmpty) { found += noAlternative(results, at: pointer) }
        }
        if !node.oneOf.isEmpty {
            let results = node.oneOf.map { problems(in: value, node: $0, at: pointer) }
            let count = results.count { $0.isEmpty }
            if count == 0 { found += noAlternative(results, at: pointer) }
            if count > 1 {
                found.append(
                    FieldError(
                        pointer: pointer.description,
                        message: "matches \(count) alternatives, but must match exactly one"))
            }
        }
        return found
    }

    /// Says so, and what is wrong by the alternative that fits best.
    private func noAlternative(_ results: [[FieldError]], at pointer: JSONPointer) -> [FieldError] {
        let summary = FieldError(
            pointer: pointer.description, message: "matches none of the \(results.count) alternatives")
        return [summary] + (results.min { $0.count < $1.count } ?? [])
    }
}

extension CountRange {
    fileprivate func problems(with count: Int, unit: String) -> [String] {
        var messages: [String] = []
        func words(_ limit: Int) -> String { "\(limit) \(unit)\(limit == 1 ? "" : "s"), but has \(count)" }
        if let minimum, count < minimum { messages.append("must have at least \(words(minimum))") }
        if let maximum, count > maximum { messages.append("must have at most \(words(maximum))") }
        return messages
    }
}

extension NumberRules {
    fileprivate func problems(with number: ExactDecimal) -> [String] {
        var messages: [String] = []
        func check(_ keyword: String, _ holds: Bool, _ words: String) {
            if !holds { messages.append("must be \(words) \(texts[keyword] ?? "")") }
        }
        if let minimum { check("minimum", !(number < minimum), "at least") }
        if let maximum { check("maximum", !(maximum < number), "at most") }
        if let exclusiveMinimum { check("exclusiveMinimum", exclusiveMinimum < number, "greater than") }
        if let exclusiveMaximum { check("exclusiveMaximum", number < exclusiveMaximum, "less than") }
        if let multipleOf { check("multipleOf", number.isMultiple(of: multipleOf), "a multiple of") }
        return messages
    }
}

/// "a string", "an integer", "null".
private func article(_ type: String) -> String {
    switch type {
    case "null": "null"
    case "integer", "array", "object": "an \(type)"
    default: "a \(type)"
    }
}

private func words(for types: [String]) -> String {
    let words = types.map(article)
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
}
