/// A regular expression that tells where it occurs in a text, and where its groups do: the first match that
/// begins leftmost, by the order in which its choices are written.
///
/// Its memory is bounded by the pattern, and its work by the pattern's size times the text's.
package struct PatternFinder: Sendable {
    /// More groups than these may be in a pattern; where they are is not told.
    package static let maxKeptGroups = 9

    package let pattern: Pattern
    /// How many groups the pattern has.
    package let groupCount: Int
    private let program: FinderProgram

    /// Throws a sentence about what is wrong.
    package init(_ text: String, syntax: PatternSyntax) throws(PatternError) {
        pattern = try Pattern(text, syntax: syntax)
        var parser = try PatternParser(text, syntax: syntax)
        let node = try parser.parse()
        groupCount = parser.references.groupCount
        var assembler = PatternAssembler(syntax, keepingGroups: min(groupCount, Self.maxKeptGroups))
        program = try assembler.finderProgram(of: node)
    }

    /// The matches in `text`, one after the other, that do not overlap; with the places of the groups up to
    /// `groupCount`.
    package func matches(in text: String, keeping groupCount: Int) -> PatternMatches {
        let kept = min(groupCount, self.groupCount, Self.maxKeptGroups)
        return PatternMatches(FinderMachine(program, Array(text.utf8), groupCount: kept), pattern, text)
    }
}
