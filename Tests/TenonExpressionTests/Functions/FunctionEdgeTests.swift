import TenonExpression
import TenonJSON
import TenonModel
import TenonTestKit
import Testing

/// What functions do at the ends of what they take.
struct FunctionEdgeTests {
    private func value(_ text: String, _ members: [String: JSON] = [:]) throws -> JSON {
        let scope = ObjectScope(JSONObject(members.map { (key: $0.key, value: $0.value) }))
        return try Expression.compile(text).evaluate(scope)
    }

    private func code(_ text: String, _ members: [String: JSON] = [:]) -> String? {
        do {
            _ = try value(text, members)
            return nil
        } catch {
            return (error as? TenonError)?.code.rawValue
        }
    }

    @Test(arguments: [
        "'abc'.charAt(4)", "'abc'.charAt(-1)", "'abc'.substring(2, 1)", "'abc'.substring(1, 4)",
        "'abc'.indexOf('a', 4)", "'abc'.lastIndexOf('a', -1)", "[1].slice(0, 2)", "[1].slice(-1, 1)",
        "[1].chunk(0)", "lists.range(-1)", "'x'.repeat(-1)", "'x'.padStart(5, 'ab')", "[1, 'a'].sort()",
        "math.abs(-9223372036854775807 - 1)", "math.greatest([])", "math.greatest('a', 1)",
        "math.bitShiftLeft(1, -1)", "math.round(1.5, 16)", "math.sum([9223372036854775807, 1])",
        "optional.none().value()", "'%d'.format(['a'])", "'%s %s'.format([1])", "'%q'.format([1])",
        "'%'.format([1])", "'%.1001f'.format([1.0])", "base64.decode('a')", "base64.decode('ab=c')",
        "hex.decode('abc')", "url.decode('%4')", "json.parse('{\"a\":1,\"a\":2}')", "ip('1.2.3')",
        "ip('01.2.3.4')", "ip('fe80::1%en0')", "ip('::ffff:1.2.3.4')", "ip('1:2:3:4:5:6:7:8:9')",
        "cidr('10.0.0.0/33')", "cidr('10.0.0.0')", "now()", "'x'.startOf('day')",
        "'2026-01-31T00:00:00Z'.startOf('decade')", "'2026-01-31T00:00:00Z'.startOf('day', 'Nowhere')",
        "'9999-12-31T00:00:00Z'.addDays(1)", "'2026-01-31T00:00:00Z'.addMonths(9223372036854775807)",
        "'31.02.2026'.parseTime('dd.MM.yyyy')", "'1'.parseTime('QQ')",
        "fromMillis(-9223372036854775807 - 1)",
        "[1, 2].join()", "{'a': 1}.first()",
    ]) func `what a function cannot do is an error, of constants already when compiling`(text: String) {
        let code = code(text)
        #expect(code == (text == "now()" ? "expression.failed" : "expression.invalid"), "\(text)")
    }

    @Test(arguments: [
        "'x'.repeat(100000000)", "'x'.padEnd(9223372036854775807)", "lists.range(10000000)",
        "big.replace('', big)", "big.replace('x', big)", "lists.range(900000).map(x, 'abc').join(big)",
        "'%s%s%s%s%s'.format([big, big, big, big, big])", "'x'.repeat(9223372036854775807)",
        "''.repeat(9223372036854775807)", "lists.range(9223372036854775807)",
    ]) func `work and texts without bound end with a limit`(text: String) {
        let big = JSON.string(String(repeating: "x", count: 4 << 20))
        #expect(code(text, ["big": big]) == "expression.limit", "\(text)")
    }

    @Test func `a function of null is null, and a list may hold null`() throws {
        #expect(try value("x.upper()", ["x": nil]) == nil)
        #expect(try value("math.round(x, 2)", ["x": nil]) == nil)
        #expect(try value("json.encode(x)", ["x": nil]) == "null")
        #expect(try value("[null, 1, null].distinct()") == [nil, 1])
    }

    @Test func `equal numbers are one in sets, whatever their type`() throws {
        #expect(try value("[1, 1.0, 2, '1', [1], [1.0]].distinct()") == [1, 2, "1", [1]])
        #expect(try value("sets.equivalent([1, 2.0], [2, 1.0, 1])") == true)
        #expect(try value("sets.contains([[1], {'a': 1}], [{'a': 1.0}])") == true)
    }

    @Test func `formats round the exact value and write any size`() throws {
        #expect(try value("'%.3f'.format([1.2345])") == "1.234")
        #expect(try value("'%.1f %.1f'.format([0.25, 0.35])") == "0.2 0.3")
        #expect(try value("'%.0f'.format([0.5])") == "0")
        #expect(try value("'%.2f'.format([-0.001])") == "-0.00")
        #expect(try value("'%.2f'.format([999.999])") == "1000.00")
        #expect(try value("'%e'.format([999999.96])") == "1.000000e+06")
        #expect(try value("'%e'.format([0.0])") == "0.000000e+00")
        #expect(try value("'%.0e'.format([1.5e-300])") == "2e-300")
        #expect(try value("'%s %d'.format([1e21, 1e-7])") == "1000000000000000000000 0.0000001")
        #expect(try value("size('%.1000f'.format([5e-324]))") == 1002)
        #expect(try value("'%x %X %o %b'.format([-255, 'ab', 8, true])") == "-ff 6162 10 1")
    }

    @Test func `times move by the calendar of their zone`() throws {
        #expect(try value("'2024-01-31T12:00:00Z'.addMonths(1)") == "2024-02-29T12:00:00Z")
        #expect(try value("'2024-03-31T12:00:00Z'.addMonths(-13)") == "2023-02-28T12:00:00Z")
        #expect(
            try value("'2026-03-28T01:30:00Z'.addDays(1, 'Europe/Berlin')") == "2026-03-29T01:30:00Z")
        #expect(
            try value("'2026-10-25T12:00:00Z'.startOf('day', 'Europe/Berlin')") == "2026-10-24T22:00:00Z")
        #expect(try value("'1960-05-05T23:59:59.5Z'.startOf('hour')") == "1960-05-05T23:00:00Z")
        #expect(try value("'1960-05-05T23:59:59.5Z'.toMillis()") == .int(-304_732_800_500))
        #expect(try value("fromMillis(-304732800500)") == "1960-05-05T23:59:59.5Z")
    }

    @Test func `addresses are written in their canonical form`() throws {
        let forms: [(String, String)] = [
            ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("0:0:0:0:0:0:0:0", "::"),
            ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"),
            ("0:0:1::", "0:0:1::"), ("2001:0DB8::00FF", "2001:db8::ff"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ]
        for (text, canonical) in forms { #expect(try value("ip('\(text)')") == .string(canonical)) }
        #expect(try value("ip('::ffff:c0a8:1') == ip('192.168.0.1')") == true)
        #expect(try value("cidr('10.1.2.3/20').masked()") == "10.1.0.0/20")
        #expect(try value("cidr('2001:db8::/33').containsIP('2001:db8:8000::1')") == false)
    }

    @Test func `what is encoded is decoded again`() throws {
        var numbers = SeededGenerator(seed: 7)
        for length in 0..<40 {
            let scalars = (0..<length).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 1...0x2FFF, using: &numbers))
            }
            let text = String(String.UnicodeScalarView(scalars))
            for name in ["base64", "base64url", "hex", "url"] {
                #expect(
                    try value("string(\(name).decode(\(name).encode(x)))", ["x": .string(text)])
                        == .string(text))
            }
        }
    }

    @Test func `positions agree with a search character by character`() throws {
        var numbers = SeededGenerator(seed: 8)
        let letters: [Character] = ["a", "b", "é", "日"]
        for _ in 0..<300 {
            let text = (0..<Int.random(in: 0...8, using: &numbers)).compactMap { _ in
                letters.randomElement(using: &numbers)
            }
            let part = (0..<Int.random(in: 0...3, using: &numbers)).compactMap { _ in
                letters.randomElement(using: &numbers)
            }
            let start = Int.random(in: 0...text.count, using: &numbers)
            let places = (0...text.count).filter { text[$0...].starts(with: part) }
            let scope: [String: JSON] = [
                "t": .string(String(text)), "p": .string(String(part)), "n": .int(Int64(start)),
            ]
            let first = places.first { $0 >= start } ?? -1
            let last = places.last { $0 <= start } ?? -1
            #expect(try value("t.indexOf(p, n)", scope) == .int(Int64(first)))
            #expect(try value("t.lastIndexOf(p, n)", scope) == .int(Int64(last)))
            #expect(try value("t.substring(n)", scope) == .string(String(text[start...])))
            if !part.isEmpty {
                #expect(try value("t.split(p).join(p)", scope) == .string(String(text)))
            }
        }
    }

    @Test func `no call of a function with whatever arguments does more than fail`() {
        var numbers = SeededGenerator(seed: 9)
        let arguments = [
            "null", "true", "0", "-1", "3", "9223372036854775807", "-9223372036854775808", "5u",
            "18446744073709551615u", "1.5", "-0.0", "1e308", "(0.0 / 0.0)", "(1.0 / 0.0)", "''", "'a'",
            "'日本'", "'%s %.3f'", "'day'", "'yyyy-MM-dd'", "'2026-01-31T10:30:00Z'", "'Europe/Berlin'",
            "b'\\xff'", "[]", "[1, 'a', null]", "[[1]]", "{}", "{'a': 1}",
            "timestamp('0001-01-01T00:00:00Z')",
            "timestamp('9999-12-31T23:59:59.999999999Z')", "duration('-292471h')", "int", "optional.none()",
            "optional.of(1)", "ip('::1')", "cidr('0.0.0.0/0')", "x", "long",
        ]
        let scope = ObjectScope([
            "x": [1, ["a": "b"], nil, 1.5], "long": .string(String(repeating: "日x", count: 10_000)),
        ])
        var evaluated = 0
        for name in Expression.functionNames where name != "has" && !name.hasPrefix("cel.") {
            for round in 0..<60 {
                let chosen = (0...Int.random(in: 0...2, using: &numbers)).compactMap { _ in
                    arguments.randomElement(using: &numbers)
                }
                let inside = (round.isMultiple(of: 2) ? chosen : Array(chosen.dropFirst())).joined(
                    separator: ", ")
                let text =
                    round.isMultiple(of: 2)
                    ? "\(name)(\(inside))" : "(\(chosen.first ?? "1")).\(name)(\(inside))"
                for mode in [ExpressionMode.host, .strict] {
                    guard let expression = try? Expression.compile(text, mode: mode) else { continue }
                    evaluated += 1
                    // Whether it fails is all the same: a trap would end the test.
                    _ = try? expression.evaluate(scope)
                }
            }
        }
        #expect(evaluated > 2_000)
    }
}
