internal import TenonJSON

/// Puts the defaults of absent properties into a value. Of alternatives, the first that matches gives its
/// defaults.
struct SchemaDefaults {
    private let nodes: [SchemaNode]
    private var depth = 0
    private var steps = 0

    init(nodes: [SchemaNode]) { self.nodes = nodes }

    mutating func filled(_ value: JSON, node index: Int) -> JSON {
        depth += 1
        steps += 1
        defer { depth -= 1 }
        guard depth <= SchemaValidation.maxDepth, steps <= SchemaValidation.maxSteps else { return value }
        let node = nodes[index]
        var value = value
        for next in [node.reference].compactMap({ $0 }) + node.allOf { value = filled(value, node: next) }
        if let branch = branch(of: node, for: value) { value = filled(value, node: branch) }
        switch value {
        case .object(let object): return .object(filled(object, node))
        case .array(let elements):
            guard let items = node.items else { return value }
            return .array(elements.map { filled($0, node: items) })
        default: return value
        }
    }

    private func branch(of node: SchemaNode, for value: JSON) -> Int? {
        if let condition = node.ifNode { return accepts(value, condition) ? node.thenNode : node.elseNode }
        return (node.oneOf + node.anyOf).first { accepts(value, $0) }
    }

    private func accepts(_ value: JSON, _ node: Int) -> Bool {
        var validation = SchemaValidation(nodes: nodes)
        return validation.problems(in: value, node: node, at: JSONPointer()).isEmpty
    }

    private mutating func filled(_ object: JSONObject, _ node: SchemaNode) -> JSONObject {
        var object = object
        for name in node.propertyNames {
            guard let property = node.properties[name],
                let present = object[name] ?? defaultValue(of: property)
            else { continue }
            object[name] = filled(present, node: property)
        }
        guard let additional = node.additionalProperties else { return object }
        for member in object where node.properties[member.key] == nil {
            object[member.key] = filled(member.value, node: additional)
        }
        return object
    }

    /// The default of a schema or of the one it refers to.
    private func defaultValue(of index: Int) -> JSON? {
        var index: Int? = index
        while let current = index {
            if let value = nodes[current].defaultValue { return value }
            index = nodes[current].reference
        }
        return nil
    }
}
