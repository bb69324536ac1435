internal import TenonJSON

/// Finds the values that a schema marks with `"secret": true`. Alternatives all count, also those that do not
/// match, and so does whatever a dynamic reference may lead to.
struct SchemaSecrets {
    private static let maxVisits = 200_000

    private struct Visit: Hashable {
        let node: Int
        let pointer: JSONPointer
    }

    private let schema: CompiledSchema
    private var visited: Set<Visit> = []
    /// What is still to be looked at; no recursion, since schemas choose how long their references go on.
    private var open: [(value: JSON, visit: Visit)] = []
    private(set) var found: [JSONPointer] = []

    init(_ schema: CompiledSchema) { self.schema = schema }

    /// Where the secrets of `value` stand; the whole value where finding them costs too much.
    mutating func pointers(in value: JSON) -> [JSONPointer] {
        look(at: value, by: [0], JSONPointer())
        while let next = open.popLast() {
            guard visited.count <= Self.maxVisits else { return [JSONPointer()] }
            visit(next.value, schema.nodes[next.visit.node].rules, at: next.visit.pointer)
        }
        return found
    }

    private mutating func look(at value: JSON, by nodes: [Int], _ pointer: JSONPointer) {
        guard !value.isNull else { return }
        for node in nodes {
            let visit = Visit(node: node, pointer: pointer)
            if visited.insert(visit).inserted { open.append((value, visit)) }
        }
    }

    private mutating func visit(_ value: JSON, _ rules: SchemaRules, at pointer: JSONPointer) {
        if rules.isSecret { found.append(pointer) }
        look(at: value, by: rules.inPlace, pointer)
        if let reference = rules.dynamicReference {
            look(at: value, by: schema.candidates(for: reference), pointer)
        }
        switch value {
        case .object(let object):
            guard let rules = rules.object else { return }
            for member in object {
                let nodes = rules.nodes(for: member.key)
                let rest = nodes.isEmpty ? [rules.unevaluated].compactMap { $0 } : []
                look(at: member.value, by: nodes + rest, pointer.appending(member.key))
            }
        case .array(let elements):
            guard let rules = rules.array else { return }
            for (position, element) in elements.enumerated() {
                let nodes = [rules.node(at: position) ?? rules.unevaluated, rules.contains]
                look(at: element, by: nodes.compactMap { $0 }, pointer.appending(position))
            }
        default: break
        }
    }
}
