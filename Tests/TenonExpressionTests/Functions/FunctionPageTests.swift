import TenonExpression
import TenonJSON
import TenonModel
import Testing

/// The handbook's page of functions: every example is evaluated, and every function has one.
struct FunctionPageTests {
    /// A scope without names, at 2026-01-31T10:30:00Z.
    private struct PageScope: ExpressionScope {
        var now: Timestamp? { Timestamp(milliseconds: 1_769_855_400_000) }
        var names: [String] { [] }
        func value(named name: String) -> JSON? { nil }
    }

    @Test func `each example of the page gives what stands beside it`() throws {
        let examples = try FunctionPage.examples()
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
        let text = try FunctionPage.examples().map(\.expression).joined(separator: "\n")
        for name in Expression.functionNames where name != "existsOne" {
            #expect(FunctionPage.calls(name, in: text), "\(name) has no example")
        }
    }

    @Test func `a name that ends like another is no example of it`() {
        #expect(!FunctionPage.calls("or", in: "math.floor(1.5) + x.hasValue()"))
        #expect(FunctionPage.calls("or", in: "floor(1) + optional.none().or(optional.of(1))"))
    }
}
