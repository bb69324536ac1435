extension Node {
    /// The same node over other nodes, which are as many as `children` has.
    func with(children nodes: [Node]) -> Node {
        guard nodes.count == children.count else { return self }
        switch self {
        case .literal, .local, .path: return self
        case .member(_, let name, let access): return .member(nodes[0], name, access)
        case .optionalMember(_, let name, let offset): return .optionalMember(nodes[0], name, offset: offset)
        case .optionalElement(_, let offset): return .optionalElement(nodes[0], offset: offset)
        case .has(_, let offset): return .has(nodes[0], offset: offset)
        case .not(_, let offset): return .not(nodes[0], offset: offset)
        case .negate(_, let offset): return .negate(nodes[0], offset: offset)
        case .matches(_, let pattern, let offset): return .matches(nodes[0], pattern, offset: offset)
        case .index(_, _, let access): return .index(nodes[0], nodes[1], access)
        case .optionalIndex(_, _, let offset): return .optionalIndex(nodes[0], nodes[1], offset: offset)
        case .binary(let sign, _, _, let offset): return .binary(sign, nodes[0], nodes[1], offset: offset)
        case .coalesce: return .coalesce(nodes[0], nodes[1])
        case .all(_, let offset): return .all(nodes, offset: offset)
        case .any(_, let offset): return .any(nodes, offset: offset)
        case .list: return .list(nodes)
        case .call(let function, _, let offset): return .call(function, nodes, offset: offset)
        case .choice(_, _, _, let offset): return .choice(nodes[0], nodes[1], nodes[2], offset: offset)
        case .map(let entries): return .map(entries.with(nodes))
        case .macro(let macro): return .macro(macro.with(nodes))
        case .unknownCall(let call): return .unknownCall(call.with(nodes))
        }
    }

    /// How many elements a list has that is written out, or a constant.
    var elementCount: Int? {
        switch self {
        case .literal(let value): return value.elements?.count
        case .list(let nodes):
            let hasOptional = nodes.contains { if case .optionalElement = $0 { true } else { false } }
            return hasOptional ? nil : nodes.count
        default: return nil
        }
    }

    /// The text that it is, where it is a constant text.
    var constantText: String? { if case .literal(.string(let text)) = self { text } else { nil } }
}

extension [MapEntry] {
    /// Keys and values take turns in `nodes`.
    fileprivate func with(_ nodes: [Node]) -> [MapEntry] {
        enumerated().map { index, entry in
            var entry = entry
            (entry.key, entry.value) = (nodes[2 * index], nodes[2 * index + 1])
            return entry
        }
    }
}

extension Macro {
    fileprivate func with(_ nodes: [Node]) -> Macro {
        var macro = self
        macro.range = nodes[0]
        if filter != nil { macro.filter = nodes[1] }
        macro.body = nodes[nodes.count - 1]
        return macro
    }
}

extension UnknownCall {
    fileprivate func with(_ nodes: [Node]) -> UnknownCall {
        var call = self
        if receiver != nil { call.receiver = nodes[0] }
        call.arguments = Array(nodes.dropFirst(receiver == nil ? 0 : 1))
        return call
    }
}
