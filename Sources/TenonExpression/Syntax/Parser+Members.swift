internal import TenonModel

extension Parser {
    /// The `.name`, `[index]` and `.method()` that follow `node`. After one `?.` all further links are
    /// optional.
    mutating func members(of node: Node) throws(SyntaxError) -> Node {
        var node = node
        var isOptional = false
        while true {
            let start = offset
            if token == .symbol(".") || (token == .symbol("?.") && mode == .host) {
                isOptional = isOptional || token == .symbol("?.")
                // The lexer stands behind the point: a known name may begin here.
                if let name = try knownName(after: node) {
                    node = try extend(node, name, Access(isOptional: isOptional, offset: start))
                    continue
                }
                try advance()
                guard case .identifier(let name) = token else { throw unexpected("a name after the point") }
                let nameOffset = offset
                try advance()
                if token == .symbol("(") {
                    node = try method(name, of: node, at: nameOffset)
                } else {
                    try checkMember(name, of: node, at: nameOffset)
                    node = try extend(node, name, Access(isOptional: isOptional, offset: start))
                }
            } else if try accept("[") {
                let index = try expression()
                try expect("]")
                if case .literal(.string(let name)) = index {
                    try checkMember(name, of: node, at: start)
                    node = try extend(node, name, Access(isOptional: isOptional, offset: start))
                } else {
                    try countOperator()
                    node = .index(node, index, Access(isOptional: isOptional, offset: start))
                }
            } else {
                break
            }
        }
        return node
    }

    private mutating func extend(
        _ node: Node, _ name: String, _ access: Access
    ) throws(SyntaxError) -> Node {
        guard case .path(var path) = node, path.isOptional || !access.isOptional || path.members.isEmpty
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

    private mutating func method(_ name: String, of node: Node, at start: Int) throws(SyntaxError) -> Node {
        try countOperator()
        if let kind = Macro.Kind(rawValue: name) { return try macro(kind, over: node, at: start) }
        let arguments = try arguments()
        return try call(name, [node] + arguments, isMethod: true, at: start)
    }

    /// `(a, b)`, with the current token being the parenthesis.
    mutating func arguments() throws(SyntaxError) -> [Node] {
        try expect("(")
        var arguments: [Node] = []
        if try accept(")") { return arguments }
        repeat { arguments.append(try expression()) } while try accept(",")
        try expect(")")
        return arguments
    }

    func call(_ name: String, _ arguments: [Node], isMethod: Bool, at start: Int) throws(SyntaxError) -> Node
    {
        guard let function = Function(rawValue: name) else {
            if Function.plannedNames.contains(name) {
                throw SyntaxError(
                    message: "the function \"\(name)\" is not supported yet", offset: start,
                    isUnsupported: true)
            }
            let known = Function.allCases.map(\.rawValue) + Macro.Kind.allCases.map(\.rawValue) + ["has"]
            throw SyntaxError(
                message: "there is no function \"\(name)\"."
                    + NearestName.suggestion(for: name, among: known), offset: start)
        }
        guard isMethod ? function.isMethod : function.isGlobal else {
            let form = function.isMethod ? "x.\(name)(...)" : "\(name)(...)"
            throw SyntaxError(message: "\"\(name)\" is called as \(form)", offset: start)
        }
        guard arguments.count == function.parameterCount else {
            let count = function.parameterCount - (isMethod ? 1 : 0)
            throw SyntaxError(
                message: "\"\(name)\" takes \(count) argument\(count == 1 ? "" : "s")", offset: start)
        }
        return .call(function, arguments, offset: start)
    }

    private mutating func macro(
        _ kind: Macro.Kind, over range: Node, at start: Int
    ) throws(SyntaxError) -> Node {
        try expect("(")
        guard case .identifier(let variable) = token else { throw unexpected("a variable name") }
        try advance()
        try expect(",")
        let slot = slots.count
        slots.append(variable)
        slotCount = max(slotCount, slots.count)
        defer { slots.removeLast() }
        var body = try expression()
        var filter: Node?
        if kind == .map, try accept(",") {
            filter = body
            body = try expression()
        }
        try expect(")")
        return .macro(
            Macro(kind: kind, range: range, slot: slot, filter: filter, body: body, offset: start))
    }
}
