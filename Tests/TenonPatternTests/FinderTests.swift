import TenonPattern
import Testing

/// Where patterns and their groups match.
struct FinderTests {
    /// Each match and its groups, as texts; `-` for a group that took no part.
    private func found(_ pattern: String, in text: String, _ syntax: PatternSyntax = .re2) throws -> [String]
    {
        let finder = try PatternFinder(pattern, syntax: syntax)
        var matches = finder.matches(in: text, keeping: finder.groupCount)
        let bytes = Array(text.utf8)
        func shown(_ range: Range<Int>?) -> String {
            range.map { String(decoding: bytes[$0], as: UTF8.self) } ?? "-"
        }
        var lines: [String] = []
        while let match = try matches.next() {
            let groups = (0..<finder.groupCount).map { shown(match.group($0 + 1)) }
            lines.append(([shown(match.range)] + groups).joined(separator: ","))
        }
        return lines
    }

    @Test(arguments: [
        ("a", "banana", ["a", "a", "a"]), ("(fo)o (ba)r", "foo bar", ["foo bar,fo,ba"]),
        ("a+", "aab a", ["aa", "a"]), ("a+?", "aab", ["a", "a"]), ("(?U)a+", "aa", ["a", "a"]),
        ("(?U)a+?", "aa", ["aa"]), ("a|ab", "ab", ["a"]), ("ab|a", "ab", ["ab"]),
        ("(a)|(b)", "ab", ["a,a,-", "b,-,b"]), ("(a|b)*", "abab", ["abab,b"]),
        ("(?:(a)|b)*", "ab", ["ab,a"]), ("x*", "baaxx", ["", "", "", "xx"]), ("", "äb", ["", "", ""]),
        ("(a*)*", "b", [",", ","]), ("(a*)+", "b", [",", ","]), ("(a|b*)*", "ba", ["ba,a"]),
        ("(|a)*", "aa", [",", ",", ","]), ("(|a)+", "aa", [",", ",", ","]),
        ("(a{0,2})(a*)", "aaa", ["aaa,aa,a"]),
        ("(a{1,2}?)(a*)", "aaa", ["aaa,a,aa"]), ("^a", "aaa", ["a"]), ("(?m)^b$", "a\nb\nb", ["b", "b"]),
        ("\\b\\w", "ab cd", ["a", "c"]), ("\\B.", "abc", ["b", "c"]), ("$", "ab", [""]),
        ("(.)(.)(.)(.)(.)(.)(.)(.)(.)", "123456789", ["123456789,1,2,3,4,5,6,7,8,9"]),
        ("(?P<first>\\w)(?:-)(\\w)", "a-b", ["a-b,a,b"]), ("名(.)", "x名é名y", ["名é,é", "名y,y"]),
        ("(?i)ab(C)", "ABc abC", ["ABc,c", "abC,C"]), ("a.*b|a", "aaa", ["a", "a", "a"]), ("q", "banana", []),
    ])
    func `the leftmost match by the order of its choices is found, and those behind it`(
        pattern: String, text: String, wanted: [String]
    ) throws {
        #expect(try found(pattern, in: text) == wanted)
    }

    @Test func `groups above the ninth are not told`() throws {
        let finder = try PatternFinder(String(repeating: "(.)", count: 11), syntax: .re2)
        #expect(finder.groupCount == 11)
        var matches = finder.matches(in: "abcdefghijk", keeping: 11)
        let match = try #require(try matches.next())
        #expect(match.range == 0..<11 && match.group(9) == 8..<9)
        #expect(match.group(10) == nil && match.group(0) == nil && match.group(-1) == nil)
    }

    @Test func `modifiers of ECMA-262 are for the group that has them`() throws {
        #expect(try found("(?m:^)b", in: "a\u{2028}b", .ecma) == ["b"])
        #expect(try found("a(?m:$)", in: "a\rb", .ecma) == ["a"])
        #expect(try found("^b", in: "a\nb", .ecma) == [])
        #expect(try found("a(?s:.)b", in: "a\nb", .ecma) == ["a\nb"])
        #expect(try found("a.b", in: "a\nb", .ecma) == [])
        #expect(try found("(?i-s:a)b", in: "Ab AB", .ecma) == ["Ab"])
    }

    @Test(arguments: ["(a+)+$", "(a|aa)+$", "(a*)*b", "((a?){20}){20}b", "(.*)(.*)(.*)(.*)x"])
    func `nested repetitions take work in proportion to the text`(pattern: String) throws {
        let finder = try PatternFinder(pattern, syntax: .re2)
        let text = String(repeating: "a", count: 2_000)
        var matches = finder.matches(in: text + "!" + text, keeping: 9)
        while try matches.next() != nil {}
        #expect(matches.work < 3_000_000, "\(matches.work)")
    }

    @Test func `finding many matches that each look at the whole text ends in an error`() throws {
        let finder = try PatternFinder("a(.*b)?", syntax: .re2)
        var matches = finder.matches(in: String(repeating: "a", count: 20_000), keeping: 1)
        let error = #expect(throws: PatternError.self) { while try matches.next() != nil {} }
        #expect(error?.kind == .tooCostly)
        #expect(matches.work < 10_000_000)
    }

    @Test func `a wrong pattern is refused as it is for matching`() {
        for pattern in ["(", "(?=x)", "\\1", "a{1001}"] {
            #expect(throws: PatternError.self) { try PatternFinder(pattern, syntax: .re2) }
        }
    }
}
