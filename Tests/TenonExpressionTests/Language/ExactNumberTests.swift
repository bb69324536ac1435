import TenonExpression
import TenonJSON
import TenonModel
import Testing

/// Numbers of a document that no machine number carries, beside others.
struct ExactNumberTests {
    private static let scope = ObjectScope([
        "big": .number("100000000000000000000001"), "same": .number("1.00000000000000000000001e23"),
        "next": .number("100000000000000000000002"), "whole": .number("9007199254740993.0"),
        "tenth": .number("0.1000000000000000000001"), "huge": .number("1e999999999999"),
        "tiny": .number("-1e-999999999999"), "max": .uint(.max), "double": .double(0x1p53),
    ])

    private func evaluate(_ text: String) throws -> JSON {
        try Expression.compile(text).evaluate(Self.scope)
    }

    @Test(arguments: [
        "big == same", "big != next", "big < next", "next > same", "big > max", "huge > big",
        "whole == 9007199254740993", "whole > double", "whole != double", "tenth > 0.1", "tenth != 0.1",
        "tenth < 1", "tiny < 0", "tiny > -0.1", "huge > 1.7976931348623157e308", "[big] == [same]",
        "{'a': big} == {'a': same}", "big in [1, same]", "!(big in [1, next, 1e23])",
        "[tenth].contains(tenth)",
        "whole in [9007199254740993]", "int(whole) == 9007199254740993", "int(tenth) == 0",
    ])
    func `numbers with many digits compare by all of them`(text: String) throws {
        #expect(try evaluate(text) == true)
    }

    @Test(arguments: [
        ("[next, big, 1, huge, tiny, 0.5].sort()", "[tiny, 0.5, 1, big, next, huge]"),
        (
            "[big, same, next, whole, 9007199254740993, tenth, 0.1].distinct()",
            "[big, next, whole, tenth, 0.1]"
        ),
        ("math.greatest([big, next, 1e22])", "next"), ("math.least(tenth, 0.2, 1)", "tenth"),
        ("math.least(next, big)", "big"),
    ])
    func `they are sorted, told apart and chosen from exactly`(text: String, expected: String) throws {
        #expect(try evaluate(text) == evaluate(expected))
    }

    @Test func `comparing many values with a very long number has its price`() throws {
        let long = JSON.number(String(repeating: "7", count: 1_000_000))
        let list = JSON.array((0..<20_000).map { .int($0) })
        for text in ["long in list", "[long] in list", "(list + [long]).sort()", "list.contains(long)"] {
            let scope = ObjectScope(["long": long, "list": list])
            let error = #expect(throws: TenonError.self) { try Expression.compile(text).evaluate(scope) }
            #expect(error?.code == .expressionLimit, "\(text)")
        }
    }
}
