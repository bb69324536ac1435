internal import TenonExpression
internal import TenonJSON
internal import TenonPattern

extension FuzzTarget {
    private static let scope = ObjectScope([
        "a": 1, "b": "text", "c": [1, 2.5, "x", nil], "d": ["e": ["f": true]], "t": "2026-03-29T01:30:00Z",
    ])

    /// What compiles is printed as an expression that is printed the same, and its evaluation ends.
    static let expression = FuzzTarget(
        name: "expression",
        seeds: [
            "a + 1 == 2 && b.startsWith('te') || !d.e.f ? c[0] : {'k': [1u, 2.5e3, b'x', r\"\\d\"]}.k",
            "c.filter(x, x != null).map(x, string(x)).size() > 0", "d?.e ?? 'no' and not (a === 2)",
            "timestamp(t).getHours('Europe/Berlin') - duration('1h30m').getMinutes()",
            "b.matches('^(a+)+$') or has(d.e) or a in c", "cel.bind(x, a, x + x)", "c[?9].orValue(0)",
        ]
    ) { bytes in
        for mode in [ExpressionMode.host, .strict] {
            guard let expression = try? Expression.compile(bytes.text, mode: mode) else { continue }
            let printed = expression.printed
            guard let again = try? Expression.compile(printed, mode: mode), again.printed == printed else {
                broken("an expression is printed as one: \(printed)")
            }
            _ = try? expression.evaluate(scope)
            _ = try? expression.test(scope)
        }
    }

    /// A template is rendered or refused.
    static let template = FuzzTarget(
        name: "template",
        seeds: [
            #"{"a": "{{ a }}", "b": ["x {{b}} y {{ c[1] }}", "{{d.e['f']}}"], "c": "{{ '}}' }}{{"}"#,
            #""{{context.Transform Data.id ?? 'none'}}""#,
        ]
    ) { bytes in
        guard let json = try? JSONParser.parse(bytes), let template = try? Template.compile(json) else {
            return
        }
        for encoding in [TemplateEncoding.none, .path, .header] {
            _ = try? template.render(scope, encoding: encoding)
        }
    }

    /// A pattern is compiled or refused; it looks at a text, however long, in bounded work, and gives the same
    /// answers in whatever state its tables are. What begins with `^` has no need of the text before.
    static let pattern = FuzzTarget(
        name: "pattern",
        seeds: [
            "^(a+)+$\0aaaaaaaaaaaaaaaaaaaaaaaab", "(?i)\\bfoo[^a-z\\d]{2,30}?\\p{Lu}|x*\0Foo12É",
            "((a{1,100}){1,100}){1,10}\0a",
        ]
    ) { bytes in
        let parts = bytes.parts(2)
        for syntax in [PatternSyntax.ecma, .re2] {
            guard let pattern = try? Pattern(parts[0].text, syntax: syntax) else { continue }
            if !Pattern.isWellFormed(parts[0].text, syntax: syntax) {
                broken("what is compiled is well formed")
            }
            let text = parts[1].text
            let first = try? pattern.matches(text)
            _ = try? pattern.matches(String(repeating: text + "ab", count: 2_000))
            let second = try? pattern.matches(text)
            // One that costs too much may be cheaper once states are known.
            if let first, let second, first != second { broken("a pattern answers the same twice") }
            checkAnchors(parts[0].text, text, syntax)
        }
    }

    /// `^(?:p)` occurs in a text exactly where some part from its begin on has `p` and nothing else.
    private static func checkAnchors(_ pattern: String, _ text: String, _ syntax: PatternSyntax) {
        let scalars = Array(text.unicodeScalars.prefix(24))
        let short = String(String.UnicodeScalarView(scalars))
        guard !pattern.contains(where: { "\\^$?".contains($0) }),
            let begins = try? Pattern("^(?:\(pattern))", syntax: syntax),
            let fits = try? Pattern("^(?:\(pattern))$", syntax: syntax),
            let found = try? begins.matches(short)
        else { return }
        let isPrefix = (0...scalars.count).contains { count in
            (try? fits.matches(String(String.UnicodeScalarView(scalars.prefix(count))))) ?? found
        }
        if found != isPrefix { broken("a match from the begin is a part from the begin that matches") }
    }
}
