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
            guard case .identifier(let name) = token, !Self.literalWords.contains(name) else {
                throw unexpected("a name after the point")
            }
            try advance()
            return try named(name, isAbsolute: true, at: start)
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

    /// Words that stand for values or operators.
    static let literalWords: Set<String> = ["true", "false", "null", "in"]
    /// Words that CEL keeps for languages around it; host mode has them as names.
    private static let reservedWords: Set<String> = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
        "package", "namespace", "return", "var", "void", "while",
    ]

    private mutating func named(
        _ name: String, isAbsolute: Bool = false, at start: Int
    ) throws(SyntaxError) -> Node {
        switch name {
        case "true": return .literal(.bool(true))
        case "false": return .literal(.bool(false))
        case "null": return .literal(.null)
        case "in": throw SyntaxError(message: "expected a value, found \"in\"", offset: start)
        default: break
        }
        if mode == .strict, Self.reservedWords.contains(name) {
            throw SyntaxError(message: "\"\(name)\" is a reserved word", offset: start)
        }
        if token == .symbol("(") { return name == "has" ? try has(at: start) : try global(name, at: start) }
        if !isAbsolute, let slot = slots.lastIndex(of: name) { return .local(slot) }
        if mode == .host, isTypeWanted || isComparedWithType, let type = try typeName(name) {
            return .literal(.type(type))
        }
        if let known = names.topLevel, !known.contains(name), !isNamespace(name) {
            throw SyntaxError(
                message: "there is no \"\(name)\"." + NearestName.suggestion(for: name, among: known),
                offset: start)
        }
        var path = Path(root: name, members: [], offset: start)
        path.isAbsolute = isAbsolute
        if mode == .strict, !isAbsolute { path.container = container }
        return .path(path)
    }

    /// Whether a function such as `math.abs` is called here, after `math`: no value, and no method of one.
    private func isNamespace(_ name: String) -> Bool {
        guard token == .symbol("."), name == "cel" || FunctionTable.namespaces.contains(name) else {
            return false
        }
        var rest = lexer
        var full = name
        var count = 0
        do throws(SyntaxError) {
            while case .identifier(let part) = try rest.next() {
                full += "." + part
                count += 1
                switch try rest.next() {
                case .symbol("."): continue
                case .symbol("("):
                    // A misspelt function of the namespace is told from a method where it is called.
                    let isMisspelt =
                        count == 1 && FunctionTable.named(part).isEmpty && Macro.Kind(name: part) == nil
                    return full == "cel.bind" || !FunctionTable.named(full).isEmpty || isMisspelt
                default: return false
                }
            }
        } catch {
            return false
        }
        return false
    }

    /// Host mode: whether `== type(` follows.
    private var isComparedWithType: Bool {
        guard [.symbol("=="), .symbol("!="), .symbol("==="), .symbol("!==")].contains(token) else {
            return false
        }
        var rest = lexer
        do throws(SyntaxError) {
            guard try rest.next() == .identifier("type") else { return false }
            return try rest.next() == .symbol("(")
        } catch {
            return false
        }
    }

    /// Host mode: a type's name where the other side of a comparison is `type(x)`.
    private mutating func typeName(_ name: String) throws(SyntaxError) -> ValueType? {
        switch name {
        case "timestamp": return ValueType.named["google.protobuf.Timestamp"]
        case "duration": return ValueType.named["google.protobuf.Duration"]
        default: return ValueType.named[name]
        }
    }

    private mutating func global(_ name: String, at start: Int) throws(SyntaxError) -> Node {
        try countOperator()
        return try call(name, arguments(), nil, at: start)
    }

    private mutating func has(at start: Int) throws(SyntaxError) -> Node {
        let arguments = try arguments()
        guard arguments.count == 1 else { throw unexpected("one argument of has()") }
        switch arguments[0] {
        case .path(let path) where !path.members.isEmpty || mode == .host: break
        case .member, .optionalMember: break
        default: throw SyntaxError(message: "has() asks for a member, such as has(a.b)", offset: offset)
        }
        return .has(arguments[0], offset: start)
    }

    private mutating func list() throws(SyntaxError) -> Node {
        try expect("[")
        var elements: [Node] = []
        while token != .symbol("]") {
            let start = offset
            if try accept("?") {
                elements.append(.optionalElement(try expression(), offset: start))
            } else {
                elements.append(try expression())
            }
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
            let isOptional = try accept("?")
            let key = try expression()
            try expect(":")
            entries.append(
                MapEntry(key: key, value: try expression(), isOptional: isOptional, offset: start))
            guard try accept(",") else { break }
        }
        try expect("}")
        return .map(entries)
    }
}
