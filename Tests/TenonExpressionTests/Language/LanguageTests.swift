import TenonExpression
import TenonJSON
import TenonModel
import Testing

/// What both modes have beyond JSON's kinds: times, types, optionals, macros of two variables.
@Suite struct LanguageTests {
    private static let scope = ObjectScope([
        "at": "2024-02-29T23:30:00.5Z", "n": 4, "list": [5, 6], "map": ["a": 1, "b": 2], "nothing": nil,
        "design": ["id": "D-1", "sub": ["x": 1]],
    ])

    private func value(_ text: String) throws(TenonError) -> String {
        try Expression.compile(text).evaluate(Self.scope).text
    }

    private func mistake(_ text: String) -> TenonError? {
        do throws(TenonError) {
            _ = try value(text)
            return nil
        } catch { return error }
    }

    @Test(
        arguments: [
            ("timestamp(at)", "\"2024-02-29T23:30:00.5Z\""),
            ("timestamp('2024-03-01T01:30:00+02:00') < timestamp(at)", "true"),
            ("timestamp(at) + duration('45m')", "\"2024-03-01T00:15:00.5Z\""),
            ("timestamp(at) - duration('500ms')", "\"2024-02-29T23:30:00Z\""),
            ("timestamp(at) - timestamp('2024-02-28T23:30:00Z')", "\"86400.5s\""),
            ("duration('1h30m') + duration('-30m') == duration('1h')", "true"),
            ("duration('1.5s')", "\"1.5s\""),
            ("string(duration('-1.000000001s'))", "\"-1.000000001s\""), ("duration('0')", "\"0s\""),
            ("int(timestamp(1709249400))", "1709249400"), ("timestamp(0)", "\"1970-01-01T00:00:00Z\""),
            ("timestamp(at).getFullYear()", "2024"), ("timestamp(at).getMonth()", "1"),
            ("timestamp(at).getDate()", "29"),
            ("timestamp(at).getDayOfMonth()", "28"), ("timestamp(at).getDayOfWeek()", "4"),
            ("timestamp(at).getDayOfYear()", "59"), ("timestamp(at).getHours()", "23"),
            ("timestamp(at).getHours('Europe/Berlin')", "0"), ("timestamp(at).getDate('Europe/Berlin')", "1"),
            ("timestamp(at).getMinutes('-03:30')", "0"), ("timestamp(at).getHours('-03:30')", "20"),
            ("timestamp(at).getMilliseconds()", "500"), ("duration('3730s').getHours()", "1"),
            ("duration('3730s').getMinutes()", "62"), ("duration('123.321456789s').getMilliseconds()", "321"),
            ("duration('90s') > duration('1m')", "true"),
        ])
    func `timestamps and durations are computed, compared and taken apart`(text: String, wanted: String)
        throws
    {
        #expect(try value(text) == wanted)
    }

    @Test(arguments: [
        "timestamp(design.id)", "timestamp(at).getHours(design.id)", "duration(string(n) + 'x')",
        "timestamp('9999-12-31T23:59:59Z') + duration(string(n) + 's')",
        "duration('300000h') + duration(string(n) + '500000h')",
    ])
    func `a time that a value makes wrong is an error of the evaluation`(text: String) throws {
        #expect(try #require(mistake(text)).code == .expressionFailed)
    }

    @Test(arguments: [
        "timestamp('9999-12-31T23:59:59Z') + duration('1s')",
        "timestamp('0001-01-01T00:00:00Z') - duration('1ns')",
        "timestamp('9999-12-31T23:59:59Z') - timestamp('0001-01-01T00:00:00Z')",
        "duration('300000h') + duration('2500000h')",
        "timestamp(at).getHours('Mars/Base')", "timestamp(at) + 1", "duration('1s') * 2",
        "timestamp('yesterday')",
        "duration('9223372037s')", "timestamp(at) + timestamp(at)", "duration('1s') < 1",
    ])
    func `a time that is none or goes out of range is an error, of constants already when compiling`(
        text: String
    )
        throws
    {
        #expect(try #require(mistake(text)).code == .expressionInvalid)
    }

    @Test(arguments: [
        ("type(n) == int", "true"), ("type(at) != int", "true"), ("type(timestamp(at)) == timestamp", "true"),
        ("type(list) == list", "true"), ("type(map) == map", "true"), ("type(1.5)", "\"double\""),
        ("int == 3", "false"), ("type ?? 'none'", "\"none\""),
    ])
    func `types are values beside type(), and names elsewhere`(text: String, wanted: String) throws {
        #expect(try value(text) == wanted)
    }

    @Test(arguments: [
        ("design.?id", "\"D-1\""), ("design.?nope", "null"), ("design.?nope.more.yet", "null"),
        ("design.?sub.x", "1"), ("list[?1]", "6"), ("list[?9]", "null"), ("nothing.?a", "null"),
        ("nobody.?a.b", "null"),
        ("has(design.?sub.x)", "true"), ("has(design.?sub.y)", "false"),
        ("[?design.?id, ?design.?nope]", "[\"D-1\"]"),
        ("{?'id': design.?id, ?'no': design.?nope, 'n': n}", "{\"id\":\"D-1\",\"n\":4}"),
        ("design.?id == design.?id", "true"), ("design.?id.optMap(x, x + '!')", "\"D-1!\""),
        ("design.?nope.optMap(x, x + '!')", "null"), ("design.?sub.optFlatMap(s, s.?x)", "1"),
        ("type(design.?id) == optional_type", "true"),
    ])
    func `optionals carry a value or none through members, lists and maps`(text: String, wanted: String)
        throws
    {
        #expect(try value(text) == wanted)
    }

    @Test(arguments: [
        ("list.all(i, v, v == i + 5)", "true"), ("list.exists(i, v, i == 1 && v == 6)", "true"),
        ("list.existsOne(i, v, v > 4)", "false"), ("map.all(k, v, k == 'a' || v == 2)", "true"),
        ("list.transformList(i, v, i * v)", "[0,6]"), ("list.transformList(i, v, i > 0, v)", "[6]"),
        ("map.transformMap(k, v, v * 10)", "{\"a\":10,\"b\":20}"),
        ("map.transformMap(k, v, v > 1, k)", "{\"b\":\"b\"}"),
        ("map.transformList(k, v, k + string(v))", "[\"a1\",\"b2\"]"),
        ("map.transformMapEntry(k, v, {string(v): k})", "{\"1\":\"a\",\"2\":\"b\"}"),
        ("nothing.transformList(i, v, v)", "[]"), ("cel.bind(x, n + 1, x * x)", "25"),
        ("cel.bind(x, 1, cel.bind(y, x + 1, [x, y].map(x, x + y)))", "[3,4]"),
        ("map.map(k, k)", "[\"a\",\"b\"]"), ("list.exists(v, v in [6])", "true"), ("cel ?? 1", "1"),
    ])
    func `macros of two variables see indices or keys and values`(text: String, wanted: String) throws {
        #expect(try value(text) == wanted)
    }

    @Test func `two maps with one key, or a body that gives none, are errors of transformMapEntry`() throws {
        #expect(
            try #require(mistake("map.transformMapEntry(k, v, {'x': v})")).message.contains("occurs twice"))
        #expect(try #require(mistake("map.transformMapEntry(k, v, v)")).message.contains("needs maps"))
    }

    @Test(arguments: [
        ("at.matches('^2024-0[12]')", "true"), ("at.matches('(?i)t23')", "true"),
        ("nothing.matches('x')", "null"),
    ])
    func `matches searches with RE2's syntax`(text: String, wanted: String) throws {
        #expect(try value(text) == wanted)
    }

    @Test func `a wrong constant pattern is a mistake when compiling, another one when it is met`() throws {
        let wrong = try #require(mistake("at.matches('(')"))
        #expect(wrong.code == .expressionInvalid && wrong.context["position"] == "4")
        #expect(try #require(mistake("at.matches('(' + at)")).code == .expressionFailed)
        #expect(try #require(mistake("at.matches('(?=x)')")).message.contains("look-ahead"))
    }

    @Test func `a message of protocol buffers is refused as not supported`() throws {
        let error = try #require(mistake("google.protobuf.Timestamp{seconds: 1}"))
        #expect(error.code == .expressionUnsupported && error.context["position"] == "26")
    }

    @Test(arguments: [
        ("list.exist(x, x > 1)", "exists"), ("timestmap(at)", "timestamp"),
        ("at.getFullyear()", "getFullYear"),
        ("list.transformlist(i, v, v)", "transformList"), ("math.abss(n)", "math.abs"),
    ])
    func `a misspelt function or macro is refused with what was probably meant`(text: String, meant: String)
        throws
    {
        let error = try #require(mistake(text))
        #expect(error.code == .expressionInvalid)
        #expect(error.message.contains("Did you mean \"\(meant)\"?"), "\(error)")
    }

    @Test(arguments: [
        ("list.exists(x, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.matches('(a+)+$'))", "false"),
        ("'\(String(repeating: "a", count: 8000))'.matches('(a*)*(a*)*b')", "false"),
    ])
    func `a pattern that hangs others takes linear time`(text: String, wanted: String) throws {
        #expect(try value(text) == wanted)
    }
}
