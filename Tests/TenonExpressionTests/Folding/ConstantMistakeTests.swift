import TenonJSON
import TenonModel
import Testing

@testable import TenonExpression

/// What can never work is refused when a definition is saved.
struct ConstantMistakeTests {
    private static let scope = ObjectScope([
        "n": 4, "half": 0.5, "yes": true, "text": "héllo", "at": "2024-02-29T23:30:00Z", "list": [1, 2],
        "nothing": nil,
    ])

    private func compile(_ text: String) -> TenonError? {
        do throws(TenonError) {
            _ = try Expression.compile(text)
            return nil
        } catch { return error }
    }

    @Test(arguments: [
        ("n > int('x')", "cannot make int", 5), ("timestamp('tomorrow') > now()", "cannot make timestamp", 1),
        ("n == 1 && duration('1 day') > duration('1h')", "cannot make duration", 11),
        ("yes || 1 / 0 > 1", "division by zero", 10),
        ("n % (7 % 0)", "division by zero", 8), ("9223372036854775807 + 1 + n", "out of range", 21),
        ("text.matches('(' + ')+(')", "( without )", 6), ("text.matches('[')", "[ without ]", 6),
        ("now().formatTime('QQ')", "no part of a time", 7),
        ("at.formatTime('yyyy', 'Mars/Base')", "Mars/Base", 4),
        ("text.parseTime('DDD')", "only written", 6), ("at.startOf('decade')", "decade", 4),
        ("at.addDays(n, '+2')", "+2", 4), ("timestamp(at).getHours('Nowhere')", "Nowhere", 15),
        ("'2026-13-01'.addDays(n)", "no timestamp", 14), ("'%q'.format([n])", "%q", 6),
        ("'%s %s'.format([n])", "1 values", 9), ("'%.f'.format(list)", "number of places", 7),
        ("list.map(x, x + int('1.5'))", "cannot make int", 17),
        ("regex.replace(text, '(l+)', r'\\2')", "group 2", 1),
        ("regex.extract(text, '(l)(o)') ?? 'x'", "2 groups", 1), ("nothing ?? hex.decode('xy')", "hex", 12),
        ("yes ? json.parse('{') : n", "json.parse", 7), ("ip('1.2.3').family() == n", "ip()", 1),
    ])
    func `constants that no function can take are refused with their place`(
        text: String, part: String, position: Int
    ) throws {
        let error = try #require(compile(text))
        #expect(error.code == .expressionInvalid)
        #expect(error.message.contains(part), "\(error.message)")
        #expect(error.context["position"] == "\(position)", "\(error.message)")
    }

    @Test(arguments: [
        ("true || 1 / 0 > 1", "true"), ("false && int('x') == n", "false"), ("false ? 1 / 0 : n", "4"),
        ("true ? n : int('x')", "4"), ("1 ?? int('x')", "1"), ("'a' ?? int(text)", "\"a\""),
        ("[].map(x, 1 / 0)", "[]"), ("optional.of(1).orValue(1 / 0)", "1"),
        ("optional.of(n).orValue(2)", "4"), ("false && (yes || n / 0 > 1)", "false"),
        ("null && int('x') == n", "false"), ("[1, 2][5] == null", "true"), ("[1, 2][5] + 1", "null"),
        ("n / 0.5", "8.0"), ("half / 0 > 5", "true"), ("nothing % 0", "null"), ("1.5 / 0 > 5", "true"),
        ("has({'a': {'b': 1}}.a.b)", "true"), ("has({'a': 1}.b)", "false"),
        ("has({'a': 1}.?b.c)", "false"), ("[?optional.of(1), ?optional.none(), n]", "[1,4]"),
        ("{?'a': optional.none(), 'n': n + 1 + 1}", "{\"n\":6}"),
        ("[[1, 2], [3]].map(x, x.size() + n)", "[6,5]"),
        ("list.map(x, [1, 2].map(y, x * y))", "[[1,2],[2,4]]"), ("cel.bind(x, 2 + 3, x * n)", "20"),
        ("type(1 + 1) == int && n > 0", "true"), ("duration('1h') + duration('30m')", "\"5400s\""),
        ("timestamp('2026-01-31T00:00:00Z').addDays(n)", "\"2026-02-04T00:00:00Z\""),
        ("'2026-01-31T00:00:00Z'.addDays(n, '+01:00')", "\"2026-02-04T00:00:00Z\""),
        ("n in [1, 2 + 2]", "true"), ("text.matches('l' + '{2}')", "true"),
    ])
    func `what constants make unimportant is no mistake, and what they give is the same`(
        text: String, wanted: String
    ) throws {
        let expression = try Expression.compile(text)
        #expect(try expression.evaluate(Self.scope).text == wanted)
        #expect(try Expression.compile(expression.printed) == expression)
    }

    @Test func `an expression is shown and compared as it is written`() throws {
        let expression = try Expression.compile("n + 2 * 3 > int('4') || text.matches('a' + 'b')")
        #expect(expression.printed == "n + 2 * 3 > int(\"4\") || matches(text, \"a\" + \"b\")")
        #expect(try expression != Expression.compile("n + 6 > 4 || text.matches('ab')"))
    }

    @Test func `constants that are too large to be worked out beforehand are left to the evaluation`() throws
    {
        for text in ["lists.range(50000).size() + n", "'x'.repeat(5000).size() + n"] {
            _ = try Expression.compile(text).evaluate(Self.scope)
        }
        let costly = "lists.range(300000).map(x, lists.range(300000)).size() > n"
        let expression = try Expression.compile(costly)
        let error = #expect(throws: TenonError.self) { try expression.evaluate(Self.scope) }
        #expect(error?.code == .expressionLimit)
    }

    @Test func `a constant that is too costly is the last that is worked out`() throws {
        func program(_ text: String) throws -> String {
            Printer.print(try Expression.compile(text).program, mode: .host)
        }
        let costly = "lists.range(50000).size() < n"
        #expect(try program("1 + 1 < n || \(costly) || 2 + 2 < n").hasSuffix("|| 2 + 2 < n"))
        #expect(try program("1 + 1 < n || \(costly) || 2 + 2 < n").hasPrefix("2 < n ||"))
        // How much a search for a pattern costs shows only when it is over.
        for search in ["'ab'.matches('b')", "regex.extractAll('ab', 'b').size() == 1"] {
            #expect(try program(search) != "true" && Expression.compile(search).evaluate(Self.scope) == true)
        }
    }

    @Test func `strict mode meets a mistake when it is evaluated`() throws {
        let expression = try Expression.compile("x || 1 / 0 > 1 || int('x') > 1", mode: .strict)
        #expect(try expression.evaluate(ObjectScope(["x": true])) == true)
        #expect(throws: TenonError.self) { try expression.evaluate(ObjectScope(["x": false])) }
    }

    @Test(arguments: [ExpressionMode.host, .strict])
    func `a default is worked out only where it is needed`(mode: ExpressionMode) throws {
        let scope = ObjectScope(["o": ["a": 1], "n": 0])
        func value(_ text: String) throws -> JSON {
            try Expression.compile(text, mode: mode).evaluate(scope)
        }
        #expect(try value("o.?a.orValue(1 / n)") == 1)
        #expect(try value("o.?a.or(optional.of(1 / n))") == 1)
        #expect(try value("o.?b.or(o.?a).value()") == 1)
        #expect(try value("o.?b.or(o.?a).or(optional.of(1 / n)).orValue(1 / n)") == 1)
        #expect(throws: TenonError.self) { try value("o.?b.orValue(1 / n)") }
        #expect(throws: TenonError.self) { try value("o.?b.or(o.a)") }
        if mode == .host { #expect(try value("o.?a ?? 1 / n") == 1 && value("o.?b ?? 2") == 2) }
    }
}
