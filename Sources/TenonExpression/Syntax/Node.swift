internal import TenonPattern

/// A compiled expression: what the evaluator walks.
indirect enum Node: Sendable {
    case literal(Value)
    case path(Path)
    /// A variable of a macro by its slot, innermost last.
    case local(Int)
    case member(Node, String, Access)
    case index(Node, Node, Access)
    /// `a.?b`: an optional of the member.
    case optionalMember(Node, String, offset: Int)
    /// `a[?b]`: an optional of the element.
    case optionalIndex(Node, Node, offset: Int)
    /// `?a` as an element of a list: only if the optional has a value.
    case optionalElement(Node, offset: Int)
    case has(Node, offset: Int)
    case not(Node, offset: Int)
    case negate(Node, offset: Int)
    case all([Node], offset: Int)
    case any([Node], offset: Int)
    case binary(BinaryOperator, Node, Node, offset: Int)
    case coalesce(Node, Node)
    case choice(Node, Node, Node, offset: Int)
    case list([Node])
    case map([MapEntry])
    case call(FunctionDefinition, [Node], offset: Int)
    /// `x.matches('constant')`.
    case matches(Node, Pattern, offset: Int)
    case macro(Macro)
    /// Strict mode: a call of a function that does not exist, an error when it is evaluated.
    case unknownCall(UnknownCall)
}

/// A top-level name and the members that are named after it: `context.design.id`.
struct Path: Sendable {
    var root: String
    var members: [String]
    /// Whether a missing value is null without complaint (`a?.b`).
    var isOptional = false
    /// Written with a point at its beginning: no container, no variable of a macro.
    var isAbsolute = false
    /// Strict mode: the container in which names are looked for, such as `com.example`.
    var container = ""
    var offset: Int

    var text: String { ([root] + members).joined(separator: ".") }
}

/// How a member or an element is reached.
struct Access: Sendable {
    var isOptional: Bool
    /// Whether the owner stands in parentheses of its own, so that both are not one name.
    var isSeparate = false
    var offset: Int
}

struct MapEntry: Sendable {
    var key: Node
    var value: Node
    /// `{?k: v}`: only if the optional `v` has a value.
    var isOptional = false
    var offset: Int
}

struct UnknownCall: Sendable {
    var name: String
    /// Nil where it is not written as a method.
    var receiver: Node?
    var arguments: [Node]
    /// Why it cannot be called.
    var message: String
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
