import Foundation
import Testing

/// What the documents say of the repository is true.
struct DocumentTests {
    @Test func `the README is short and shows the two commands first`() throws {
        let readme = try String(contentsOf: Repository.root.appending(path: "README.md"), encoding: .utf8)
        #expect(readme.split(separator: "\n", omittingEmptySubsequences: false).count <= 150)
        let run = try #require(readme.range(of: "make run"))
        let test = try #require(readme.range(of: "make test"))
        #expect(run.lowerBound < test.lowerBound)
    }

    @Test func `relative links and paths in documents lead somewhere`() throws {
        let documents = try Repository.files(in: ["Sources/TenonDocs", "SDK", "Plugins"], endings: [".md"])
        let readme = Repository.File(
            path: "README.md",
            text: try String(contentsOf: Repository.root.appending(path: "README.md"), encoding: .utf8))
        for file in documents + [readme] {
            for match in file.text.matches(of: /\]\(([^)#:]+)(#[^)]*)?\)/) {
                let target = file.folder.isEmpty ? String(match.1) : "\(file.folder)/\(match.1)"
                #expect(Repository.exists(target), "\(file.path) links to \(match.1)")
            }
            for match in file.text.matches(of: /`((?:Sources|SDK|Plugins|Tests)\/[A-Za-z0-9_.\/-]+)`/) {
                #expect(Repository.exists(String(match.1)), "\(file.path) names \(match.1)")
            }
        }
    }

    @Test func `a decision page is short and has its four parts`() throws {
        for page in try Repository.files(in: ["Sources/TenonDocs/Decisions"], endings: [".md"]) {
            #expect(page.lines.count <= 60, "\(page.path)")
            for part in ["## Context", "## Decision", "## Consequences", "## Rejected"] {
                #expect(page.text.contains(part), "\(page.path) lacks \(part)")
            }
        }
    }
}
