import TenonPattern
import Testing

struct PatternRefusalTests {
    @Test(
        arguments: [
            "(", ")", "a)", "(a", "[", "[a", "*", "+a", "a**", "a{2}{3}", "a{3,2}", "\\", "[b-a]",
            "\\p{Nope}", "\\pX", "(?", "(?z)", "(?<>a)", "[\\p{Nope}]", "|*", "(*)", "(?:", "\\xZ",
            "[a-\\d]", "\\q", "\\é", "\\u{110000}",
        ])
    func `what is not a pattern in either syntax is refused`(text: String) {
        for syntax in [PatternSyntax.ecma, .re2] {
            let error = #expect(throws: PatternError.self) { try Pattern(text, syntax: syntax) }
            #expect(error?.kind == .invalid, "\(text)")
            #expect(!Pattern.isWellFormed(text, syntax: syntax))
        }
    }

    @Test(
        arguments: [
            "\\Z", "\\A", "\\a", "\\_", "\\é", "{", "}", "]", "a{,2}", "^*", "\\b+", "(?i)a", "(?P<x>a)",
            "\\pL",
            "\\1", "(a)\\2", "\\k<x>", "\\00", "\\x1", "\\u12", "[\\d-z]", "\\Qa\\E", "\\c1", "(?<1>a)",
        ])
    func `ECMA with the u flag is strict`(text: String) {
        let error = #expect(throws: PatternError.self) { try Pattern(text, syntax: .ecma) }
        #expect(error?.kind == .invalid)
    }

    @Test(
        arguments: [
            "\\Z", "\\1", "(a)\\1", "(?=a)", "(?!a)", "(?<=a)", "[[:nope:]]", "\\u0041", "\\cA", "\\k<x>",
            "(?<a>x)(?<a>y)", "(?i", "(?i-)", "\\G", "\\R", "a*+",
        ])
    func `RE2 has no look-around, no back-references and no escapes of others`(text: String) {
        let error = #expect(throws: PatternError.self) { try Pattern(text, syntax: .re2) }
        #expect(error?.kind == .invalid)
    }

    @Test(arguments: [
        ("(?=a)b", "uses look-ahead, which is not supported: it has no bound in time", 0),
        ("x(?<!a)", "uses look-behind, which is not supported: it has no bound in time", 1),
        ("(a)\\1", "uses a back-reference, which is not supported: it has no bound in time", 3),
        ("(?<x>a)\\k<x>", "uses a back-reference, which is not supported: it has no bound in time", 7),
    ])
    func `look-around and back-references are well formed and refused by name`(
        text: String, message: String, offset: Int
    ) {
        let error = #expect(throws: PatternError.self) { try Pattern(text) }
        #expect(error == PatternError(kind: .unsupported, message: message, offset: offset))
        #expect(Pattern.isWellFormed(text))
    }

    @Test func `what follows a part that is not supported is checked as well`() {
        #expect(!Pattern.isWellFormed("(?=a)("))
        #expect(!Pattern.isWellFormed("(?=a)*"))
        #expect(!Pattern.isWellFormed("(?=[b-a])"))
    }

    @Test func `a refusal says what is wrong and where`() {
        let error = #expect(throws: PatternError.self) { try Pattern("ab(c") }
        #expect(error?.message == "has a ( without )")
        #expect(error?.offset == 2)
    }
}
