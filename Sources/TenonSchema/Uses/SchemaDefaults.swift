internal import TenonJSON

/// Puts the defaults of absent properties into a value. Of alternatives, the first that matches gives its
/// defaults.
struct SchemaDefaults {
    private static let maxSteps = 200_000

    private let schema: CompiledSchema
    private var validation: SchemaValidation
    private var depth = 0
    private var steps = 0

    init(_ schema: CompiledSchema, for value: JSON) {
        self.schema = schema
        validation = SchemaValidation(schema, stepsLeft: SchemaValidation.stepLimit(for: value))
    }

    mutating func filled(_ value: JSON, node index: Int) -> JSON {
        depth += 1
        steps += 1
        defer { depth -= 1 }
        guard depth <= SchemaValidation.maxDepth, steps <= Self.maxSteps else { return value }
        let rules = schema.nodes[index].rules
        var value = value
        for next in always(rules) { value = filled(value, node: next) }
        if let branch = branch(of: rules.combination, for: value) { value = filled(value, node: branch) }
        switch value {
        case .object(let object): return .object(rules.object.map { filled(object, $0) } ?? object)
        case .array(let elements):
            guard let array = rules.array else { return value }
            return .array(
                elements.enumerated().map { position, element in
                    array.node(at: position).map { filled(element, node: $0) } ?? element
                })
        default: return value
        }
    }

    /// The schemas that every value must fit besides the rules themselves.
    private func always(_ rules: SchemaRules) -> [Int] {
        [rules.reference, rules.dynamicReference?.target].compactMap { $0 } + (rules.combination?.allOf ?? [])
    }

    private mutating func branch(of rules: Combination?, for value: JSON) -> Int? {
        guard let rules else { return nil }
        if let condition = rules.ifNode {
            return validation.isValid(value, node: condition) ? rules.thenNode : rules.elseNode
        }
        return (rules.oneOf + rules.anyOf).first { validation.isValid(value, node: $0) }
    }

    private mutating func filled(_ object: JSONObject, _ rules: ObjectRules) -> JSONObject {
        var object = object
        for dependency in rules.dependentSchemas where object[dependency.name] != nil {
            object = filled(.object(object), node: dependency.node).object ?? object
        }
        for name in rules.properties.names {
            guard let property = rules.properties[name], object[name] == nil else { continue }
            object[name] = defaultValue(of: property)
        }
        for member in object {
            var value = member.value
            for node in rules.nodes(for: member.key) { value = filled(value, node: node) }
            object[member.key] = value
        }
        return object
    }

    /// The default of a schema or of the one it refers to.
    private func defaultValue(of index: Int) -> JSON? {
        var next: Int? = index
        // No longer than there are nodes, whatever refers to what.
        for _ in schema.nodes.indices {
            guard let current = next else { return nil }
            if let value = schema.nodes[current].rules.defaultValue { return value }
            next = schema.nodes[current].rules.reference
        }
        return nil
    }
}
