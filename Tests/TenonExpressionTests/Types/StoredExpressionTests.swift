import TenonJSON
import TenonModel
import Testing

@testable import TenonExpression

/// Expressions of definitions that were accepted before the newest rules.
struct StoredExpressionTests {
    private static var stored: KnownNames {
        var names = KnownNames()
        names.isStored = true
        return names
    }
    private let scope = ObjectScope(["paid": true, "flag": false, "t": "2026-01-31T00:00:00Z"])

    @Test(
        arguments: [
            ("paid || size(5) > 1", true), ("flag ? 1 + 'a' : 2", 2), ("flag ? timestamp('bad') : 'x'", "x"),
            ("flag && t.getHours('Nowhere/Else') == 1", false), ("flag ? 1 / 0 : 1 + 2", 3),
        ] as [(String, JSON)])
    func `what would be refused now compiles and gives what it gave`(text: String, value: JSON) throws {
        #expect(throws: TenonError.self) { try Expression.compile(text) }
        #expect(try Expression.compile(text, names: Self.stored).evaluate(scope) == value)
        #expect(
            try Template.compile(.string("{{ \(text) }}"), names: Self.stored).render(scope) == value)
    }

    @Test func `what cannot work fails where it is reached`() throws {
        for text in ["1 + 'a'", "timestamp('bad')", "t.getHours('Nowhere/Else')", "1 / 0"] {
            let expression = try Expression.compile(text, names: Self.stored)
            let error = try #require(throws: TenonError.self) { try expression.evaluate(scope) }
            #expect(error.code == .expressionFailed, "\(text)")
        }
    }

    @Test func `a condition that is never true or false compiles and fails`() throws {
        #expect(throws: TenonError.self) { try Expression.compileCondition("'a' + t") }
        let condition = try Expression.compileCondition("'a' + t", names: Self.stored)
        #expect(throws: TenonError.self) { try condition.test(scope) }
    }

    @Test func `constants are worked out all the same, and bad syntax is refused`() throws {
        let folded = try Expression.compile("1 + 2", names: Self.stored)
        guard case .literal(.int(3)) = folded.program else {
            Issue.record("not worked out")
            return
        }
        #expect(throws: TenonError.self) { try Expression.compile("1 +", names: Self.stored) }
    }
}
