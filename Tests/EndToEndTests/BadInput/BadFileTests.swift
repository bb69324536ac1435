import Foundation
import TenonTestKit
import Testing

/// Files of definitions that cannot be: each is refused before anything is sent, with its place.
struct BadFileTests {
    private static let aliases =
        "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        + zip("bcdefgh", "abcdefg").map { name, earlier in
            "\(name): &\(name) [\(repeatElement("*\(earlier)", count: 10).joined(separator: ", "))]\n"
        }.joined()

    static let cases: [(name: String, text: String, problem: String)] = [
        ("twice.json", #"{"name": "a", "name": "b"}"#, "occurs twice"),
        ("inside.json", #"{"steps": [{"a": 1, "a": 1}]}"#, "occurs twice"),
        ("half.json", #"{"name": "\ud800"}"#, "surrogate"),
        ("deep.json", String(repeating: "[", count: 65), "nested deeper"),
        ("rest.json", "{} {}", "unexpected text"),
        ("second.yaml", "a: b\n---\na: [\n", "node content"),
        ("twice.yaml", "name: a\nname: b\n", "duplicated key(s): 'name'"),
        ("inside.yaml", "steps:\n  - {a: 1, a: 1}\n", "duplicated key(s): 'a'"),
        ("quoted.yaml", "name: a\n\"name\": b\n", "duplicated key(s): 'name'"),
        ("half.yaml", "name: \"\\ud800\"\n", "invalid Unicode"),
        ("deep.yaml", String(repeating: "[", count: 70) + String(repeating: "]", count: 70), "nested deeper"),
        ("deeper.yaml", String(repeating: "[", count: 500_000), "nesting level"),
        ("aliases.yaml", aliases, "more than 1000000 values"),
        ("key.yaml", "{[a]: b}\n", "a key must be text"),
        ("infinite.yaml", "a: .inf\n", "no number of JSON"),
        ("hex.yaml", "a: 0x10000000000000000\n", "no number of JSON"),
        ("bool.yaml", "a: !!bool yes\n", "yes is not what its tag says (line 1"),
        ("int.yaml", "a: !!int 1.5\n", "1.5 is not what its tag says"),
        ("null.yaml", "a: !!null x\n", "x is not what its tag says"),
        ("merge.yaml", "a: &a {b: 1}\nc:\n  <<: *a\n", "merge keys are not read"),
        ("nothing.yaml", "name: *nowhere\n", "undefined alias"),
    ]

    @Test func `every bad file ends with 2 and says what and where`() async throws {
        let directory = TemporaryDirectory()
        for bad in Self.cases {
            let file = directory.file(bad.name)
            try Data(bad.text.utf8).write(to: URL(filePath: file))
            let ended = try await tenon([
                "workflow", "apply", "-f", file, "--project", "p", "--url", "http://127.0.0.1:1",
            ])
            #expect(ended.exitCode == 2, "\(bad.name): \(ended.errors)")
            #expect(ended.errors.contains(file) && ended.errors.contains(bad.problem), "\(ended.errors)")
            #expect(ended.errors.utf8.count < 2000)
        }
    }

    @Test func `a file that is no text, or larger than a host takes, is refused`() async throws {
        let directory = TemporaryDirectory()
        let file = directory.file("bytes.json")
        try Data([0x7B, 0x22, 0xC3, 0x28, 0x22, 0x7D]).write(to: URL(filePath: file))
        let bytes = try await tenon(["workflow", "apply", "-f", file])
        #expect(bytes.exitCode == 2 && bytes.errors.contains("no UTF-8 text"), "\(bytes.errors)")
        try Data(repeating: 0x20, count: 17 << 20).write(to: URL(filePath: file))
        let large = try await tenon(["workflow", "apply", "-f", file])
        #expect(large.exitCode == 2 && large.errors.contains("larger than 16 MB"), "\(large.errors)")
    }

    @Test func `nothing to read is said so by its name, and the standard input is read once`() async throws {
        let empty = try await tenon(["workflow", "apply", "-f", "-"], input: "")
        #expect(empty.exitCode == 3)
        #expect(empty.errors.contains("no definition in the standard input"), "\(empty.errors)")
        let twice = try await tenon(["workflow", "apply", "-f", "-", "-f", "-"], input: "")
        #expect(twice.exitCode == 2 && twice.errors.contains("once only"), "\(twice.errors)")
        let list = try await tenon(["pipeline", "explain", "-f", "-"], input: "[]")
        #expect(list.exitCode == 2 && list.errors.contains("must be an object"), "\(list.errors)")
    }

    @Test func `a value on the command line with a key that occurs twice is a mistake, not text`()
        async throws
    {
        let ended = try await tenon([
            "deploy", "http", "--project", "p", "--as", "i", "--set", #"streams={"a": "/a", "a": "/b"}"#,
        ])
        #expect(ended.exitCode == 2 && ended.errors.contains("occurs twice"), "\(ended.errors)")
    }
}
