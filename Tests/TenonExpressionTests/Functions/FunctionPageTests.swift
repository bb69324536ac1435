import Foundation
import TenonExpression
import TenonJSON
import TenonModel
import Testing

/// The handbook's page of functions: every example is evaluated, and every function has one.
struct FunctionPageTests {
    private struct Example {
        let line: Int
        let expression: String
        let result: JSON
    }

    /// A scope without names, at 2026-01-31T10:30:00Z.
    private struct PageScope: ExpressionScope {
        var now: Timestamp? { Timestamp(milliseconds: 1_769_855_400_000) }
        var names: [String] { [] }
        func value(named name: String) -> JSON? { nil }
    }

    private func examples() throws -> [Example] {
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

    @Test func `each example of the page gives what stands beside it`() throws {
        let examples = try examples()
        #expect(examples.count > 140)
        for example in examples {
            do throws(TenonError) {
                let value = try Expression.compile(example.expression).evaluate(PageScope())
                #expect(value.text == example.result.text, "line \(example.line): \(example.expression)")
            } catch {
                Issue.record("line \(example.line): \(example.expression): \(error.message)")
            }
        }
    }

    @Test func `each function has an example`() throws {
        let text = try examples().map(\.expression).joined(separator: "\n")
        for name in Expression.functionNames where name != "existsOne" {
            #expect(text.contains("\(name)("), "\(name) has no example")
        }
    }
}
