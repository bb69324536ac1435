import TenonExpression
import TenonJSON
import TenonModel
import Testing

@Suite struct MutantTests {
    private static let scope = ObjectScope(["a": ["b": [1, 2]], "n": 4, "t": "2024-02-29T23:30:00Z"])
    private static let texts = [
        "a.?b[?1].optMap(x, x + 1).orValue(n) == 3 && has(a.b) ? [?a.?c, 1u] : {?'k': a.?b, 2: -1.5e3}",
        "cel.bind(y, timestamp(t) - duration('1h2m'), y.getHours('+01:00')) in [1].transformList(i, v, i == 0, v)",
        "a.`b`.exists(i, v, type(v) == int) || 'x\\u00e9'.matches('(a|b)+') || b'\\xff' == b\"\"\"\"\"\" || .n % 0 > 1",
    ]

    private func run(_ text: String, _ mode: ExpressionMode) {
        // Any error will do, here and below: that there is an end is what is asked.
        guard let expression = try? Expression.compile(text, mode: mode) else { return }
        _ = try? expression.evaluate(Self.scope)
        let printed = expression.printed
        // Nil where the printed text does not compile.
        let isSame = (try? Expression.compile(printed, mode: mode)) == expression
        #expect(isSame, "\(text) printed as \(printed)")
    }

    @Test(arguments: [ExpressionMode.host, .strict])
    func `no mutant of an expression ends the process, and those that compile survive printing`(
        mode: ExpressionMode
    ) {
        let bytes = Array("([{.,?:-'` 0".utf8)
        for text in Self.texts {
            run(text, mode)
            let original = Array(text.utf8)
            for position in original.indices {
                for byte in bytes {
                    var changed = original
                    changed[position] = byte
                    run(String(decoding: changed, as: UTF8.self), mode)
                }
                var shorter = original
                shorter.remove(at: position)
                run(String(decoding: shorter, as: UTF8.self), mode)
                run(String(decoding: original[..<position], as: UTF8.self), mode)
            }
        }
    }
}
