import TenonPattern
import Testing

/// Patterns and texts that keep other engines busy for ever.
struct EvilPatternTests {
    private static let many = String(repeating: "a", count: 50_000)

    @Test(arguments: [
        "(a+)+$", "(a|aa)+$", "(a|a?)+$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*a){20}$", "(a*)*b",
        "(?:a?){50}a{50}b",
        "^(a?)*$", "(\\w+\\s?)*!$", "([a-zA-Z]+)*[^a-zA-Z!]", "(x+x+)+y", ".*.*.*=.*", "(?:.|\\n)*?b",
    ])
    func `nested repetitions take one look at each character`(pattern: String) throws {
        for syntax in [PatternSyntax.ecma, .re2] {
            let pattern = try Pattern(pattern, syntax: syntax)
            // It has an answer; a matcher that goes back would not have one before the end of the world.
            let answers = [pattern.matches(Self.many + "!"), pattern.matches(Self.many)]
            #expect(answers.count == 2)
        }
    }

    @Test func `more states than the table holds do not change the answer`() throws {
        // It has two to the power of 13 states.
        let pattern = try Pattern("^[ab]*a[ab]{12}$")
        var bits: UInt64 = 0x9E37_79B9_7F4A_7C15
        for _ in 0..<4 {
            var text: [Character] = []
            for _ in 0..<20_000 {
                bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text.append(bits >> 60 & 1 == 0 ? "a" : "b")
            }
            #expect(pattern.matches(String(text)) == (text[text.count - 13] == "a"))
        }
    }

    @Test(arguments: [
        "((a{100}){100}){100}", "(((){1000}){1000}){1000}", "(?:(?:(?:|a){1000}){1000}){1000}", "a{1001}",
        "a{2,99999}",
        "(?:a{1000}){6}", String(repeating: "(", count: 5_000) + String(repeating: ")", count: 5_000),
        String(repeating: "a", count: 20_000), "(?:\\p{L}\\p{N}){1000}{2}|(?:[^a]{900}){7}",
    ])
    func `a pattern above a limit is refused before it costs anything`(text: String) {
        let error = #expect(throws: PatternError.self) { try Pattern(text, syntax: .ecma) }
        #expect(error?.kind == .tooLarge || text.contains("{1000}{2}"))
    }

    @Test func `a large pattern is read and works`() throws {
        let words = (0..<400).map { "word\($0)" }
        let pattern = try Pattern("^(?:\(words.joined(separator: "|")))$")
        #expect(words.allSatisfy { pattern.matches($0) })
        #expect(!pattern.matches("word400"))
        let classes = try Pattern("^\\p{L}{1,500}$")
        #expect(classes.matches(String(repeating: "ж", count: 500)))
        #expect(!classes.matches(String(repeating: "ж", count: 501)))
    }

    @Test func `many threads match with one pattern`() async throws {
        let pattern = try Pattern("^[a-f]+[0-9]{3}$")
        let wrong = await withTaskGroup(of: Int.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    (0..<500).count { round in
                        let text = String(repeating: "abcdef", count: worker + 1) + "\(round)"
                        return pattern.matches(text) != (100...999).contains(round)
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }
}
