import TenonExpression
import TenonJSON
import TenonModel
import Testing

/// CEL's own language, by its definition.
@Suite struct StrictModeTests {
    private struct Scope: ExpressionScope {
        var values: [String: Value] = [:]

        func value(named name: String) -> JSON? { values[name]?.json }
        func typedValue(named name: String) -> Value? { values[name] }
        var names: [String] { Array(values.keys) }
    }

    private func text(
        _ text: String, _ values: [String: Value] = [:], container: String = ""
    ) throws(TenonError) -> String {
        let expression = try Expression.compile(text, mode: .strict, container: container)
        let value = try expression.typedValue(Scope(values: values))
        return "\(value.typeName) \(value.json.text)"
    }

    private func fails(_ text: String) -> Bool {
        do throws(TenonError) {
            _ = try self.text(text)
            return false
        } catch { return true }
    }

    @Test(arguments: [
        ("18446744073709551614u + 1u", "uint 18446744073709551615"), ("3u - 3u", "uint 0"),
        ("7u / 2u", "uint 3"),
        ("7u % 4u", "uint 3"), ("-7 % 4", "int -3"), ("1.0 / 0.0 > 1.0", "bool true"),
        ("0.0 / 0.0 == 0.0 / 0.0", "bool false"),
        ("1 == 1.0 && 1u == 1 && 1.0 == 1u", "bool true"), ("1 < 1.5 && 2u > 1", "bool true"),
        ("-1 < 0u", "bool true"), ("9223372036854775807 < 9223372036854775808.0", "bool false"),
        ("[1, 2u, 3.0] == [1.0, 2, 3u]", "bool true"), ("{1: 'a'}[1u]", "string \"a\""),
        ("{'a': 1} == {'a': 1u}", "bool true"), ("b'a' < b'b'", "bool true"), ("false < true", "bool true"),
        ("b'\\xff' + b'a' == b'\\377a'", "bool true"), ("size(b'\\xc3\\xbf')", "int 2"),
        ("size('\\u00ff')", "int 1"),
        ("type(1u) == uint && type(null) == null_type", "bool true"), ("type(type(1)) == type", "bool true"),
        ("string(b'abc') + string(1u)", "string \"abc1\""), ("bytes('ÿ') == b'\\xc3\\xbf'", "bool true"),
        ("int('-5') + int(5.9) + int(2u)", "int 2"), ("double('1e3')", "double 1000.0"),
        ("uint(3.9)", "uint 3"),
        ("'abcd'.matches('^b') || 'abcd'.matches('bc')", "bool true"),
        ("matches('x1', '[a-z]\\\\d')", "bool true"),
        ("{'a b': 1}.`a b`", "int 1"), ("has({'x-y': 1}.`x-y`)", "bool true"), ("{'if': 1}.if", "int 1"),
        ("f(1) || true", "bool true"), ("nobody || true", "bool true"), ("[1, 2][0.0]", "int 1"),
    ])
    func `values have CEL's types and rules`(text: String, wanted: String) throws {
        #expect(try self.text(text) == wanted)
    }

    @Test(arguments: [
        "1 + 1u", "1u - 2u", "-(1u)", "5.0 % 2.0", "18446744073709551615u + 1u", "1 / 0", "1u % 0u",
        "'a' + b'a'", "1 < '1'",
        "null + 1", "!1", "[1][dyn('0')]", "[1][1]", "{'a': 1}['b']", "{1.0: 1}", "{1: 1, 1u: 2}",
        "int(9.3e18)",
        "int(-9223372036854775808.0)", "uint(-1)", "uint('-1')", "double('x')", "double('1e400')",
        "bool('TrUe')", "string(b'\\xff')",
        "'a'.matches('(')", "nobody", "f(1)", "x.f()", "if", "as(1) || true", "1 ? 2 : 3", "has(nobody)",
        "has(1.a)",
        "'\\ud83d'", "'\\ud83d\\ude00'", "b'\\u0041'", "'\\400'", "'a\nb'", "1.e", "a === b", "a ?? b",
        "1e400", "1uu",
        "timestamp('2020-01-01')", "timestamp(253402300800)", "duration('1')", "duration('1d')",
        "duration('')",
        "[1].all(1, true)", "[1].all(x, y, x == y, true)", "size(1, 2) == 1", "size(1)",
        "[1, 2].map(i, v, i + v)",
    ])
    func `what CEL does not have is an error`(text: String) {
        #expect(fails(text))
    }

    @Test func `a qualified name is the longest variable in the container or around it`() throws {
        let values: [String: Value] = [
            "x": .map([(.string("y"), .int(1))]), "x.y": .int(2), "com.x": .int(3), "com.example.z": .int(4),
            "z": .int(5),
        ]
        #expect(try text("x.y", values) == "int 2")
        #expect(try text("(x).y", values) == "int 1")
        #expect(try text("z", values, container: "com.example") == "int 4")
        #expect(try text(".z", values, container: "com.example") == "int 5")
        #expect(try text("x", values, container: "com.example") == "int 3")
        #expect(try text("[7].exists(z, z == 7 && .z == 5)", values, container: "com.example") == "bool true")
        #expect(try text("[{'y': 9}].exists(x, x.y == 9)", values) == "bool true")
    }

    @Test func `a variable hides a type's name, and a constant hides a variable`() throws {
        #expect(try text("int", ["int": .int(1)]) == "int 1")
        #expect(try text("true", ["true": .int(1)]) == "bool true")
        #expect(try text("google.protobuf.Timestamp == type(timestamp(0))") == "bool true")
    }
}
