/// A compiled expression: what the evaluator walks.
indirect enum Node: Sendable {
    case literal(Value)
    case path(Path)
    /// A variable of a macro by its slot, innermost last.
    case local(Int)
    case member(Node, String, Access)
    case index(Node, Node, Access)
    case has(Node)
    case not(Node, offset: Int)
    case negate(Node, offset: Int)
    case all([Node], offset: Int)
    case any([Node], offset: Int)
    case binary(BinaryOperator, Node, Node, offset: Int)
    case coalesce(Node, Node)
    case choice(Node, Node, Node, offset: Int)
    case list([Node])
    case map([MapEntry])
    case call(Function, [Node], offset: Int)
    case macro(Macro)
}

/// A top-level name and the members that are named after it: `context.design.id`.
struct Path: Sendable {
    var root: String
    var members: [String]
    /// Whether a missing value is null without complaint (`a?.b`).
    var isOptional = false
    var offset: Int

    var text: String { ([root] + members).joined(separator: ".") }
}

/// How a member or an element is reached.
struct Access: Sendable {
    var isOptional: Bool
    var offset: Int
}

struct MapEntry: Sendable {
    var key: Node
    var value: Node
    var offset: Int
}

enum BinaryOperator: String, Sendable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case isIn = "in"
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
}

/// A loop over a list's elements or a map's keys.
struct Macro: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case all
        case exists
        case existsOne = "exists_one"
        case map
        case filter
    }

    var kind: Kind
    var range: Node
    /// The variable's slot.
    var slot: Int
    /// For `map` with three arguments: only elements for which this holds.
    var filter: Node?
    var body: Node
    var offset: Int
}
