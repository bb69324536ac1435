import Foundation
import TenonTestKit
import Testing

/// Every command that a page or a message names.
struct DocumentedCommandTests {
    private struct Command: Hashable {
        let words: [String]
        let flags: [String]
    }

    @Test func `every command that a page or a message names is there, with its options`() async throws {
        var help: [[String]: String] = [[]: try await tenon(["--help"]).output]
        var commands: Set<Command> = []
        let verbs = Self.subcommands(help[[]] ?? "")
        for text in try Self.texts() { commands.formUnion(Self.commands(in: text, verbs: verbs)) }
        #expect(commands.count > 70)
        for command in commands {
            var verb: [String] = []
            for word in command.words {
                let names = Self.subcommands(help[verb] ?? "")
                guard !names.isEmpty else { break }
                try #require(names.contains(word), "tenon \(command.words.joined(separator: " "))")
                verb.append(word)
                if help[verb] == nil { help[verb] = try await tenon(verb + ["--help"]).output }
            }
            for flag in command.flags {
                let isThere = help[verb]?.contains(flag) ?? false
                #expect(isThere, "tenon \(verb.joined(separator: " ")) has no \(flag)")
            }
        }
    }

    /// The pages, and the messages of the sources.
    private static func texts() throws -> [String] {
        let files = ["README.md", "SDK/README.md", "Plugins", "Sources"].flatMap { name -> [String] in
            let path = Fixtures.root + "/" + name
            guard let below = try? FileManager.default.subpathsOfDirectory(atPath: path) else {
                return [path]
            }
            return below.map { path + "/" + $0 }
        }
        return try files.filter { $0.hasSuffix(".md") || $0.hasSuffix(".swift") }
            .map { try String(contentsOfFile: $0, encoding: .utf8) }
    }

    /// What begins with `tenon` where commands are named, up to where another begins or the text goes on; and
    /// elsewhere what goes on with one of the `verbs`.
    private static func commands(in text: String, verbs: [String]) -> [Command] {
        let pattern = /(?:`|"|: |^\s*|\| |([^.\/\w-]))tenon ((?:[a-z]+ ?)+)((?:\\["(]|[^`\\\n#|;])*)/
        return text.matches(of: pattern.anchorsMatchLineEndings()).compactMap { match in
            let words = match.2.split(separator: " ").map(String.init)
            if match.1 != nil, let first = words.first, !verbs.contains(first) { return nil }
            return Command(
                words: words, flags: match.3.matches(of: /(?:^|[\s\[])(--[a-z-]+)/).map { String($0.1) })
        }
    }

    private static func subcommands(_ help: String) -> [String] {
        let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(of: "SUBCOMMANDS:") else { return [] }
        return lines[(start + 1)...].prefix { !$0.isEmpty }
            .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
            .compactMap { $0.split(separator: " ").first.map(String.init) }
    }
}
