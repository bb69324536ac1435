import Foundation
import TenonJSON
import Testing

/// The examples of the handbook's page of functions.
enum FunctionPage {
    struct Example {
        let line: Int
        let expression: String
        let result: JSON
    }

    static func examples() throws -> [Example] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = root.appending(path: "Sources/TenonDocs/Handbook/functions.md")
        var examples: [Example] = []
        for (index, line) in try String(contentsOf: page, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false
        ).enumerated() where line.hasPrefix("| `") {
            let middle = try #require(line.range(of: "` | `"))
            let expression = String(line[..<middle.lowerBound].dropFirst(3))
            let rest = line[middle.upperBound...]
            let end = try #require(rest.range(of: "` | "))
            let result = String(rest[..<end.lowerBound])
            examples.append(
                Example(line: index + 1, expression: expression, result: try JSONParser.parse(result)))
        }
        return examples
    }

    /// Whether `text` calls `name`, and not one whose name only ends so.
    static func calls(_ name: String, in text: String) -> Bool {
        var rest = text[...]
        while let found = rest.range(of: "\(name)(") {
            let before = text[..<found.lowerBound].last
            let isLonger = before.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
            if !isLonger { return true }
            rest = rest[found.upperBound...]
        }
        return false
    }
}
