internal import Foundation
import TenonVersion
internal import TenonJSON
internal import Testing

@Suite struct SemanticVersionTests {
    @Test func `precedence is that of semver.org`() {
        let ordered = [
            "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
            "1.0.0-rc.1", "1.0.0", "1.0.1", "1.10.0", "2.0.0",
        ].compactMap(SemanticVersion.init)
        #expect(ordered.count == 11)
        #expect(ordered.shuffled().sorted() == ordered)
    }

    @Test func `build data does not count`() {
        #expect(SemanticVersion("1.0.0+a") == SemanticVersion("1.0.0+b"))
    }

    @Test(arguments: [
        "", "1", "1.2", "01.2.3", "1.2.3-", "1.2.3-01", "1.2.3+", "1.2.3-a..b", "v1.2.3", "1.2.3-ä",
    ])
    func `what is not a version is refused`(text: String) {
        #expect(SemanticVersion(text) == nil)
    }

    @Test(
        arguments: [
            ("1.2.3", ["1.2.3"], ["1.2.4", "1.2.3-a"]), ("^1.2", ["1.2.0", "1.9.9"], ["1.1.9", "2.0.0"]),
            ("^0.2.3", ["0.2.3", "0.2.9"], ["0.3.0", "0.2.2"]), ("^0.0.3", ["0.0.3"], ["0.0.4"]),
            ("~1.4.0", ["1.4.0", "1.4.9"], ["1.5.0"]), ("~1", ["1.9.0"], ["2.0.0"]),
            ("1.x", ["1.0.0", "1.9.9"], ["2.0.0", "1.5.0-beta"]), ("1.2.*", ["1.2.7"], ["1.3.0"]),
            ("latest", ["0.0.1", "9.9.9"], ["9.9.9-rc.1"]),
            ("^1.2.3-beta", ["1.2.3-beta.2", "1.4.0"], ["1.2.3-alpha"]),
        ] as [(String, [String], [String])])
    func `a range accepts what it should`(text: String, accepted: [String], refused: [String]) throws {
        let range = try #require(VersionRange(text))
        for version in accepted {
            #expect(range.contains(try #require(SemanticVersion(version))), "\(version)")
        }
        for version in refused {
            #expect(!range.contains(try #require(SemanticVersion(version))), "\(version)")
        }
    }

    @Test(arguments: ["", "^", "1.2.3.4", "abc", "1.x.3", ">=1.0.0", "1.2.3 - 2.0.0"])
    func `what is not a range is refused`(text: String) {
        #expect(VersionRange(text) == nil)
    }

    @Test func `the supported part of node-semver's cases passes`() throws {
        let path = "../shared/conformance/semver/cases.json"
        guard let data = FileManager.default.contents(atPath: path) else {
            print("semver: skipped, \(path) is not there")
            return
        }
        let cases = try JSONParser.parse([UInt8](data), maxDepth: 64).array ?? []
        var passed = 0
        var skipped = 0
        for test in cases {
            guard let isRight = judge(test) else {
                skipped += 1
                continue
            }
            passed += isRight ? 1 : 0
            #expect(isRight, "\(test.text)")
        }
        print(
            "semver: \(passed) passed, \(skipped) skipped (other operations, loose syntax, ranges of several parts)"
        )
        #expect(passed >= 51)
    }

    /// nil: outside of what Tenon's pins are.
    private func judge(_ test: JSON) -> Bool? {
        guard test["options"]?.object?.isEmpty ?? true else { return nil }
        func version(_ key: String) -> SemanticVersion? { test[key]?.string.flatMap(SemanticVersion.init) }
        switch test["op"]?.string {
        case "compare":
            guard let left = version("a"), let right = version("b") else { return nil }
            let order: Int64 = left == right ? 0 : left < right ? -1 : 1
            return test["expect"]?.int == order
        case "satisfies":
            guard let range = test["range"]?.string.flatMap(VersionRange.init),
                let version = version("version")
            else { return nil }
            return range.contains(version) == test["expect"]?.bool
        case "valid":
            guard let text = test["version"]?.string, !text.hasPrefix("v"), !text.hasPrefix("=") else {
                return nil
            }
            return (SemanticVersion(text) != nil) == test["expect"]?.bool
        default: return nil
        }
    }
}
