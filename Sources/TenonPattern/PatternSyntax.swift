/// How the text of a pattern is read. What no automaton can do, look-around and back-references, is refused
/// in both.
package enum PatternSyntax: Sendable, Hashable {
    /// ECMA-262 with the `u` flag, as JSON Schema asks for.
    case ecma
    /// RE2, as CEL's `matches` asks for.
    case re2
}

extension PatternSyntax {
    /// The scalars that end a line.
    var lineEnds: ScalarSet { self == .ecma ? .lineTerminators : .lineFeed }
}
