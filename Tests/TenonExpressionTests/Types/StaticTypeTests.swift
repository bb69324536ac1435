import TenonModel
import Testing

@testable import TenonExpression

/// Types that are known before an expression is evaluated, by the rules of CEL's checker.
struct StaticTypeTests {
    /// The type as a text, or what is wrong.
    private func type(
        _ text: String, variables: [String: String] = [:], functions: [String: [String]] = [:]
    ) throws -> String {
        var environment = TypeEnvironment()
        for (name, type) in variables { environment.declare(name, try #require(StaticType(type))) }
        for (name, texts) in functions {
            for text in texts { environment.declare(name, try #require(TypeSignature(text: text))) }
        }
        do throws(TenonError) {
            return try Expression.compile(text, mode: .strict).staticType(in: environment).description
        } catch {
            return error.message
        }
    }

    @Test(arguments: [
        ("1", "int"), ("1u", "uint"), ("1.5", "double"), ("'a'", "string"), ("b'a'", "bytes"),
        ("true", "bool"), ("null", "null"), ("[1, 2]", "list(int)"), ("{1: 'a'}", "map(int, string)"),
        ("[1, 'a']", "list(dyn)"), ("{'a': 1, 'b': true}", "map(string, dyn)"), ("[]", "list(dyn)"),
        ("{}", "map(dyn, dyn)"), ("int", "type(int)"), ("type([1])", "type(list(int))"),
        ("timestamp('2026-01-31T10:30:00Z')", "timestamp"), ("duration('1h')", "duration"),
        ("ip('10.0.0.1')", "net.IP"), ("optional.of(1)", "optional_type(int)"),
    ])
    func `constants have the types that they show`(text: String, wanted: String) throws {
        #expect(try type(text) == wanted)
    }

    @Test(arguments: [
        ("1 + 2", "int"), ("'a' + 'b'", "string"), ("[1] + []", "list(int)"), ("dyn(1) + 1", "int"),
        ("dyn(1) + dyn(2)", "dyn"), ("timestamp(0) - timestamp(0)", "duration"),
        ("duration('1s') + timestamp(0)", "timestamp"), ("-1.5", "double"), ("1 < 2.5", "bool"),
        ("1 in [1]", "bool"), ("[[1]][0]", "list(int)"), ("{'a': [1]}['a'][0]", "int"),
        ("{'a': 1}.a", "int"), ("{'a': 1}.?a", "optional_type(int)"), ("[1][?0]", "optional_type(int)"),
        ("optional.of({'a': 1}).a", "optional_type(int)"), ("true ? 1 : 2", "int"),
        ("[?optional.of(1), 2]", "list(int)"), ("{?'a': optional.of(1)}", "map(string, int)"),
        ("has({'a': 1}.a)", "bool"), ("!true || false", "bool"),
    ])
    func `operators give what their operands decide`(text: String, wanted: String) throws {
        #expect(try type(text) == wanted)
    }

    @Test(arguments: [
        ("[1].map(x, [x])", "list(list(int))"), ("[1].map(x, x > 0, string(x))", "list(string)"),
        ("{'a': 1}.map(k, k)", "list(string)"), ("[1].filter(x, x > 0)", "list(int)"),
        ("[1].all(x, x > 0)", "bool"), ("[1].exists(i, x, i == x)", "bool"),
        ("['a'].transformList(i, x, i)", "list(int)"),
        ("{'a': 1}.transformMap(k, v, string(v))", "map(string, string)"),
        ("{'a': 1}.transformMapEntry(k, v, {v: k})", "map(int, string)"),
        ("optional.of(1).optMap(x, string(x))", "optional_type(string)"),
        ("optional.of(1).optFlatMap(x, optional.of([x]))", "optional_type(list(int))"),
        ("cel.bind(x, [1], x[0])", "int"), ("[].map(x, x)[0].name", "dyn"),
        ("[[]].map(x, x.map(y, y))", "list(list(dyn))"),
    ])
    func `macros give their variables the types of what they walk over`(text: String, wanted: String) throws {
        #expect(try type(text) == wanted)
    }

    @Test(arguments: [
        ("[[], [1]]", "list(list(int))"), ("[[1], []]", "list(list(int))"),
        ("[[[]], [], [['a']]]", "list(list(list(string)))"),
        ("[optional.none(), optional.of('a')]", "list(optional_type(string))"),
        ("[optional.of('a'), optional.of(dyn('a'))]", "list(optional_type(dyn))"),
        ("false ? optional.none() : optional.of(1)", "optional_type(int)"),
        ("[null, timestamp(0)][0]", "timestamp"), ("[optional.of(1u), null][0]", "optional_type(uint)"),
        ("[{}, {'a': 1}]", "list(map(string, int))"), ("[{'a': dyn(1)}, {'a': 1}][0].a", "dyn"),
    ])
    func `what is open takes the type that it meets, dyn above all`(text: String, wanted: String) throws {
        #expect(try type(text) == wanted)
    }

    @Test func `declared functions and variables have the types that they are declared with`() throws {
        let functions = [
            "pair": ["(A, B) -> pair(A, B)"], "same": ["(pair(A, A)) -> A"],
            "shop.price": ["(string) -> double", "(string, int) -> double"], "first": ["(pair(A, B)) -> A"],
        ]
        #expect(try type("pair(1, 'a')", functions: functions) == "pair(int, string)")
        #expect(try type("same(pair(1, 2))", functions: functions) == "int")
        #expect(try type("same(pair(1, dyn(2)))", functions: functions) == "dyn")
        #expect(try type("same(pair(1, 'a'))", functions: functions).contains("cannot take"))
        #expect(try type("[pair(1, 2u), pair(1, dyn(1))]", functions: functions) == "list(pair(int, dyn))")
        #expect(try type("pair(1, 2) == pair(dyn(1), 2)", functions: functions) == "bool")
        #expect(try type("shop.price('a', 1)", functions: functions) == "double")
        #expect(try type("pair('a', 1).first()", functions: functions) == "string")
        #expect(try type("a.b.c", variables: ["a.b": "map(string, uint)", "a": "int"]) == "uint")
        #expect(try type("a.b", variables: ["a": "map(string, list(int))"]) == "list(int)")
        // Which type it has is not known.
        #expect(try type("a", variables: ["a": "T"]) == "dyn")
    }

    @Test(arguments: [
        ("1 + 'a'", "cannot compute int + string; make it a string with string(x) (character 3 of"),
        ("1 + 1u", "cannot compute int + uint"), ("1 == 'a'", "cannot compare an int with a string"),
        ("nothing", "there is no nothing"), ("nothing(1)", "there is no function \"nothing\""),
        ("'a'.b", "a string has no members"), ("1 ? 2 : 3", "expected true or false, found an int"),
        ("true ? 1 : 'a'", "the two sides are an int and a string"), ("1 && true", "expected true or false"),
        ("5.map(x, x)", "map() needs a list or a map, found an int"),
        ("[?1]", "? needs an optional, found an int"),
        ("size(5)", "size() cannot take (int); it takes (string) or (bytes) or (list) or (map)"),
        ("[1].all(x, x)", "expected true or false, found an int"),
        ("optional.of(1).optFlatMap(x, x)", "optFlatMap() needs an optional, found an int"),
    ])
    func `what cannot have a value is told with its place`(text: String, wanted: String) throws {
        let message = try type(text)
        #expect(message.hasPrefix(wanted), "\(message)")
    }

    @Test func `a type that would grow without end is any type`() throws {
        let names = (0...40).map { "v\($0)" }
        let bindings = zip(names.dropFirst(), names).map { "cel.bind(\($0), {\($1): \($1)}, " }
        let text = "cel.bind(v0, 1, " + bindings.joined() + "v40" + String(repeating: ")", count: 41)
        #expect(try type(text).utf8.count < 10_000)
        let lists = "[" + String(repeating: "[],", count: 300) + "[1]]"
        #expect(try type(lists) == "list(list(int))")
    }

    @Test func `types are read as they are written`() throws {
        for text in [
            "int", "list(map(string, dyn))", "optional_type(int)", "type", "type(int)", "net.IP",
            "pair(int, list(bool))",
        ] {
            #expect(StaticType(text)?.description == text)
        }
        for text in ["", "list(", "int)", "list(int", "a b", String(repeating: "list(", count: 5000)] {
            #expect(StaticType(text) == nil, "\(text.prefix(40))")
        }
    }
}
