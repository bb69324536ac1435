import TenonJSON
import TenonModel
import Testing

@testable import TenonExpression

/// Mistakes of types that are found when a definition is saved.
struct HostTypeTests {
    private func problem(_ text: String, _ types: [String: StaticType] = [:]) -> String? {
        var names = KnownNames()
        for (name, type) in types { names.types.declare(name, type) }
        do throws(TenonError) {
            _ = try Expression.compile(text, names: names)
            return nil
        } catch {
            return error.code == .expressionInvalid ? error.message : "\(error.code): \(error.message)"
        }
    }

    @Test(arguments: [
        ("1 + \"a\"", "cannot compute int + string; make it a string with string(x) (character 3 of"),
        ("'a' + 1", "cannot compute string + int; make it a string with string(x)"),
        ("size(5)", "size() cannot take (int); it takes (string) or (bytes) or (list) or (map)"),
        ("\"a\" < 3", "cannot compare a string with an int (character 5 of"),
        ("x.startsWith(1)", "startsWith() cannot take (dyn, int); it takes (string, string)"),
        ("now() > '2026-01-31T00:00:00Z'", "cannot compare a timestamp with a string; make it a timestamp"),
        ("now() + 5", "cannot compute timestamp + int"), ("x in 'abc'", "\"in\" needs a list or a map"),
        ("!x.size()", "expected true or false, found an int"), ("x && 'yes'", "expected true or false"),
        ("'a' ? 1 : 2", "expected true or false, found a string"), ("-'a'", "cannot negate a string"),
        ("x.map(y, y).upper()", "upper() cannot take (list)"), ("{'a': 1} + {'b': 2}", "cannot compute map"),
        ("x.filter(y, y.name.upper())", "expected true or false, found a string"),
        ("5.exists(y, y > 1)", "exists() needs a list or a map, found an int"),
        ("{1.5: 'a'}", "a double cannot be a key"), ("int([1])", "int() cannot take (list)"),
        ("5[0]", "an int has no element by an int"), ("[?1]", "? needs an optional"),
        ("x.size().upper()", "upper() cannot take (int)"), ("hash.md5(5)", "hash.md5() cannot take (int)"),
        ("x.a.b.split(',').join(1)", "join() cannot take (list, int); it takes (list, string)"),
        ("a || size(5) > b", "size() cannot take (int)"),
        ("math.sum(['a'])", "math.sum() cannot take (list(string)); it takes (list("),
        ("[1, 2].join(',')", "join() cannot take (list(int), string); it takes (list(string), string)"),
    ])
    func `what fails for every value is a mistake with its place`(text: String, wanted: String) {
        let found = problem(text)
        #expect(found?.hasPrefix(wanted) == true, "\(found ?? "no mistake")")
    }

    /// What some value makes right, or what is null.
    @Test(arguments: [
        "1 + 2.5 + 3u", "x + 1", "x + 'a'", "null + 1", "null + 'a'", "size(null)", "null < 1", "!null",
        "null && true", "1 == 'a'", "[1, 'a', null]", "[1] + ['a']", "{'a': 1}.merge({'b': 'x'})",
        "1 in ['a']", "'a' in {1: 2}", "[1].contains('a')", "'x'.y.z", "x[0]", "x['a'].b", "x ? 1 : 'a'",
        "x ?? 'a'", "x.y ?? 1", "'2026-01-31T00:00:00Z'.startOf('day')", "hex.encode('a')", "math.sqrt(9)",
        "'abc'.charAt(1.0)", "[1, 2][x]", "[3, 1].first() + 1", "[].last()", "type(x) == string",
        "x.map(y, y.a + 1)", "x.all(y, y)", "json.parse(x).a.b + 1", "[optional.of(1)][0].orValue('a')",
        "optional.none().or(optional.of(1)).value() + 1", "-duration('1h')", "5 % 2.5", "!!x",
        "math.greatest(1, 2.5, x)", "{x: 1}", "x.?a.orValue([]).size()", "[1, 2.5].sort()[0] + 1u",
        "(x ?? {}).a", "'%d'.format([1])", "[[1], [2]].flatten().map(x, x + 1)", "[1].flatten()",
        "timestamp(x) < now()", "string(x) + 'a'", "x.size() > 3",
        "['1'].join(',') == x", "cel.bind(e, [], math.sum(e) == 0 && e.join(',') == '')",
        "cel.bind(m, {}, m == {1: 2} || m == {'a': 'b'})", "[[], [1]].first().join(',')",
        "cidr('10.0.0.0/8').containsIP('10.1.2.3')", "cel.bind(y, x.a, y + 1)",
        "{'a': 1}.transformMapEntry(k, v, {v: k})",
    ])
    func `what may have a value is left to the evaluation`(text: String) {
        #expect(problem(text) == nil)
    }

    @Test func `a condition that is never true or false is a mistake`() {
        func problem(_ text: String) -> String? {
            do throws(TenonError) {
                _ = try Expression.compileCondition(text)
                return nil
            } catch { return error.message }
        }
        #expect(problem("x.size()")?.hasPrefix("the condition gives an int, not true or false") == true)
        #expect(problem("x + 1")?.hasPrefix("the condition gives a number, not") == true)
        #expect(problem("'yes'")?.hasPrefix("the condition gives a string") == true)
        for text in ["x", "x > 1", "null", "x.y ?? false", "x ? y : 1", "[true].first()", "dyn(1)"] {
            #expect(problem(text) == nil, "\(text)")
        }
    }

    @Test func `types that are known of names are used`() {
        let types: [String: StaticType] = [
            "order.id": .string, "order.count": .number, "order": .map(.string, .dyn),
            "tags": .list(.string),
        ]
        #expect(problem("order.id + 1", types)?.contains("string + int") == true)
        #expect(problem("order?.id < 5", types)?.contains("a string with an int") == true)
        #expect(problem("order.count.upper()", types)?.contains("upper() cannot take (number)") == true)
        #expect(problem("tags.exists(t, t > 5)", types)?.contains("a string with an int") == true)
        #expect(problem("order + 1", types)?.contains("map + int") == true)
        #expect(problem("order.id.upper() + order.count.string()", types) != nil)
        for text in [
            "order.id + 'a'", "order.count + 1.5", "order.other + 1", "order.id ?? 5", "tags[0] + 'x'",
            "order.id.deeper + 1", "order['id.x'] + 1", "other.id + 1", "order.map(id, id + 'x')",
        ] {
            #expect(problem(text, types) == nil, "\(text)")
        }
    }

    // MARK: Types beside values

    /// Null belongs to every type in host mode.
    private func allows(_ type: StaticType, _ value: Value) -> Bool {
        if let elements = value.elements {
            guard case .list(let element) = type else { return type == .dyn }
            return elements.allSatisfy { allows(element, $0) }
        }
        if let entries = value.entries {
            guard case .map(let key, let content) = type else { return type == .dyn }
            return entries.allSatisfy { allows(key, $0.key) && allows(content, $0.value) }
        }
        switch (type, value) {
        case (.dyn, _), (_, .null), (_, .missing), (.type, .type): return true
        case (.abstract("optional_type", let contents), .optional(let content)):
            return contents.first.map { contents in content.map { allows(contents, $0) } ?? true } ?? false
        case (.number, _): return ["int", "uint", "double", "number"].contains(value.typeName)
        default: return type.name == value.typeName
        }
    }

    private struct PageScope: ExpressionScope {
        var now: Timestamp? { Timestamp(milliseconds: 1_769_855_400_000) }
        var names: [String] { [] }
        func value(named name: String) -> JSON? { nil }
    }

    @Test func `each example of the handbook has a value of the type that was known before`() throws {
        var openCount = 0
        for example in try FunctionPage.examples() {
            let expression = try Expression.compile(example.expression)
            let type = try expression.staticType()
            let value = try expression.typedValue(PageScope())
            #expect(allows(type, value), "\(example.expression) is \(value.typeName), not \(type)")
            if type == .dyn { openCount += 1 }
        }
        #expect(openCount < 12)
    }

    @Test func `every function has signatures for each number of its arguments`() {
        #expect(SignatureTable.unreadableLines.isEmpty)
        for function in FunctionTable.all {
            let counts = function.parameterCounts.prefix(4)
            for table in [SignatureTable.strict, .host] {
                for count in counts {
                    let isDeclared = table.named(function.name).contains { $0.parameters(for: count) != nil }
                    #expect(isDeclared, "\(function.name) with \(count) arguments")
                }
            }
        }
        for name in ["+", "-", "*", "/", "%", "<", "==", "in", "negate", "index", "optionalIndex"] {
            #expect(!SignatureTable.strict.named(name).isEmpty && !SignatureTable.host.named(name).isEmpty)
        }
    }
}
