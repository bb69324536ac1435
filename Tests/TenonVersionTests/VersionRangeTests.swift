import TenonVersion
import TenonTestKit
import Testing

struct VersionRangeTests {
    /// Range, versions that it accepts, versions that it does not.
    typealias Row = (range: String, yes: [String], no: [String])

    private func version(_ text: String) throws -> SemanticVersion { try #require(SemanticVersion(text)) }

    @Test(
        arguments: [
            ("1.2.3", ["1.2.3", "1.2.3+b"], ["1.2.4", "1.2.3-a"]),
            ("^1.2", ["1.2.0", "1.9.9"], ["1.1.9", "2.0.0", "2.0.0-a"]),
            ("^0.2.3", ["0.2.3", "0.2.9"], ["0.3.0", "0.2.2"]),
            ("^0.0.3", ["0.0.3"], ["0.0.4"]),
            ("~1.4.0", ["1.4.0", "1.4.9"], ["1.5.0"]),
            ("~1", ["1.9.0"], ["2.0.0"]),
            ("1.x", ["1.0.0", "1.9.9"], ["2.0.0", "1.5.0-beta"]),
            ("1.2.*", ["1.2.7"], ["1.3.0"]),
            ("latest", ["0.0.1", "9.9.9"], ["9.9.9-rc.1"]),
            ("", ["0.0.1"], ["0.0.1-a"]),
            ("^1.2.3-beta", ["1.2.3-beta.2", "1.4.0"], ["1.2.3-alpha", "1.4.0-beta"]),
            (">=1.0 <2", ["1.0.0", "1.9.9"], ["0.9.9", "2.0.0", "2.0.0-a"]),
            (">1.2", ["1.3.0"], ["1.2.9"]),
            ("<=1.2", ["1.2.9"], ["1.3.0"]),
            ("1.2 - 2.3", ["1.2.0", "2.3.9"], ["1.1.0", "2.4.0"]),
            ("1.2.3 - 2.3.4", ["1.2.3", "2.3.4"], ["2.3.5"]),
            ("^1.2 || 2.x || 4.0.0", ["1.5.0", "2.9.0", "4.0.0"], ["3.0.0", "4.0.1"]),
            (">= 1.2.3  < 1.5", ["1.4.9"], ["1.5.0"]),
            ("~> 1.2", ["1.2.9"], ["1.3.0"]),
            ("<0.0.0-0", [], ["0.0.0", "1.0.0"]),
        ] as [Row])
    func `a range accepts what npm accepts`(row: Row) throws {
        let range = try #require(VersionRange(row.range))
        for text in row.yes { #expect(range.contains(try version(text)), "\(row.range) has \(text)") }
        for text in row.no { #expect(!range.contains(try version(text)), "\(row.range) has not \(text)") }
    }

    @Test(arguments: [
        "^", "1.2.3.4", "abc", "1.x.3", ">", ">=1.2.3beta", "1.2.3 -", "|", "1 | 2", "==1.2.3",
        "^1.2.3 || nope", "latest || 1",
        "9007199254740992.0.0", "^9007199254740991.0.0", ">01.2.3", String(repeating: "1||", count: 2_000),
        "\u{0}", "ä",
    ])
    func `what is not a range is refused`(text: String) {
        #expect(VersionRange(text) == nil)
    }

    @Test(arguments: [
        ("^1.2 || 2.x", false, false, ">=1.2.0 <2.0.0-0||>=2.0.0 <3.0.0-0"),
        ("1 - 2", false, true, ">=1.0.0-0 <3.0.0-0"),
        ("*", false, false, ""), ("1 || *", false, false, ""), (">=0.0.0 <1", false, false, "<1.0.0-0"),
        ("<0 || >2 <0", false, false, "<0.0.0-0"), ("1.2.3 1.2.3", false, false, "1.2.3"),
        ("^1.2.3beta x.y", true, false, ">=1.2.3-beta <2.0.0-0"),
    ])
    func `a range is written out`(text: String, isLoose: Bool, includesPrereleases: Bool, expected: String)
        throws
    {
        let options = VersionRangeOptions(isLoose: isLoose, includesPrereleases: includesPrereleases)
        let range = try #require(VersionRange(text, options: options))
        #expect(range.canonical == expected)
        let again = try #require(VersionRange(range.canonical, options: options))
        #expect(again.canonical == expected)
    }

    @Test func `the highest version that a range accepts is the best`() throws {
        let versions = ["1.2.0", "1.10.0", "2.0.0", "1.11.0-rc.1"].compactMap { SemanticVersion($0) }
        #expect(VersionRange("^1")?.best(of: versions)?.description == "1.10.0")
        #expect(VersionRange("latest")?.best(of: versions)?.description == "2.0.0")
        #expect(VersionRange("3.x")?.best(of: versions) == nil)
    }

    @Test func `a range knows what is above it, below it and shared with another`() throws {
        let range = try #require(VersionRange("^1.2 || ^3"))
        let above = try ["1.1.0", "1.2.0", "2.0.0"].map { range.isAbove(try version($0)) }
        #expect(above == [true, false, false])
        let below = try ["2.0.0", "3.1.0", "4.0.0"].map { range.isBelow(try version($0)) }
        #expect(below == [false, false, true])
        #expect(range.intersects(try #require(VersionRange(">=1.9 <2.5"))))
        #expect(!range.intersects(try #require(VersionRange("~2.1"))))
    }

    @Test func `a range accepts what its written-out form accepts`() throws {
        var random = SeededGenerator(seed: 1)
        let signs = ["", "^", "~", ">", ">=", "<", "<=", "="]
        let parts = ["0", "1", "2", "x"]
        for _ in 0..<500 {
            let words = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                let numbers = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                    parts.randomElement(using: &random) ?? "0"
                }
                return (signs.randomElement(using: &random) ?? "") + numbers.joined(separator: ".")
            }
            let text = words.joined(separator: Bool.random(using: &random) ? " " : " || ")
            guard let range = VersionRange(text) else { continue }
            let written = try #require(VersionRange(range.canonical), "\(text)")
            for number in 0..<27 {
                let version = SemanticVersion(UInt64(number / 9), UInt64(number / 3 % 3), UInt64(number % 3))
                #expect(range.contains(version) == written.contains(version), "\(text) \(version)")
            }
        }
    }
}
