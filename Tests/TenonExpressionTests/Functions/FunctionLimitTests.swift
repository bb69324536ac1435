import TenonExpression
import TenonJSON
import TenonModel
import Testing

/// What data or an expression could make long or large ends soon, with a value or an error of its own.
@Suite(.timeLimit(.minutes(4))) struct FunctionLimitTests {
    private static let wide = JSON.object(
        JSONObject((0..<100_000).map { (key: "key\($0)", value: JSON.int(Int64($0))) }))
    private static let scope = ObjectScope([
        "o": wide, "big": .string(String(repeating: "x", count: 4 << 20)),
        "least": .int(.min), "list": .array((0..<300_000).map { .int($0) }),
    ])

    private func value(_ text: String) throws(TenonError) -> JSON {
        try Expression.compile(text).evaluate(Self.scope)
    }

    private func error(_ text: String) -> TenonError? {
        do throws(TenonError) {
            _ = try value(text)
            return nil
        } catch { return error }
    }

    @Test(arguments: ["padStart", "padEnd"]) func `a length may be any integer`(name: String) throws {
        for length in ["-9223372036854775807", "-9223372036854775808", "least", "-1", "0", "3"] {
            #expect(try value("'abc'.\(name)(\(length))") == "abc")
        }
        #expect(error("'abc'.\(name)(9223372036854775807)")?.code == .expressionLimit)
    }

    @Test func `an index that shares its parts many times is not written out`() {
        // Innermost last: each level is made of the one before.
        var nested = "{}[x8]"
        for level in (1...8).reversed() {
            let parts = Array(repeating: "x\(level - 1)", count: 10).joined(separator: ",")
            nested = "cel.bind(x\(level), [\(parts)], \(nested))"
        }
        nested = "cel.bind(x0, [1,1,1,1,1,1,1,1,1,1], \(nested))"
        #expect(throws: Never.self) { _ = try value("\(nested) == null") }
        let strict = #expect(throws: TenonError.self) {
            try Expression.compile(nested, mode: .strict).evaluate(Self.scope)
        }
        #expect(strict?.message.contains("there is no element a list") == true, "\(strict?.message ?? "")")
    }

    @Test(arguments: [
        "o == o.merge({})", "o.merge({}) == o", "o.merge({}) in [o]", "[o].contains(o.transformMap(k, v, v))",
        "[o.merge({})].distinct().size() == 1", "'%s'.format([o.merge({})]).size() > 1000000",
    ]) func `maps of any make are compared and shown in linear time`(text: String) throws {
        #expect(try value(text) == true)
    }

    @Test(arguments: [
        "list.exists(a, list.slice(0, 1) == [a] && false)", "list.exists(a, [list.first()] == [1.5])",
        "list.exists(a, has(o.merge({}).x))", "list.exists(a, ('%s%' + (o.none ?? 'q')).format([big]) == '')",
        "list.exists(a, (list + ['a']).sort() == [])", "list.exists(a, [[]] == [list] && false)",
    ]) func `work in a loop is paid for, also where it fails`(text: String) {
        let code = error(text)?.code
        #expect(code == nil || code == .expressionLimit, "\(text)")
    }

    @Test(arguments: [
        "ip(big)", "cidr(big)", "'2026-01-31T10:30:00Z'.startOf(big)", "big.addDays(1)",
        "'x'.padStart(5, big)",
        "big.parseTime('yyyy')", "'2026-01-31T10:30:00Z'.addDays(1, big)", "big.getHours()", "int(big)",
        "duration(big)", "{big: 1, big: 2}",
    ]) func `messages hold no long text and no part of one`(text: String) throws {
        let message = try #require(error(text)?.message.split(separator: " (character").first)
        #expect(message.utf8.count < 250 && !message.contains("xxx"), "\(message)")
    }

    @Test(arguments: ["{{1//}}", "{{1//}}\n", "{{'a' + '}}", "{{ {}}", "{{b.'}}\""])
    func `templates that never end are found in linear time`(part: String) {
        // Long enough for quadratic work to take a minute.
        let text = JSON.string(String(repeating: part, count: (1 << 17) / part.utf8.count))
        _ = try? Template.compile(text)
    }

    @Test func `a comment in a template may hold braces`() throws {
        let template = try Template.compile("{{ 1 // }} no end\n + 1 }} {{2//}}")
        #expect(try template.render(Self.scope) == "2 2")
    }
}
