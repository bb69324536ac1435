internal import Foundation
import TenonVersion
import Testing

struct VersionPageTests {
    @Test func `the ranges in the handbook mean what stands beside them`() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/TenonDocs/Handbook/versions.md")
        let text = try String(contentsOf: page, encoding: .utf8).replacing("\\|", with: "\u{0}")
        var count = 0
        for line in text.split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map {
                $0.filter { $0 != "`" }.replacing("\u{0}", with: "|").trimmingCharacters(in: .whitespaces)
            }
            try #require(cells.count == 4, "\(line)")
            let range = try #require(VersionRange(cells[0]), "\(line)")
            #expect(range.canonical == cells[1])
            #expect(range.contains(try #require(SemanticVersion(cells[2]))), "\(line)")
            #expect(!range.contains(try #require(SemanticVersion(cells[3]))), "\(line)")
            count += 1
        }
        #expect(count == 10)
    }
}
