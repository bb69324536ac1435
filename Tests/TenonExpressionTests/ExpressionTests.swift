import TenonExpression
import TenonJSON
import TenonModel
import Testing

@Suite struct ExpressionTests {
    static let scope = ObjectScope([
        "n": 4, "d": 2.5, "text": "héllo wörld", "yes": true, "nothing": nil, "list": [1, 2, 3],
        "design": ["id": "D-1", "status": "approved", "tags": ["a", "b"], "specs": ["span": 12.5]],
        "big": .uint(18_446_744_073_709_551_615), "exact": .number("100000000000000000000001"),
    ])

    private func value(_ text: String, mode: ExpressionMode = .host) throws(TenonError) -> JSON {
        try Expression.compile(text, mode: mode).evaluate(Self.scope)
    }

    private func mistake(_ text: String, mode: ExpressionMode = .host) -> TenonError? {
        do throws(TenonError) {
            _ = try value(text, mode: mode)
            return nil
        } catch { return error }
    }

    @Test(arguments: [
        // Precedence and arithmetic
        ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("7 / 2", "3"), ("-7 / 2", "-3"), ("7 % 4", "3"),
        ("-n", "-4"),
        ("2 - -3", "5"), ("1.5 * 2.0", "3.0"), ("0x10 + 1", "17"), ("1 < 2 == true", "true"),
        ("!yes || yes", "true"),
        ("yes ? 1 : 2", "1"), ("false ? 1 : true ? 2 : 3", "2"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("\"a\" + 'b'", "\"ab\""), ("[1] + [2]", "[1,2]"),
        // Text
        ("size(text)", "11"), ("text.size()", "11"), ("text.startsWith('hé')", "true"),
        ("text.endsWith('rld')", "true"), ("text.contains('lo w')", "true"),
        ("text.contains('xyz')", "false"),
        ("'aab'.contains('ab')", "true"), ("'  x '.trim()", "\"x\""), ("'aBc'.upperAscii()", "\"ABC\""),
        ("'aBc'.lowerAscii()", "\"abc\""), ("'\\u00e9\\n'", "\"é\\n\""), ("r'\\n'", "\"\\\\n\""),
        ("'''a'b'''", "\"a'b\""),
        // Conversions
        ("string(4)", "\"4\""), ("string(2.5)", "\"2.5\""), ("string(4.0)", "\"4\""), ("int('12')", "12"),
        ("int(2.9)", "2"), ("double('1.5')", "1.5"), ("double(n)", "4.0"), ("uint(3)", "3"),
        ("string(yes)", "\"true\""),
        ("bool('true')", "true"),
        // Members and elements
        ("design.status", "\"approved\""), ("design[\"status\"]", "\"approved\""),
        ("design.tags[1]", "\"b\""),
        ("design.specs.span * 2", "25.0"), ("{'a': {'b': 1}}.a.b", "1"), ("[1, 2, 3][2]", "3"),
        ("has(design.id)", "true"), ("has(design.nope)", "false"), ("'id' in design", "true"),
        ("2 in list", "true"),
        ("9 in list", "false"), ("list.size() == 3", "true"), ("size(design)", "4"),
        // Macros
        ("list.all(x, x > 0)", "true"), ("list.exists(x, x == 2)", "true"),
        ("list.exists_one(x, x > 1)", "false"),
        ("list.map(x, x * x)", "[1,4,9]"), ("list.filter(x, x != 2)", "[1,3]"),
        ("list.map(x, x > 1, x * 10)", "[20,30]"),
        ("design.exists(k, k == 'id')", "true"),
        ("list.map(x, list.map(y, x * y))", "[[1,2,3],[2,4,6],[3,6,9]]"),
        // Comparison
        ("1 == 1.0", "true"), ("[1, 2] == [1.0, 2]", "true"), ("{'a': 1} == {'a': 1.0}", "true"),
        ("'a' < 'b'", "true"),
        ("big > n", "true"), ("big == 18446744073709551615u", "true"),
        ("9007199254740993 > 9007199254740992.0", "true"),
        ("1 == '1'", "false"), ("nothing == null", "true"),
        // Comments and space
        ("1 + // one\n 2", "3"),
    ])
    func `an expression has the value that its text says`(text: String, expected: String) throws {
        #expect(try value(text).text == expected)
    }

    @Test(arguments: [
        ("n === 4", "true"), ("n !== 4", "false"), ("yes and not false", "true"), ("false or yes", "true"),
        ("5 not in list", "true"), ("design?.status", "\"approved\""), ("nobody?.status", "null"),
        ("nobody?.a.b.c", "null"), ("design.specs?.nope", "null"), ("nobody ?? 5", "5"),
        ("nothing ?? 5", "5"),
        ("design.nope ?? design.id", "\"D-1\""), ("nobody.a.b ?? nobody.c ?? 1", "1"), ("n + d", "6.5"),
        ("n * 2.0", "8.0"),
        ("nothing < 1", "false"), ("nothing > 1", "false"), ("!nothing", "true"), ("nobody.status", "null"),
        ("nothing + 1", "null"), ("size(nothing)", "null"), ("nothing && yes", "false"),
        ("big - 1", "18446744073709551614"),
        ("nobody.list.exists(x, x > 1)", "false"), ("list[9]", "null"), ("yes ?.5 : 1", "0.5"),
        ("1 in nothing", "false"),
        ("nothing != 1", "true"), ("list.contains(2)", "true"),
    ])
    func `host mode adds what people write`(text: String, expected: String) throws {
        #expect(try value(text).text == expected)
    }

    @Test(arguments: [
        "n === 4", "nobody ?? 5", "design?.id", "nobody", "design.nope", "n + d", "!nothing", "nothing < 1",
        "list[9]",
        "nothing && yes", "yes and yes", "size(nothing)",
    ])
    func `strict mode has none of it`(text: String) {
        #expect(mistake(text, mode: .strict) != nil)
    }

    @Test func `strict mode keeps integers of both kinds apart and ignores decided errors`() throws {
        #expect(mistake("1 + 1u", mode: .strict) != nil)
        #expect(try value("1u + 1u", mode: .strict) == 2)
        #expect(try value("1 / 0 > 1 || true", mode: .strict) == true)
        #expect(try value("false && 1 / 0 > 1", mode: .strict) == false)
    }

    @Test(arguments: [
        ("n / (n - 4)", "division by zero"), ("n % (n - 4)", "division by zero"),
        ("9223372036854775807 + n", "out of range"), ("-9223372036854775807 - n", "out of range"),
        ("(n - 5 - 9223372036854775807) / (3 - n)", "out of range"),
        ("-(n - 5 - 9223372036854775807)", "out of range"), ("(n + 9007199254740989) * 1.0", "too exact"),
        ("exact * 2.0", "too exact"),
        ("'a' + n", "string(x)"), ("n + 'a'", "string(x)"), ("'a' < n", "cannot compare"),
        ("text && yes", "true or false"),
        ("text ? 1 : 2", "true or false"), ("int(text)", "cannot make int"), ("size(n)", "size()"),
        ("text[0]", "no elements"),
        ("list.all(x, x + 'a' == '')", "string(x)"), ("{text: 1, text: 2}", "occurs twice"),
        ("4 in text", "needs a list"),
    ])
    func `an evaluation that fails says why and where`(text: String, part: String) throws {
        let error = try #require(mistake(text))
        #expect(error.code == .expressionFailed)
        #expect(error.message.contains(part), "\(error)")
        #expect(error.context["position"] != nil)
    }

    @Test(arguments: [
        ("", 1), ("1 +", 4), ("1 + + ", 5), ("(1", 3), ("[1, 2", 6), ("a b", 3), ("a = 1", 3), ("a.", 3),
        ("a..b", 3),
        ("'abc", 1), ("'\\q'", 2), ("a & b", 3), ("1e", 2), ("99999999999999999999", 1), ("a ? b", 6),
        ("a.b.exists(1, x)", 12),
        ("has(a)b", 7), ("f(1)", 1), ("{1: }", 5), ("\u{1F600} a", 1), ("x @ y", 3), ("'\u{1F600}' !", 5),
        ("size()", 1), ("startsWith('a')", 1), ("1.string()", 3), ("int(1, 2)", 1),
        ("9223372036854775808", 1), ("in", 1),
    ])
    func `a text that is no expression is refused with its position`(text: String, position: Int) throws {
        let error = try #require(mistake(text))
        #expect(error.code == .expressionInvalid)
        #expect(error.context["position"] == "\(position)", "\(error)")
    }

    @Test func `a misspelt function is refused with what was probably meant`() throws {
        #expect(try #require(mistake("text.startWith('a')")).message.contains("Did you mean \"startsWith\"?"))
        #expect(try #require(mistake("sise(text)")).message.contains("Did you mean \"size\"?"))
    }

    @Test func `known names make a misspelt name a mistake`() throws {
        let names = KnownNames(topLevel: ["status", "cost"])
        _ = try Expression.compile("cost > 1", names: names)
        let error = #expect(throws: TenonError.self) { try Expression.compile("cots > 1", names: names) }
        #expect(error?.message.contains("Did you mean \"cost\"?") == true)
    }

    @Test func `references are found when compiling`() throws {
        let expression = try Expression.compile(
            "context.A.x + steps.B.output > n && list.all(x, x > limit) && context['C d'].e == 1")
        #expect(
            expression.references.map { ([$0.name] + $0.members).joined(separator: "/") } == [
                "context/A/x", "steps/B/output", "n", "list", "limit", "context/C d/e",
            ])
    }

    // MARK: Conditions

    @Test(arguments: [
        "nobody.status == 'approved'", "nobody.status != 'approved'", "!nobody", "nobody > 1",
        "design.nope == 1",
        "nobody && yes", "nobody ? true : false", "size(nobody) == 0", "nobody in list",
        "list.all(x, x > nobody)",
    ])
    func `a condition over a missing path is false and says which`(text: String) throws {
        let outcome = try Expression.compile(text).test(Self.scope)
        #expect(!outcome.isTrue)
        let isNamed = outcome.missingPath.map { $0 == "design.nope" || $0.hasPrefix("nobody") }
        #expect(text.contains("?") ? true : isNamed == true)
    }

    @Test(arguments: [
        "nobody == null", "nobody.status == null", "!has(nobody.status)", "nobody ?? true", "nobody || yes",
        "yes || nobody", "(nobody ?? 1) == 1", "nobody?.status == null", "!(false && nobody)",
        "null == nobody",
    ])
    func `a condition that asks whether something is there, or is decided without it, is not false`(
        text: String
    ) throws {
        #expect(try Expression.compile(text).test(Self.scope).isTrue)
    }

    @Test func `a condition that is neither true nor false is an error`() throws {
        let error = #expect(throws: TenonError.self) { try Expression.compile("n + 1").test(Self.scope) }
        #expect(error?.code == .expressionFailed)
    }

    // MARK: Limits

    @Test func `an evaluation that takes too many steps ends with an error`() throws {
        let list = JSON.array((0..<200).map { .int($0) })
        let expression = try Expression.compile("l.all(a, l.all(b, l.all(c, a + b + c >= 0)))")
        let error = #expect(throws: TenonError.self) { try expression.evaluate(ObjectScope(["l": list])) }
        #expect(error?.code == .expressionLimit)
    }

    @Test func `text that doubles too often ends with an error`() throws {
        let expression = try Expression.compile("l.map(a, l.map(b, l.map(c, t + t + t + t)))")
        let long = JSON.string(String(repeating: "x", count: 5_000_000))
        let error = #expect(throws: TenonError.self) {
            try expression.evaluate(ObjectScope(["l": [1, 2, 3], "t": long]))
        }
        #expect(error?.code == .expressionLimit)
    }

    @Test(arguments: ["(", "[", "!", "-", "a.b(", "{1:", "a?", "f(", "[1].all(x, ", "not "])
    func `deep nesting is refused and does not end the process`(part: String) throws {
        let error = try #require(mistake(String(repeating: part, count: 20_000 / part.utf8.count) + "1"))
        #expect(error.code == .expressionInvalid)
        #expect(try #require(mistake(String(repeating: part, count: 900) + "1")).code != .expressionLimit)
    }

    @Test(arguments: ["1 + ", "1 * ", "1 == ", "a ?? ", "1 in "])
    func `long chains are refused and do not end the process`(part: String) throws {
        #expect(try #require(mistake(String(repeating: part, count: 2000) + "1")).code == .expressionInvalid)
    }

    @Test func `the deepest expressions that are allowed are evaluated`() throws {
        #expect(try value(String(repeating: "!", count: 500) + "yes") == true)
        #expect(try value(String(repeating: "1 + ", count: 500) + "1") == 501)
        #expect(try value(String(repeating: "(", count: 63) + "1" + String(repeating: ")", count: 63)) == 1)
    }

    @Test func `long chains of and and or are fine`() throws {
        #expect(try value(String(repeating: "yes && ", count: 1500) + "yes") == true)
        #expect(try value(String(repeating: "false || ", count: 1500) + "yes") == true)
    }

    @Test func `no mutant of an expression ends the process`() throws {
        let texts = [
            "context.A.x + steps['B c'].output[1] > n ?? 5 && !list.all(x, x in [1, 2.5, 'a'])",
            "{'a': r'\\x', \"b\": '''c'''}.a?.b.size() == -1e5 ? 0x1F : 18446744073709551615u",
        ]
        let bytes = Array("()[]{}.,?:!<>=&|+-*/%'\"\\ 0a_\u{e9}".utf8)
        for text in texts {
            let original = Array(text.utf8)
            for position in original.indices {
                for byte in bytes {
                    var changed = original
                    changed[position] = byte
                    _ = mistake(String(decoding: changed, as: UTF8.self))
                }
                var shorter = original
                shorter.remove(at: position)
                _ = mistake(String(decoding: shorter, as: UTF8.self))
                _ = mistake(String(decoding: original[..<position], as: UTF8.self))
            }
        }
    }
}
