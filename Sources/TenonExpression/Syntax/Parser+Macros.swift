internal import TenonModel

extension Parser {
    /// A macro called as a method, or nil where it is none; the current token is the parenthesis.
    mutating func macro(
        _ name: String, over range: Node, at start: Int
    ) throws(SyntaxError) -> Node? {
        guard let kind = Macro.Kind(name: name) else { return nil }
        try expect("(")
        var variables = [try variable()]
        try expect(",")
        if kind.variableCounts.upperBound == 2, try secondVariable(of: kind) {
            variables.append(try variable())
            try expect(",")
            guard variables[0] != variables[1] else {
                throw SyntaxError(message: "the two variables have one name", offset: start)
            }
        }
        var macro = try body(Macro(kind: kind, range: range, variables: variables, at: start))
        if kind.mayFilter, try accept(",") {
            macro.filter = macro.body
            macro = try body(macro)
        }
        try expect(")")
        return .macro(macro)
    }

    /// `cel.bind(name, value, expression)`, from the parenthesis on.
    mutating func binding(at start: Int) throws(SyntaxError) -> Node {
        try expect("(")
        let name = try variable()
        try expect(",")
        let value = try expression()
        try expect(",")
        let macro = try body(Macro(kind: .bind, range: value, variables: [name], at: start))
        try expect(")")
        return .macro(macro)
    }

    private mutating func variable() throws(SyntaxError) -> String {
        guard case .identifier(let name) = token, !["true", "false", "null", "in"].contains(name) else {
            throw unexpected("a variable name")
        }
        try advance()
        return name
    }

    /// Whether a variable and a comma stand here.
    private func secondVariable(of kind: Macro.Kind) throws(SyntaxError) -> Bool {
        if kind.variableCounts.lowerBound == 2 { return true }
        guard case .identifier = token else { return false }
        var rest = lexer
        return try rest.next() == .symbol(",")
    }

    /// Reads an expression in which the macro's variables are known.
    private mutating func body(_ macro: Macro) throws(SyntaxError) -> Macro {
        var macro = macro
        macro.slot = slots.count
        slots += macro.variables
        slotCount = max(slotCount, slots.count)
        defer { slots.removeLast(macro.variables.count) }
        macro.body = try expression()
        return macro
    }
}

extension Macro {
    fileprivate init(kind: Kind, range: Node, variables: [String], at offset: Int) {
        self.init(
            kind: kind, range: range, variables: variables, slot: 0, filter: nil, body: .literal(.null),
            offset: offset)
    }
}
