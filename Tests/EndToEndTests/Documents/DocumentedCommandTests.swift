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
        for text in try Self.texts() { commands.formUnion(Self.commands(in: text)) }
        #expect(commands.count > 40)
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

    /// What begins with `tenon` in backticks or at the start of a line, up to where another word begins to vary.
    private static func commands(in text: String) -> [Command] {
        text.matches(of: /(?:`|^\s*|\| )tenon ((?:[a-z]+ ?)+)([^`\n#|]*)/.anchorsMatchLineEndings()).map {
            match in
            Command(
                words: match.1.split(separator: " ").map(String.init),
                flags: match.2.matches(of: /(?:^|[\s\[])(--[a-z-]+)/).map { String($0.1) })
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
