import TenonExpression
import TenonJSON
import TenonModel
import Testing

/// What looking for a pattern may cost.
@Suite struct PatternLimitTests {
    private static let costly = "([ab]*a[ab]{900}){2}([ab]{900}){2}c"

    private func value(_ text: String, _ members: JSONObject) throws -> JSON {
        try Expression.compile(text, mode: .host).evaluate(ObjectScope(members))
    }

    /// `a` and `b` in no order.
    private var noise: JSON {
        var bits: UInt64 = 0x9E37_79B9_7F4A_7C15
        let bytes = (0..<100_000).map { _ in
            bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return bits >> 60 & 1 == 0 ? UInt8(ascii: "a") : UInt8(ascii: "b")
        }
        return .string(String(decoding: bytes, as: UTF8.self))
    }

    @Test(arguments: ["x.matches('\(PatternLimitTests.costly)')", "x.matches(p)"])
    func `a pattern whose states are ever new ends with the limit`(text: String) throws {
        let error = #expect(throws: TenonError.self) {
            try value(text, ["x": noise, "p": .string(Self.costly)])
        }
        #expect(error?.code.rawValue == "expression.limit")
    }

    @Test func `a usual pattern looks at a long text`() throws {
        let long = JSON.string(String(repeating: "2026-11-23 a line\n", count: 200_000))
        #expect(try value("x.matches('b(ill|oat)s$')", ["x": long]) == false)
        #expect(try value("x.matches('(?i)A LINE')", ["x": long]) == true)
    }
}
