import TenonVersion
import Testing

struct SemanticVersionTests {
    @Test func `precedence is that of semver.org`() {
        let ordered = [
            "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
            "1.0.0-rc.1", "1.0.0", "1.0.1", "1.10.0", "2.0.0",
        ].compactMap { SemanticVersion($0) }
        #expect(ordered.count == 11)
        #expect(ordered.shuffled().sorted() == ordered)
    }

    @Test func `numbers of a pre-release compare as numbers however long they are`() throws {
        let texts = [
            "1.0.0-9", "1.0.0-9007199254740990", "1.0.0-9007199254740999", "1.0.0-10000000000000000",
            "1.0.0-a",
        ]
        let ordered = texts.compactMap { SemanticVersion($0) }
        #expect(ordered.count == texts.count)
        #expect(ordered.reversed().sorted() == ordered)
        #expect(ordered.map(\.description) == texts)
    }

    @Test func `build data is kept and does not count`() throws {
        let version = try #require(SemanticVersion("1.0.0+a.01"))
        #expect(version == SemanticVersion("1.0.0+b"))
        #expect(version.description == "1.0.0+a.01")
        #expect(version.withoutBuild == "1.0.0")
    }

    @Test(arguments: [
        "", "1", "1.2", "01.2.3", "1.2.3-", "1.2.3-01", "1.2.3+", "1.2.3-a..b", "v1.2.3", "1.2.3-ä", " 1.2.3",
        "9007199254740992.0.0", "99999999999999999999.0.0", "1.2.3+a+b", "1.2.3.4", "-1.2.3",
        "1.2.3-" + String(repeating: "a", count: 260),
    ])
    func `what is not a version is refused`(text: String) {
        #expect(SemanticVersion(text) == nil)
    }

    @Test(
        arguments: [
            (" v1.2.3 ", VersionSyntax.npm, "1.2.3"), ("v1.2.3-a+b", .npm, "1.2.3-a+b"),
            ("=1.2.3", .npm, nil),
            ("= v 01.2.3beta", .loose, "1.2.3-beta"), ("1.2.3-01.x", .loose, "1.2.3-1.x"),
            ("1.2.34.5", .loose, "1.2.3-4.5"),
            ("1.2.3-", .loose, "1.2.3--"), ("1.2.3.4", .loose, nil), ("1.2", .loose, nil),
        ] as [(String, VersionSyntax, String?)])
    func `npm takes more, and loose reading still more`(
        text: String, syntax: VersionSyntax, expected: String?
    ) {
        #expect(SemanticVersion(text, syntax: syntax)?.description == expected)
    }

    @Test(
        arguments: [
            ("1.2.3", VersionRelease.major, "", "2.0.0"), ("2.0.0-rc.1", .major, "", "2.0.0"),
            ("1.2.3-rc.1", .minor, "", "1.3.0"), ("1.2.3-rc.1", .patch, "", "1.2.3"),
            ("1.2.3", .preminor, "rc", "1.3.0-rc.0"),
            ("1.2.3-rc.4", .prerelease, "", "1.2.3-rc.5"), ("1.2.3-rc.4", .prerelease, "rc", "1.2.3-rc.5"),
            ("1.2.3-rc.4", .prerelease, "x.y", "1.2.3-x.y.0"), ("1.2.3-rc.4+b", .release, "", "1.2.3"),
            ("1.2.3", .release, "", nil), ("1.2.3", .prepatch, "01", nil),
            ("1.9007199254740991.0", .minor, "", nil),
        ] as [(String, VersionRelease, String, String?)])
    func `a version is raised as npm raises it`(
        text: String, release: VersionRelease, identifier: String, expected: String?
    ) throws {
        let version = try #require(SemanticVersion(text))
        #expect(version.incremented(release, PrereleaseName(identifier))?.description == expected)
    }

    @Test func `a version is cut down to a part`() throws {
        let version = try #require(SemanticVersion("4.5.6-rc.2+b"))
        let cuts = [VersionRelease.major, .minor, .patch, .prepatch, .release].map {
            version.truncated(to: $0)?.description
        }
        #expect(cuts == ["4.0.0", "4.5.0", "4.5.6", "4.5.6-rc.2", nil])
    }
}
