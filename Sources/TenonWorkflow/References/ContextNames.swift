internal import TenonExpression
internal import TenonJSON

/// The keys of the execution's context that an `inputSchema` names.
package struct ContextNames: Sendable {
    var properties: [String] = []
    /// Whether it allows no others.
    var isClosed = false
    /// What the schema says of their values, by their paths: `order.id`.
    var types: [(path: [String], type: StaticType)] = []

    init() {}

    init(inputSchema: JSON?) {
        guard let schema = inputSchema?.object else { return }
        properties = schema["properties"]?.object?.keys ?? []
        // Beside these two no other keyword matters to what `additionalProperties` refuses.
        isClosed =
            schema["additionalProperties"] == false && schema["patternProperties"]?.object?.isEmpty ?? true
        addTypes(of: schema, below: [])
    }

    /// Deeper members, and more of them, may be of any type.
    private static let maxDepth = 6
    private static let maxTypes = 1000

    private mutating func addTypes(of schema: JSONObject, below path: [String]) {
        guard path.count < Self.maxDepth, let members = schema["properties"]?.object?.members else { return }
        for member in members where types.count < Self.maxTypes {
            // A point parts the names of a path.
            guard let inner = member.value.object, !member.key.contains(".") else { continue }
            let path = path + [member.key]
            let type = StaticType(schema: inner)
            if type != .dyn { types.append((path, type)) }
            addTypes(of: inner, below: path)
        }
    }
}

extension StaticType {
    /// What a schema's `type` says by itself; dyn where there are several.
    fileprivate init(schema: JSONObject, depth: Int = 0) {
        var names = schema["type"]?.array?.compactMap(\.string) ?? []
        if let name = schema["type"]?.string { names = [name] }
        // Null belongs to every type.
        names.removeAll { $0 == "null" }
        switch (names.first, names.count) {
        case ("string", 1): self = .string
        case ("boolean", 1): self = .bool
        case ("integer", 1), ("number", 1): self = .number
        case ("object", 1): self = .map(.string, .dyn)
        case ("array", 1):
            let items = schema["prefixItems"] == nil && depth < 4 ? schema["items"]?.object : nil
            self = .list(items.map { StaticType(schema: $0, depth: depth + 1) } ?? .dyn)
        default: self = .dyn
        }
    }
}
