internal import TenonJSON

/// Finds the values that a schema marks with `"secret": true`. Alternatives all count, also those that do not
/// match.
struct SchemaSecrets {
    private struct Visit: Hashable {
        let node: Int
        let pointer: JSONPointer
    }

    private let nodes: [SchemaNode]
    private var visited: Set<Visit> = []
    private(set) var found: [JSONPointer] = []

    init(nodes: [SchemaNode]) { self.nodes = nodes }

    mutating func visit(_ value: JSON, node index: Int, at pointer: JSONPointer) {
        guard !value.isNull, visited.insert(Visit(node: index, pointer: pointer)).inserted else { return }
        let node = nodes[index]
        if node.isSecret { found.append(pointer) }
        for next in node.inPlace { visit(value, node: next, at: pointer) }
        switch value {
        case .object(let object):
            for member in object {
                guard let next = node.properties[member.key] ?? node.additionalProperties else { continue }
                visit(member.value, node: next, at: pointer.appending(member.key))
            }
        case .array(let elements):
            guard let items = node.items else { return }
            for (position, element) in elements.enumerated() {
                visit(element, node: items, at: pointer.appending(position))
            }
        default: break
        }
    }
}
