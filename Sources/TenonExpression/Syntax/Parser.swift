/// Reads a text by the grammar of CEL, in host mode with its additions. Weakest first:
///
///     choice:     coalesce ? choice : choice
///     coalesce:   any ?? any                         (host)
///     any:        all || all                         ("or" in host)
///     all:        negation && negation               ("and" in host)
///     negation:   not negation | relation            (host)
///     relation:   sum == sum, != < <= > >= in        ("===", "!==", "not in" in host)
///     sum:        product + product, -
///     product:    unary * unary, / %
///     unary:      !unary | -unary | member
///     member:     primary .name [index] (arguments)  ("?." in host)
struct Parser {
    var lexer: Lexer
    var token: Token = .end
    /// Where `token` begins.
    var offset = 0
    let mode: ExpressionMode
    let names: KnownNames
    /// Strict mode: where names are looked for first, such as `com.example`.
    let container: String
    /// Host mode: the other side of the comparison is `type(x)`.
    var isTypeWanted = false
    private var nesting = 0
    private var operators = 0
    /// The variables of the macros around this place.
    var slots: [String] = []
    var slotCount = 0

    init(
        _ text: String, mode: ExpressionMode, names: KnownNames, container: String = ""
    ) throws(SyntaxError) {
        lexer = Lexer(Array(text.utf8), isHost: mode == .host)
        self.mode = mode
        self.names = names
        self.container = container
        guard lexer.bytes.count <= ExpressionLimits.textBytes else {
            throw SyntaxError(
                message: "an expression has at most \(ExpressionLimits.textBytes) bytes", offset: 0)
        }
        try advance()
    }

    mutating func expressionToEnd() throws(SyntaxError) -> Node {
        if token == .end { throw SyntaxError(message: "an expression is missing", offset: offset) }
        let node = try expression()
        guard token == .end else {
            var error = unexpected("an operator or the end")
            if case .identifier = token, !names.groups.isEmpty {
                error.message += "; a name with spaces that no step has is written context[\"like this\"]"
            }
            throw error
        }
        return node
    }

    // MARK: Tokens

    mutating func advance() throws(SyntaxError) {
        lexer.skipSpace()
        offset = lexer.offset
        token = try lexer.next()
    }

    mutating func accept(_ symbol: String) throws(SyntaxError) -> Bool {
        guard token == .symbol(symbol) else { return false }
        try advance()
        return true
    }

    mutating func expect(_ symbol: String) throws(SyntaxError) {
        guard try accept(symbol) else { throw unexpected("\"\(symbol)\"") }
    }

    func unexpected(_ wanted: String) -> SyntaxError {
        SyntaxError(message: "expected \(wanted), found \(token.text)", offset: offset)
    }

    private func isWord(_ word: String) -> Bool { mode == .host && token == .identifier(word) }

    /// Counts an operator, which bounds the depth of the tree.
    mutating func countOperator() throws(SyntaxError) {
        operators += 1
        guard operators <= ExpressionLimits.operators else {
            throw SyntaxError(
                message: "an expression has at most \(ExpressionLimits.operators) operators", offset: offset)
        }
    }

    // MARK: Operators

    mutating func expression() throws(SyntaxError) -> Node {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= ExpressionLimits.nesting else {
            throw SyntaxError(message: "nested deeper than \(ExpressionLimits.nesting)", offset: offset)
        }
        let condition = try coalesce()
        let start = offset
        guard try accept("?") else { return condition }
        try countOperator()
        let first = try expression()
        try expect(":")
        return .choice(condition, first, try expression(), offset: start)
    }

    private mutating func coalesce() throws(SyntaxError) -> Node {
        var node = try anyOf()
        while mode == .host, try accept("??") {
            try countOperator()
            node = .coalesce(node, try anyOf())
        }
        return node
    }

    private mutating func anyOf() throws(SyntaxError) -> Node {
        var nodes = [try allOf()]
        let start = offset
        while token == .symbol("||") || isWord("or") {
            try advance()
            nodes.append(try allOf())
        }
        return nodes.count == 1 ? nodes[0] : .any(nodes, offset: start)
    }

    private mutating func allOf() throws(SyntaxError) -> Node {
        var nodes = [try negation()]
        let start = offset
        while token == .symbol("&&") || isWord("and") {
            try advance()
            nodes.append(try negation())
        }
        return nodes.count == 1 ? nodes[0] : .all(nodes, offset: start)
    }

    private mutating func negation() throws(SyntaxError) -> Node {
        guard isWord("not") else { return try relation() }
        let start = offset
        try countOperator()
        try advance()
        return .not(try negation(), offset: start)
    }

    private mutating func relation() throws(SyntaxError) -> Node {
        var node = try sum()
        while true {
            let start = offset
            guard let (relation, isNegated) = try acceptRelation() else { return node }
            try countOperator()
            node = .binary(relation, node, try operand(comparedWith: node), offset: start)
            if isNegated { node = .not(node, offset: start) }
        }
    }

    private mutating func operand(comparedWith node: Node) throws(SyntaxError) -> Node {
        if case .call(let function, _, _) = node, function.name == "type" { isTypeWanted = true }
        defer { isTypeWanted = false }
        return try sum()
    }

    private mutating func acceptRelation() throws(SyntaxError) -> (BinaryOperator, isNegated: Bool)? {
        let relation: BinaryOperator
        var isNegated = false
        switch token {
        case .symbol("=="): relation = .equal
        case .symbol("!="): relation = .notEqual
        case .symbol("===") where mode == .host: relation = .equal
        case .symbol("!==") where mode == .host: relation = .notEqual
        case .symbol("<"): relation = .less
        case .symbol("<="): relation = .lessOrEqual
        case .symbol(">"): relation = .greater
        case .symbol(">="): relation = .greaterOrEqual
        case .identifier("in"): relation = .isIn
        case .identifier("not") where mode == .host:
            try advance()
            guard token == .identifier("in") else { throw unexpected("\"in\" after \"not\"") }
            (relation, isNegated) = (.isIn, true)
        default: return nil
        }
        try advance()
        return (relation, isNegated)
    }

    private mutating func sum() throws(SyntaxError) -> Node {
        var node = try product()
        while true {
            let start = offset
            let sign: BinaryOperator
            if try accept("+") {
                sign = .add
            } else if try accept("-") {
                sign = .subtract
            } else {
                return node
            }
            try countOperator()
            node = .binary(sign, node, try product(), offset: start)
        }
    }

    private mutating func product() throws(SyntaxError) -> Node {
        var node = try unary()
        while true {
            let start = offset
            let sign: BinaryOperator
            if try accept("*") {
                sign = .multiply
            } else if try accept("/") {
                sign = .divide
            } else if try accept("%") {
                sign = .remainder
            } else {
                return node
            }
            try countOperator()
            node = .binary(sign, node, try unary(), offset: start)
        }
    }

    private mutating func unary() throws(SyntaxError) -> Node {
        let start = offset
        if try accept("!") {
            try countOperator()
            return .not(try unary(), offset: start)
        }
        if try accept("-") {
            try countOperator()
            // So that the smallest integer can be written.
            // What follows a number belongs to it with its sign, as in `-1.5.string()`.
            switch token {
            case .int(let digits) where digits <= 1 << 63:
                try advance()
                return try members(of: .literal(.int(Int64(truncatingIfNeeded: 0 &- digits))))
            case .double(let value):
                try advance()
                return try members(of: .literal(.double(-value)))
            default: return .negate(try unary(), offset: start)
            }
        }
        // In strict mode `(a).b` is the member of a variable, not the variable `a.b`.
        let isGroup = mode == .strict && token == .symbol("(")
        return try members(of: try primary(), isGroup: isGroup)
    }
}
