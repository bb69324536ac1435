internal import Synchronization

/// A regular expression that is matched by an automaton, which takes one look at each byte of a text and has a
/// limit for the work of finding its states: no pattern and no text can hang the host.
///
/// It answers whether it occurs somewhere in a text. Any number of threads may use one pattern.
package struct Pattern: Sendable {
    package let text: String
    package let syntax: PatternSyntax
    private let matcher: PatternMatcher

    /// Throws a sentence about what is wrong.
    package init(_ text: String, syntax: PatternSyntax = .ecma) throws(PatternError) {
        self.text = text
        self.syntax = syntax
        var parser = try PatternParser(text, syntax: syntax)
        let node = try parser.parse()
        if let unsupported = parser.unsupported { throw unsupported }
        var assembler = PatternAssembler(syntax)
        matcher = PatternMatcher(try assembler.program(of: node))
    }

    /// Whether `text` is a pattern in `syntax`, also where it uses what cannot be matched here.
    package static func isWellFormed(_ text: String, syntax: PatternSyntax = .ecma) -> Bool {
        do throws(PatternError) {
            var parser = try PatternParser(text, syntax: syntax, makesSets: false)
            _ = try parser.parse()
            return true
        } catch {
            return error.kind != .invalid
        }
    }

    /// Whether the pattern occurs anywhere in `text`. Throws an error of the kind `tooCostly` where finding out
    /// takes more work than texts of its length deserve.
    package func matches(_ text: String) throws(PatternError) -> Bool {
        var work = 0
        return try matches(text, work: &work)
    }

    /// `work` grows by what finding out has cost besides one look at each byte: visits to places of the pattern,
    /// of some twenty nanoseconds each.
    package func matches(_ text: String, work: inout Int) throws(PatternError) -> Bool {
        try matches(text.utf8.span, work: &work)
    }

    /// Whether the pattern occurs anywhere in UTF-8 text; each part that is not UTF-8 counts as U+FFFD.
    package func matches(_ utf8: Span<UInt8>, work: inout Int) throws(PatternError) -> Bool {
        let search = utf8.withUnsafeBufferPointer { matcher.search($0) }
        work += search.visits
        guard let isFound = search.isFound else {
            throw PatternError(
                kind: .tooCostly, message: "takes too much work to look for in this text", offset: nil)
        }
        return isFound
    }
}
