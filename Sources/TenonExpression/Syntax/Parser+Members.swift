internal import TenonModel

extension Parser {
    /// The `.name`, `[index]` and `.method()` that follow `node`. After one `?.` all further links are
    /// optional, up to a `.?`, from where on an optional is carried along.
    mutating func members(of node: Node, isGroup: Bool = false) throws(SyntaxError) -> Node {
        var node = node
        var isGroup = isGroup
        var isOptional = false
        while true {
            let start = offset
            if token == .symbol(".") || token == .symbol("?.") {
                isOptional = isOptional || token == .symbol("?.")
                let access = Access(isOptional: isOptional, isSeparate: isGroup, offset: start)
                node = try member(of: node, access)
            } else if try accept("[") {
                node = try element(of: node, Access(isOptional: isOptional, offset: start))
            } else {
                try refuseMessage(after: node)
                return node
            }
            isGroup = false
            if node.isOptionalLink { isOptional = false }
        }
    }

    /// CEL has `a.b.Message{field: value}`; here are no messages.
    private func refuseMessage(after node: Node) throws(SyntaxError) {
        guard token == .symbol("{"), case .path(let path) = node else { return }
        throw SyntaxError(
            message:
                "messages such as \(path.text){...} are not supported; a map has quoted keys, as in {'a': 1}",
            offset: offset, isUnsupported: true)
    }

    /// `.name`, `.?name`, `.name(…)`, from the point on.
    private mutating func member(of node: Node, _ access: Access) throws(SyntaxError) -> Node {
        // The lexer stands behind the point: a known name may begin here.
        if let name = try knownName(after: node) { return try extend(node, name, access) }
        try advance()
        let isChoice = try accept("?")
        let nameOffset = offset
        switch token {
        case .identifier(let name):
            try advance()
            if token == .symbol("("), !isChoice { return try method(name, of: node, at: nameOffset) }
            if isChoice { return try optional(name, of: node, access) }
            guard mode == .host || !Self.literalWords.contains(name) else {
                throw SyntaxError(message: "\"\(name)\" cannot be a member's name", offset: nameOffset)
            }
            try checkMember(name, of: node, at: nameOffset)
            return try extend(node, name, access)
        case .quotedName(let name):
            try advance()
            if isChoice { return try optional(name, of: node, access) }
            try checkMember(name, of: node, at: nameOffset)
            if mode == .host { return try extend(node, name, access) }
            try countOperator()
            return .member(node, name, access)
        default: throw unexpected("a name after the point")
        }
    }

    private mutating func optional(
        _ name: String, of node: Node, _ access: Access
    ) throws(SyntaxError) -> Node {
        try countOperator()
        return .optionalMember(node, name, offset: access.offset)
    }

    /// `[index]` or `[?index]`, after the bracket.
    private mutating func element(of node: Node, _ access: Access) throws(SyntaxError) -> Node {
        let isChoice = try accept("?")
        let index = try expression()
        try expect("]")
        if mode == .host, !isChoice, case .literal(.string(let name)) = index {
            try checkMember(name, of: node, at: access.offset)
            return try extend(node, name, access)
        }
        try countOperator()
        return isChoice
            ? .optionalIndex(node, index, offset: access.offset) : .index(node, index, access)
    }

    private mutating func extend(
        _ node: Node, _ name: String, _ access: Access
    ) throws(SyntaxError) -> Node {
        guard case .path(var path) = node, !access.isSeparate,
            path.isOptional || !access.isOptional || path.members.isEmpty
        else {
            try countOperator()
            return .member(node, name, access)
        }
        path.members.append(name)
        path.isOptional = path.isOptional || access.isOptional
        return .path(path)
    }

    /// Takes the longest known name of the group that `node` is, if one stands here.
    private mutating func knownName(after node: Node) throws(SyntaxError) -> String? {
        guard case .path(let path) = node, path.members.isEmpty, let group = names.groups[path.root] else {
            return nil
        }
        var rest = lexer
        rest.skipSpace()
        guard let name = group.longestName(in: rest.bytes, at: rest.offset) else { return nil }
        lexer.offset = rest.offset + name.utf8.count
        try advance()
        return name
    }

    /// Refuses a name that a closed group does not have.
    private func checkMember(_ name: String, of node: Node, at offset: Int) throws(SyntaxError) {
        guard case .path(let path) = node, path.members.isEmpty, let group = names.groups[path.root],
            group.isClosed, !group.names.contains(name)
        else { return }
        let known = group.names.sorted { $0.utf8Precedes($1) }
        let list = known.prefix(20).map { "\"\($0)\"" }.joined(separator: ", ")
        throw SyntaxError(
            message: "there is no \"\(name)\" in \(path.root)."
                + NearestName.suggestion(for: name, among: known)
                + " It has \(list.isEmpty ? "nothing" : list)",
            offset: offset)
    }
}

extension Node {
    fileprivate var isOptionalLink: Bool {
        switch self {
        case .optionalMember, .optionalIndex: true
        default: false
        }
    }
}
