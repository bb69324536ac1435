internal import TenonJSON

/// Finds the values that a schema marks with `"secret": true`. Alternatives all count, also those that do not
/// match, and so does whatever a dynamic reference may lead to.
struct SchemaSecrets {
    private static let maxVisits = 200_000
    /// How many members and elements may be looked at, over and over, until all count as secret.
    private static let maxLooks = 2_000_000
    private static let root = 0

    /// The member or element of a place.
    private struct Child: Hashable {
        let parent: Int
        let position: Int
    }

    private struct Visit: Hashable {
        let node: Int
        let place: Int
    }

    private let schema: CompiledSchema
    /// The places that were looked at, by number, and the numbers of those below them.
    private var places: [Child] = [Child(parent: -1, position: 0)]
    private var numbers: [Child: Int] = [:]
    private var visited: Set<Visit> = []
    /// What is still to be looked at; no recursion, since schemas choose how long their references go on.
    private var open: [(value: JSON, visit: Visit)] = []
    private var secrets: Set<Int> = []
    private var lookCount = 0

    init(_ schema: CompiledSchema) { self.schema = schema }

    /// `value` with `mask` in place of each secret; in place of all of it where finding them costs too much.
    mutating func masked(_ value: JSON) -> JSON {
        look(at: value, by: [0], Self.root)
        while let next = open.popLast() {
            guard visited.count <= Self.maxVisits, lookCount <= Self.maxLooks else { return .mask }
            visit(next.value, schema.nodes[next.visit.node].rules, at: next.visit.place)
        }
        return secrets.isEmpty ? value : masked(value, Self.root, waysToSecrets())
    }

    /// What to follow from each place to come to the secrets: positions and the places there.
    private func waysToSecrets() -> [Int: [(position: Int, place: Int)]] {
        var ways: [Int: [(position: Int, place: Int)]] = [:]
        var known: Set<Int> = [Self.root]
        for secret in secrets {
            var place = secret
            while known.insert(place).inserted {
                let child = places[place]
                ways[child.parent, default: []].append((child.position, place))
                place = child.parent
            }
        }
        return ways
    }

    /// As deep as the value, which the parser bounds.
    private func masked(_ value: JSON, _ place: Int, _ ways: [Int: [(position: Int, place: Int)]]) -> JSON {
        if secrets.contains(place) { return .mask }
        guard let next = ways[place] else { return value }
        switch value {
        case .object(var object):
            for way in next {
                let member = object.members[way.position]
                object[member.key] = masked(member.value, way.place, ways)
            }
            return .object(object)
        case .array(var elements):
            for way in next { elements[way.position] = masked(elements[way.position], way.place, ways) }
            return .array(elements)
        default: return value
        }
    }

    // MARK: Looking

    private mutating func look(at value: JSON, by nodes: [Int], _ place: Int) {
        guard !value.isNull else { return }
        for node in nodes {
            let visit = Visit(node: node, place: place)
            if visited.insert(visit).inserted { open.append((value, visit)) }
        }
    }

    /// Looks at what stands below a place.
    private mutating func look(at value: JSON, by nodes: [Int], _ child: Child) {
        guard !nodes.isEmpty, !value.isNull else { return }
        let place = numbers[child] ?? places.count
        if place == places.count {
            places.append(child)
            numbers[child] = place
        }
        look(at: value, by: nodes, place)
    }

    private mutating func visit(_ value: JSON, _ rules: SchemaRules, at place: Int) {
        if rules.isSecret { secrets.insert(place) }
        look(at: value, by: rules.inPlace, place)
        if let reference = rules.dynamicReference {
            look(at: value, by: schema.candidates(for: reference), place)
        }
        switch value {
        case .object(let object):
            guard let rules = rules.object else { return }
            lookCount += object.count * (1 + rules.patterns.count)
            for (position, member) in object.members.enumerated() {
                let nodes = rules.nodes(for: member.key)
                let rest = nodes.isEmpty ? [rules.unevaluated].compactMap { $0 } : []
                look(at: member.value, by: nodes + rest, Child(parent: place, position: position))
            }
        case .array(let elements):
            guard let rules = rules.array else { return }
            lookCount += elements.count
            for (position, element) in elements.enumerated() {
                let nodes = [rules.node(at: position) ?? rules.unevaluated, rules.contains]
                look(at: element, by: nodes.compactMap { $0 }, Child(parent: place, position: position))
            }
        default: break
        }
    }
}
