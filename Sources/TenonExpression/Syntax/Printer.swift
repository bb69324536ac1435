internal import TenonModel
internal import TenonPattern

/// Writes a compiled expression as a text that compiles to the same expression.
struct Printer {
    var text = ""
    /// The names of the macros' variables around this place, by slot.
    var variables: [String] = []
    let mode: ExpressionMode

    static func print(_ node: Node, mode: ExpressionMode) -> String {
        var printer = Printer(mode: mode)
        printer.write(node, .choice)
        return printer.text
    }

    init(mode: ExpressionMode) { self.mode = mode }

    /// What a place in a text takes without parentheses; the grammar in `Parser` has the same words.
    enum Level: Int, Comparable {
        case choice, coalesce, any, all, negation, relation, sum, product, unary, member

        static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
        var next: Level { Level(rawValue: rawValue + 1) ?? .member }
    }

    mutating func write(_ node: Node, _ wanted: Level) {
        let level = level(of: node)
        if level < wanted { text += "(" }
        write(node)
        if level < wanted { text += ")" }
    }

    private func level(of node: Node) -> Level {
        switch node {
        case .choice: .choice
        case .coalesce: .coalesce
        case .any: .any
        case .all: .all
        case .binary(let sign, _, _, _): Self.level(of: sign)
        case .not, .negate, .optionalElement: .unary
        case .literal(let value): value.isNegative ? .unary : .member
        default: .member
        }
    }

    private static func level(of sign: BinaryOperator) -> Level {
        switch sign {
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .isIn: .relation
        case .add, .subtract: .sum
        case .multiply, .divide, .remainder: .product
        }
    }

    mutating func write(_ node: Node) {
        switch node {
        case .literal(let value): text += LiteralText.print(value)
        case .path(let path): write(path)
        case .local(let slot): text += variables.indices.contains(slot) ? variables[slot] : "_"
        case .member(let owner, let name, let access): write(owner, name, access)
        case .index(let owner, let index, let access):
            writeOwner(owner, access.isOptional)
            text += "["
            write(index, .choice)
            text += "]"
        case .optionalMember(let owner, let name, _):
            writeOwner(owner, true)
            text += ".?" + Self.memberName(name)
        case .optionalIndex(let owner, let index, _):
            writeOwner(owner, true)
            text += "["
            write(optional: index)
            text += "]"
        case .optionalElement(let node, _): write(optional: node)
        case .unknownCall(let call): write(call)
        case .has(let node, _): write("has", [node])
        case .call(let function, let nodes, _): write(function, nodes)
        case .matches(let node, let pattern, _):
            writeOwner(node, false)
            text += ".matches(" + LiteralText.print(.string(pattern.text)) + ")"
        case .macro(let macro): write(macro)
        case .list(let nodes): write(list: nodes)
        case .map(let entries): write(entries)
        default: writeOperator(node)
        }
    }

    private mutating func writeOperator(_ node: Node) {
        switch node {
        case .not(let node, _):
            text += "!"
            write(node, .unary)
        case .negate(let node, _): writeNegated(node)
        case .all(let nodes, _): write(nodes, " && ", .all)
        case .any(let nodes, _): write(nodes, " || ", .any)
        case .binary(let sign, let left, let right, _):
            let level = Self.level(of: sign)
            write(left, level)
            text += " \(sign.rawValue) "
            write(right, level.next)
        case .coalesce(let left, let right):
            write(left, .coalesce)
            text += " ?? "
            write(right, .any)
        case .choice(let condition, let first, let second, _):
            write(condition, .coalesce)
            text += " ? "
            write(first, .choice)
            text += " : "
            write(second, .choice)
        default: break
        }
    }

    private mutating func writeNegated(_ node: Node) {
        var printer = Printer(mode: mode)
        printer.variables = variables
        printer.write(node, .unary)
        let isConstant = if case .literal = node { true } else { false }
        // A number would take the sign for its own.
        let needsParentheses = isConstant || printer.text.utf8.first?.isDigit == true
        text += needsParentheses ? "-(\(printer.text))" : "-\(printer.text)"
    }

    mutating func write(_ nodes: [Node], _ separator: String, _ level: Level) {
        for (index, node) in nodes.enumerated() {
            if index > 0 { text += separator }
            write(node, level.next)
        }
    }
}

extension Value {
    fileprivate var isNegative: Bool {
        switch self {
        case .int(let value): value < 0
        case .double(let value): value.sign == .minus
        default: false
        }
    }
}
