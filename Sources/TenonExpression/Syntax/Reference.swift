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
        if case .path(let path) = self {
            var reference = Reference(name: path.root, members: path.members)
            reference.offset = path.offset
            if !references.contains(reference) { references.append(reference) }
        }
        for child in children { child.collectReferences(into: &references) }
    }

    /// The nodes right below, in the order of the text.
    var children: [Node] {
        switch self {
        case .literal, .local, .path: []
        case .member(let node, _, _), .optionalMember(let node, _, _), .optionalElement(let node, _),
            .has(let node, _), .not(let node, _), .negate(let node, _), .matches(let node, _, _):
            [node]
        case .index(let left, let right, _), .optionalIndex(let left, let right, _),
            .binary(_, let left, let right, _), .coalesce(let left, let right):
            [left, right]
        case .all(let nodes, _), .any(let nodes, _), .list(let nodes), .call(_, let nodes, _): nodes
        case .choice(let condition, let first, let second, _): [condition, first, second]
        case .map(let entries): entries.flatMap { [$0.key, $0.value] }
        case .macro(let macro): [macro.range] + (macro.filter.map { [$0] } ?? []) + [macro.body]
        case .unknownCall(let call): (call.receiver.map { [$0] } ?? []) + call.arguments
        }
    }
}
