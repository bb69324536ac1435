/// A value that an expression reads: a top-level name and the members named after it.
package struct Reference: Sendable, Hashable {
    package var name: String
    package var members: [String]
    /// The byte of the expression at which it stands first; the same reference elsewhere is equal.
    var offset = 0

    package init(name: String, members: [String]) {
        self.name = name
        self.members = members
    }

    package static func == (left: Reference, right: Reference) -> Bool {
        left.name == right.name && left.members == right.members
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(members)
    }
}

extension Node {
    /// Appends every path in this tree.
    func collectReferences(into references: inout [Reference]) {
        switch self {
        case .literal, .local: break
        case .path(let path):
            var reference = Reference(name: path.root, members: path.members)
            reference.offset = path.offset
            if !references.contains(reference) { references.append(reference) }
        case .member(let node, _, _), .has(let node), .not(let node, _), .negate(let node, _):
            node.collectReferences(into: &references)
        case .index(let left, let right, _), .binary(_, let left, let right, _),
            .coalesce(let left, let right):
            for node in [left, right] { node.collectReferences(into: &references) }
        case .all(let nodes, _), .any(let nodes, _), .list(let nodes), .call(_, let nodes, _):
            for node in nodes { node.collectReferences(into: &references) }
        case .choice(let condition, let first, let second, _):
            for node in [condition, first, second] { node.collectReferences(into: &references) }
        case .map(let entries):
            for node in entries.flatMap({ [$0.key, $0.value] }) { node.collectReferences(into: &references) }
        case .macro(let macro):
            for node in [macro.range, macro.body] + (macro.filter.map { [$0] } ?? []) {
                node.collectReferences(into: &references)
            }
        }
    }
}
