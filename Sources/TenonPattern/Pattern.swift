internal import Synchronization

/// A regular expression that is matched by an automaton, in time linear in the text: no pattern and no text
/// can hang the host.
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
        var assembler = PatternAssembler()
        matcher = PatternMatcher(try assembler.program(of: node))
    }

    /// Whether `text` is a pattern in `syntax`, also where it uses what cannot be matched here.
    package static func isWellFormed(_ text: String, syntax: PatternSyntax = .ecma) -> Bool {
        do throws(PatternError) {
            var parser = try PatternParser(text, syntax: syntax)
            _ = try parser.parse()
            return true
        } catch {
            return error.kind != .invalid
        }
    }

    /// Whether the pattern occurs anywhere in `text`.
    package func matches(_ text: String) -> Bool {
        matches(text.utf8.span)
    }

    /// Whether the pattern occurs anywhere in UTF-8 text; each part that is not UTF-8 counts as U+FFFD.
    package func matches(_ utf8: Span<UInt8>) -> Bool {
        utf8.withUnsafeBufferPointer { matcher.matches($0) }
    }
}
