internal import TenonModel

extension Parser {
    mutating func primary() throws(SyntaxError) -> Node {
        let start = offset
        switch token {
        case .int(let digits):
            guard let value = Int64(exactly: digits) else {
                throw SyntaxError(message: "an integer has at most 64 bits", offset: start)
            }
            return try literal(.int(value))
        case .uint(let value): return try literal(.uint(value))
        case .double(let value): return try literal(.double(value))
        case .string(let value): return try literal(.string(value))
        case .bytes(let value): return try literal(.bytes(value))
        case .identifier(let name):
            try advance()
            return try named(name, at: start)
        case .symbol("."):
            try advance()
            guard case .identifier(let name) = token else { throw unexpected("a name after the point") }
            try advance()
            return try named(name, at: start)
        case .symbol("("):
            try advance()
            let node = try expression()
            try expect(")")
            return node
        case .symbol("["): return try list()
        case .symbol("{"): return try map()
        default: throw unexpected("a value")
        }
    }

    private mutating func literal(_ value: Value) throws(SyntaxError) -> Node {
        try advance()
        return .literal(value)
    }

    private mutating func named(_ name: String, at start: Int) throws(SyntaxError) -> Node {
        switch name {
        case "true": return .literal(.bool(true))
        case "false": return .literal(.bool(false))
        case "null": return .literal(.null)
        case "in": throw SyntaxError(message: "expected a value, found \"in\"", offset: start)
        default: break
        }
        if token == .symbol("(") { return name == "has" ? try has() : try global(name, at: start) }
        if let slot = slots.lastIndex(of: name) { return .local(slot) }
        if let known = names.topLevel, !known.contains(name) {
            throw SyntaxError(
                message: "there is no \"\(name)\"." + NearestName.suggestion(for: name, among: known),
                offset: start)
        }
        return .path(Path(root: name, members: [], offset: start))
    }

    private mutating func global(_ name: String, at start: Int) throws(SyntaxError) -> Node {
        try call(name, arguments(), isMethod: false, at: start)
    }

    private mutating func has() throws(SyntaxError) -> Node {
        let arguments = try arguments()
        guard arguments.count == 1 else { throw unexpected("one argument of has()") }
        switch arguments[0] {
        case .path(let path) where !path.members.isEmpty || mode == .host: return .has(arguments[0])
        case .member: return .has(arguments[0])
        default: throw SyntaxError(message: "has() asks for a member, such as has(a.b)", offset: offset)
        }
    }

    private mutating func list() throws(SyntaxError) -> Node {
        try expect("[")
        var elements: [Node] = []
        while token != .symbol("]") {
            elements.append(try expression())
            guard try accept(",") else { break }
        }
        try expect("]")
        return .list(elements)
    }

    private mutating func map() throws(SyntaxError) -> Node {
        try expect("{")
        var entries: [MapEntry] = []
        while token != .symbol("}") {
            let start = offset
            let key = try expression()
            try expect(":")
            entries.append(MapEntry(key: key, value: try expression(), offset: start))
            guard try accept(",") else { break }
        }
        try expect("}")
        return .map(entries)
    }
}
