import TenonExpression
import TenonJSON
import TenonModel
import Testing

/// What an expression may cost, whatever the data.
@Suite struct ExpressionCostTests {
    private static let scope = ObjectScope([
        "list": .array((0..<20_000).map { .int($0) }),
        "text": .string(String(repeating: "x", count: 4 << 20)),
        "small": [1, 2, 3],
    ])

    private func mistake(_ text: String) -> TenonError? {
        do throws(TenonError) {
            _ = try Expression.compile(text).evaluate(Self.scope)
            return nil
        } catch { return error }
    }

    @Test(arguments: [
        "list.exists(a, list.exists(b, true) && false)",
        "list.exists(a, size(text) == 1)",
        "list.exists(a, text == text && false)",
        "list.exists(a, list == list && false)",
        "list.exists(a, [text, text].contains('y'))",
        "list.exists(a, text < text)",
    ])
    func `work that the data makes long is refused by its cost`(text: String) {
        #expect(mistake(text)?.code == .expressionLimit)
    }

    @Test func `comparing values of different size costs nothing`() {
        #expect(mistake("small.all(x, list != small)") == nil)
    }

    @Test(arguments: ["[1][0]", "small.map(x, x)"])
    func `long chains of members and methods are refused`(start: String) {
        #expect(mistake(start + String(repeating: ".a", count: 5000))?.code == .expressionInvalid)
        #expect(mistake("'a'" + String(repeating: ".trim()", count: 2000))?.code == .expressionInvalid)
    }

    @Test func `a value that repeats a large one is refused before it is written`() throws {
        let large = "[list.map(x, text)].map(l, [l, l, l, l])"
        #expect(mistake(large)?.code == .expressionLimit)
        let template = try Template.compile(.string("all: {{ \(large) }}"))
        #expect(throws: TenonError.self) { try template.render(Self.scope) }
    }

    @Test func `many templates in one value are compiled in linear time, with a bounded number of mistakes`()
        throws
    {
        let count = 20_000
        let template = try Template.compile(.array((0..<count).map { .string("{{ name\($0) }}") }))
        #expect(template.references.count == count)
        let wrong = JSON.array((0..<count).map { _ in "{{ 1 + }}" })
        let error = #expect(throws: TenonError.self) { try Template.compile(wrong) }
        #expect(error?.fields.count == 100)
    }
}
