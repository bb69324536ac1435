import TenonJSON
import TenonModel
import Testing

@testable import TenonExpression

@Suite struct PrintedExpressionTests {
    private static let scope = ObjectScope([
        "a": 4, "b": [1, 2], "name": "héllo", "_x1": ["a": ["b": 1], "name": nil], "List": ["x", "y"],
        "type": 2.5,
    ])

    /// The value or the message, without the position and the text in it.
    private func outcome(_ expression: Expression) -> String {
        do throws(TenonError) {
            let value = try expression.typedValue(Self.scope)
            return "\(value.typeName) \(value.json.text)"
        } catch { return error.message.split(separator: "(character").first.map(String.init) ?? "" }
    }

    @Test(arguments: [ExpressionMode.host, .strict])
    func `a random expression, printed, compiles to the same expression with the same value`(
        mode: ExpressionMode
    ) throws {
        var compiled = 0
        for seed in 0..<800 {
            var writer = RandomExpression(seed: UInt64(seed), isHost: mode == .host)
            let text = writer.text(depth: 1 + seed % 5)
            // Some are refused, such as a call of a(). Most have types that do not fit, which are errors of
            // the evaluation here.
            guard let expression = try? Expression.parseUnchecked(text, mode: mode) else { continue }
            compiled += 1
            let printed = expression.printed
            let again = try Expression.parseUnchecked(printed, mode: mode)
            let isSame = again == expression
            #expect(isSame, "seed \(seed): \(text) printed as \(printed)")
            #expect(again.printed == printed)
            #expect(outcome(again) == outcome(expression), "seed \(seed): \(text) printed as \(printed)")
        }
        #expect(compiled > 600)
    }

    @Test(arguments: [
        ("a&&b||c", "a && b || c"), ("(a||b)&&c", "(a || b) && c"), ("((1))+(2*3)", "1 + 2 * 3"),
        ("1-(2-3)", "1 - (2 - 3)"), ("not a == 1 and b", "!(a == 1) && b"), ("a not in b", "!(a in b)"),
        ("a['two words'].b", "a[\"two words\"].b"), ("a?.b.c", "a?.b.c"), ("(a.b?.c).d", "(a.b?.c).d"),
        ("-(-1)", "-(-1)"), ("- (1)", "-(1)"), ("'it\\'s'", "\"it's\""),
        ("x.exists(y,y==z)", "x.exists(y, y == z)"),
        ("a.?b[?0]", "a.?b[?0]"), ("[? .a]", "[? .a]"), ("{?'a':b}", "{?\"a\": b}"), ("size( a )", "size(a)"),
        ("type(a)==timestamp", "type(a) == timestamp"),
        ("a ? b : c ? d : e", "a ? b : c ? d : e"), ("(a ? b : c) ? d : e", "(a ? b : c) ? d : e"),
        ("a ?? (b ?? c)", "a ?? (b ?? c)"), ("0x10 + 1E2", "16 + 100.0"),
    ])
    func `a printed expression has the spaces, quotes and parentheses that it needs`(
        text: String, printed: String
    ) throws {
        #expect(try Expression.compile(text).printed == printed)
    }

    @Test func `expressions that differ in a constant's type, a name or an operator are not equal`() throws {
        let texts = [
            "a + 1", "a + 1u", "a + 1.0", "b + 1", "a - 1", "a + b.c", "a + b?.c", "x.all(a, a > 1)",
            "x.all(b, b > 1)", "x.exists(a, a > 1)", "a + '1'", "a + b'1'", "-(1)", "-1", "[a]", "[?a]",
            "{'a': a}", "{?'a': a}",
            "0.0", "-0.0",
        ]
        let expressions = try texts.map { try Expression.compile($0) }
        for (index, left) in expressions.enumerated() {
            for (other, right) in expressions.enumerated() { #expect((left == right) == (index == other)) }
        }
        #expect(try Expression.compile("a+1") == Expression.compile("(a) + 1 // the same"))
        #expect(try Expression.compile("a", mode: .strict) != Expression.compile("a"))
    }
}
