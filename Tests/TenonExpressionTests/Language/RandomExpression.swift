import TenonTestKit

/// Writes random expressions, with parentheses and spaces that nobody needs.
struct RandomExpression {
    private var random: SeededGenerator
    private let isHost: Bool
    private var variables: [String] = []

    init(seed: UInt64, isHost: Bool) {
        random = SeededGenerator(seed: seed)
        self.isHost = isHost
    }

    mutating func text(depth: Int) -> String {
        let text = depth <= 0 ? leaf() : Bool.random(using: &random) ? composed(depth) : operation(depth)
        let space = pick(["", "", "", " ", "  ", "\n", " // note\n"])
        return Int.random(in: 0..<8, using: &random) == 0 ? "(\(space)\(text)\(space))" : text + space
    }

    private mutating func pick(_ choices: [String]) -> String {
        choices.randomElement(using: &random) ?? ""
    }

    private mutating func name() -> String {
        let names = ["a", "b", "name", "_x1", "List", "math", "type"]
        return pick(isHost ? names + ["package", "not1", "in_"] : names)
    }

    private mutating func leaf() -> String {
        if !variables.isEmpty, Bool.random(using: &random) { return pick(variables) }
        return pick([
            "1", "0x1F", "-5", "18446744073709551615u", "-9223372036854775808", "1.5", "-0.0", "1e23",
            "5e-324",
            ".5e+1", "true", "false", "null", "'a\"b'", "\"it's\\n\\u00e9\"", "r'\\d+'", "'''x'y'''",
            "b'\\xff\\000z'",
            "'\\u0007\\U0001F600'", "''", "b''", "[]", "{}", name(), ".\(name())", "\(name()).\(name())",
            isHost ? "\(name())?.\(name()).\(name())" : "\(name()).\(name()).\(name())",
        ])
    }

    private mutating func operation(_ depth: Int) -> String {
        let (left, right) = (text(depth: depth - 1), text(depth: depth - 1))
        let signs = ["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "in", "&&", "||"]
        let hostSigns = ["??", "and", "or", "===", "!==", "not in"]
        switch Int.random(in: 0..<8, using: &random) {
        case 0: return "! \(left)"
        case 1: return "- \(left)"
        case 2: return "\(left) ? \(right) : \(text(depth: depth - 1))"
        case 3 where isHost: return "not \(left)"
        default: return "\(left) \(pick(isHost ? signs + hostSigns : signs)) \(right)"
        }
    }

    private mutating func composed(_ depth: Int) -> String {
        let first = text(depth: depth - 1)
        let owner = "(\(first))"
        switch Int.random(in: 0..<16, using: &random) {
        case 0: return "\(owner).\(name())"
        case 1: return "\(owner)[\(text(depth: depth - 1))]"
        case 2: return "\(owner)['two words']"
        case 3: return "\(owner).`two-words`"
        case 4:
            return isHost ? "\(owner)?.\(name()).\(name())[\(text(depth: depth - 1))]" : "\(owner).\(name())"
        case 5: return "\(owner).?\(name()).\(name())"
        case 6: return "\(owner)[? \(text(depth: depth - 1))]"
        case 7: return "[\(first), ? \(text(depth: depth - 1)), \(text(depth: depth - 1)),]"
        case 8: return "{\(first): \(text(depth: depth - 1)), ? \(text(depth: depth - 1)): \(first)}"
        case 9: return "has(\(owner).\(name()))"
        case 10: return "size(\(first)) + \(owner).size()"
        case 11: return "\(owner).startsWith(\(text(depth: depth - 1)))"
        case 12: return "\(owner).matches('^a+\\\\d')"
        case 13: return "math.abs(\(first))"
        case 14: return isHost ? "type(\(first)) == string" : "\(name())(\(first)) || \(owner).\(name())()"
        default: return macro(owner, depth)
        }
    }

    private mutating func macro(_ owner: String, _ depth: Int) -> String {
        let kind = pick([
            "all", "exists", "existsOne", "exists_one", "map", "filter", "transformMap", "optMap", "bind",
        ])
        let isTwo =
            kind == "transformMap" || (kind.contains("e") && kind != "filter" && Bool.random(using: &random))
        let outer = variables
        defer { variables = outer }
        let names = isTwo ? ["i\(depth)", "v"] : [pick(["x", "y", "a"])]
        if kind == "bind" {
            variables += names
            return "cel.bind(\(names[0]), \(owner), \(text(depth: depth - 1)))"
        }
        variables += names
        let body = text(depth: depth - 1)
        let hasFilter = (kind == "map" || kind == "transformMap") && Bool.random(using: &random)
        let filter = hasFilter ? "\(text(depth: depth - 2)), " : ""
        return "\(owner).\(kind)(\(names.joined(separator: ", ")), \(filter)\(body))"
    }
}
