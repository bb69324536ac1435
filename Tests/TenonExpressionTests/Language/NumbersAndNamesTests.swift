import TenonExpression
import TenonJSON
import TenonModel
import Testing

/// Numbers of any size, names that look like namespaces or types, and keys as JSON has them.
struct NumbersAndNamesTests {
    private func value(_ text: String, _ scope: ObjectScope = ObjectScope([:])) throws -> JSON {
        try Expression.compile(text).evaluate(scope)
    }

    @Test func `a decimal with many digits is computed with as the nearest double`() throws {
        let scope = ObjectScope([
            "x": .number("123456789.123456789123"), "whole": .number("123456789012345678901234567890"),
        ])
        #expect(try value("x * 2", scope) == 246_913_578.246913578246)
        #expect(try value("-x < 0 && math.abs(-x) == math.abs(x)", scope) == true)
        #expect(try value("math.sum([x, 1])", scope) == 123_456_790.123456789123)
        #expect(throws: TenonError.self) { try value("whole + 1.5", scope) }
    }

    @Test func `rounding goes by the digits that people see`() throws {
        let expected: [(String, JSON)] = [
            ("math.round(12000000000000.002, 2)", 12_000_000_000_000.0), ("math.round(1.005, 2)", 1.01),
            ("math.round(-2.675, 2)", -2.68), ("math.round(0.5, 0)", 1.0), ("math.round(9.999, 2)", 10.0),
            ("math.round(0.004, 2)", 0.0), ("math.round(5e-324, 15)", 0.0), ("math.round(99.95, 1)", 100.0),
            ("math.average([9223372036854775807, 9223372036854775807])", 9_223_372_036_854_775_807.0),
        ]
        for (text, result) in expected {
            #expect(try value("\(text) == r", ObjectScope(["r": result])) == true, "\(text)")
        }
    }

    @Test(arguments: [
        "url.host == 'x'", "math.total > 3", "json.body", "ip.x", "json.size()", "url.a.contains('b')",
    ])
    func `a namespace is no name of a value`(text: String) throws {
        let names = KnownNames(topLevel: ["order"])
        #expect(throws: TenonError.self) { try Expression.compile(text, names: names) }
        #expect(throws: Never.self) {
            try Expression.compile("math.abs(1) + size(json.encode(order))", names: names)
        }
        #expect(throws: Never.self) {
            try Expression.compile(text, names: KnownNames(topLevel: ["url", "math", "json", "ip"]))
        }
    }

    @Test func `a type may stand on either side of a comparison`() throws {
        #expect(try value("int == type(1) && type(1) == int && string != type(1)") == true)
    }

    @Test func `keys that are one as JSON are refused`() throws {
        #expect(throws: TenonError.self) { try value("{1: 'a', '1': 'b'}") }
        #expect(throws: TenonError.self) { try value("json.encode([{true: 1, 'true': 2}])") }
        #expect(try value("{1: 'a', '2': 'b'}") == ["1": "a", "2": "b"])
    }

    @Test func `the day of a year is only written`() throws {
        let error = #expect(throws: TenonError.self) { try value("'2026-031'.parseTime('yyyy-DDD')") }
        #expect(error?.message.contains("\"DDD\" is only written") == true)
    }
}
