import TenonPattern
import Testing

/// Patterns and texts that keep other engines busy for ever.
struct EvilPatternTests {
    private static let many = String(repeating: "a", count: 50_000)

    /// Whether the pattern occurs in 50,000 times `a` with `!` behind, and without.
    @Test(arguments: [
        ("(a+)+$", false, true), ("(a|aa)+$", false, true), ("(a|a?)+$", true, true),
        ("^(([a-z])+.)+[A-Z]([a-z])+$", false, false), ("(.*a){20}$", false, true), ("(a*)*b", false, false),
        ("(?:a?){50}a{50}b", false, false), ("^(a?)*$", false, true), ("(\\w+\\s?)*!$", true, false),
        ("([a-zA-Z]+)*[^a-zA-Z!]", false, false), ("(x+x+)+y", false, false), (".*.*.*=.*", false, false),
        ("(?:.|\\n)*?b", false, false),
    ])
    func `nested repetitions take one look at each character`(
        pattern: String, withMark: Bool, without: Bool
    ) throws {
        for syntax in [PatternSyntax.ecma, .re2] {
            let pattern = try Pattern(pattern, syntax: syntax)
            var work = 0
            #expect(try pattern.matches(Self.many + "!", work: &work) == withMark)
            #expect(try pattern.matches(Self.many, work: &work) == without)
            #expect(work < 100_000)
        }
    }

    private static func random(_ count: Int) -> String {
        var bits: UInt64 = 0x9E37_79B9_7F4A_7C15
        return String(
            decoding: (0..<count).map { _ in
                bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return bits >> 60 & 1 == 0 ? UInt8(ascii: "a") : UInt8(ascii: "b")
            }, as: UTF8.self)
    }

    @Test func `a pattern with ever new, huge states ends in an error instead of keeping the host busy`()
        throws
    {
        let pattern = try Pattern("([ab]*a[ab]{900}){2}([ab]{900}){2}c")
        var work = 0
        let error = #expect(throws: PatternError.self) {
            try pattern.matches(Self.random(100_000), work: &work)
        }
        #expect(error?.kind == .tooCostly)
        #expect((1_000_000...10_000_000).contains(work))
        // What is short is still looked for, by the same table.
        #expect(try !pattern.matches(Self.random(50)))
    }

    @Test func `a long text costs a usual pattern no more work than a short one`() throws {
        let text = String(repeating: "2026-11-23 host-7 GET /items/42 200 äö\n", count: 100_000)
        for pattern in ["\\bPOST\\b.*[45]\\d\\d", "(?i)\\p{Lu}{3} /x", "^[^ ]+ \\w+$", "ö\\n[^2]"] {
            var work = 0
            #expect(try !Pattern(pattern, syntax: .re2).matches(text, work: &work), "\(pattern)")
            #expect(work < 100_000, "\(pattern)")
        }
    }

    /// A part that is repeated, what stands around it, and whether that is too much.
    @Test(arguments: [
        ("(?i)[", "\\pL", 5_000, "]", PatternSyntax.re2, true),
        ("(?i)[", "\u{1}-\u{10FFFF}", 5_000, "]", .re2, true),
        ("(?i:[", "\\p{L}", 3_000, "])", .ecma, true), ("[", "\\p{L}", 3_000, "]", .ecma, true),
        ("(?i)", "\\pL", 4_000, "", .re2, false), ("(?i)[", "\\pL", 100, "]", .re2, false),
    ])
    func `sets of characters have a limit together`(
        begin: String, part: String, count: Int, end: String, syntax: PatternSyntax, isTooLarge: Bool
    ) throws {
        let text = begin + String(repeating: part, count: count) + end
        #expect(Pattern.isWellFormed(text, syntax: syntax))
        guard isTooLarge else {
            _ = try Pattern(text, syntax: syntax)
            return
        }
        let error = #expect(throws: PatternError.self) { try Pattern(text, syntax: syntax) }
        #expect(error?.kind == .tooLarge)
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
            #expect(try pattern.matches(String(text)) == (text[text.count - 13] == "a"))
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
        #expect(try words.allSatisfy { try pattern.matches($0) })
        #expect(try !pattern.matches("word400"))
        let classes = try Pattern("^\\p{L}{1,500}$")
        #expect(try classes.matches(String(repeating: "ж", count: 500)))
        #expect(try !classes.matches(String(repeating: "ж", count: 501)))
    }

    @Test func `many threads match with one pattern`() async throws {
        let pattern = try Pattern("^[a-f]+[0-9]{3}$")
        let wrong = await withTaskGroup(of: Int.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    (0..<500).count { round in
                        let text = String(repeating: "abcdef", count: worker + 1) + "\(round)"
                        // An error is a wrong answer as well.
                        return (try? pattern.matches(text)) != (100...999).contains(round)
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }
}
