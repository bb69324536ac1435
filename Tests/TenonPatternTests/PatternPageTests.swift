internal import Foundation
import TenonPattern
import Testing

struct PatternPageTests {
    @Test func `the patterns in the handbook occur where it says`() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/TenonDocs/Handbook/patterns.md")
        let text = try String(contentsOf: page, encoding: .utf8).replacing("\\|", with: "\u{0}")
        var count = 0
        for line in text.split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map {
                $0.replacing("\u{0}", with: "|").trimmingCharacters(in: .whitespaces)
            }
            try #require(cells.count >= 4, "\(line)")
            let pattern = String(cells[0].dropFirst().dropLast())
            let found = String(cells[2].dropFirst().dropLast())
            let other = String(cells[3].dropFirst().dropLast())
            let syntaxes: [PatternSyntax] =
                switch cells[1] {
                case "both": [.ecma, .re2]
                case "RE2": [.re2]
                default: [.ecma]
                }
            for syntax in syntaxes {
                let compiled = try Pattern(pattern, syntax: syntax)
                let isLines = pattern.hasPrefix("(?m)")
                #expect(try compiled.matches(isLines ? found.replacing(" ", with: "\n") : found), "\(line)")
                #expect(try !compiled.matches(other), "\(line)")
            }
            count += 1
        }
        #expect(count == 13)
    }
}
