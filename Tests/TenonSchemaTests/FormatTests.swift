internal import TenonJSON
internal import TenonSchema
internal import Testing

@Suite struct FormatTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let format: String
        let legal: [String]
        let others: [String]

        init(_ format: String, _ legal: [String], not others: [String]) {
            self.format = format
            self.legal = legal
            self.others = others
        }

        var testDescription: String { format }
    }

    private func expect(_ example: Example) throws {
        let schema = try JSONSchema(["format": .string(example.format)])
        for text in example.legal { #expect(schema.accepts(.string(text)), "\(example.format): \(text)") }
        for text in example.others { #expect(!schema.accepts(.string(text)), "\(example.format): \(text)") }
        for value: JSON in [1, 1.5, true, nil, [], [:]] { #expect(schema.accepts(value)) }
    }

    @Test(arguments: [
        Example(
            "date-time",
            [
                "2026-02-28T23:59:59Z", "2024-02-29t00:00:00.000000000001z", "0000-01-01T00:00:00-23:59",
                "2016-12-31T23:59:60Z", "2017-01-01T08:59:60+09:00", "2016-12-31T18:59:60.5-05:00",
            ],
            not: [
                "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
                "2026-00-01T00:00:00Z",
                "2026-01-32T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z",
                "2026-01-01T23:60:00Z",
                "2026-01-01T23:59:61Z", "2026-01-01T12:59:60Z", "2016-12-31T23:59:60+01:00",
                "2026-01-01 00:00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00.Z", "2026-01-01T00:00Z",
                "2026-01-01T00:00:00+1:00", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+0100",
                "26-01-01T00:00:00Z", "12026-01-01T00:00:00Z", "2026-01-01T00:00:00ZZ",
                "2026-W01-1T00:00:00Z",
                "2026-01-0\u{661}T00:00:00Z", "",
            ]),
        Example(
            "date", ["2024-02-29", "1999-12-31"],
            not: ["2023-02-29", "1999-6-01", "99-01-01", "1999-01-01Z", "19990101"]),
        Example(
            "time", ["00:00:00Z", "23:59:60Z", "12:00:00.5+05:30"],
            not: ["24:00:00Z", "12:00:00", "12:00Z", "22:59:60Z"]),
        Example(
            "duration", ["P1Y2M3D", "PT1H2M3S", "P3W", "P1DT12H", "PT0S", "P1M"],
            not: [
                "P", "PT", "1Y", "P1", "P1S", "P1YT", "P1D1Y", "P1Y1D", "PT1H1S", "P1W1D", "P1Y2W", "P-1D",
                "P1.5D",
                "PT1D", "P1DT",
            ]),
        Example(
            "email",
            [
                "a@b", "a.b+c/d=e@example.com", "\"a b\\\"@c\"@example.com", "x@[192.0.2.1]",
                "x@[IPv6:2001:db8::1]",
                "!#$%&'*+-/=?^_`{|}~@example.org",
            ],
            not: [
                "a", "@b", "a@", ".a@b", "a.@b", "a..b@c", "a b@c", "a@b c", "a@-b.c", "a@b..c", "a@b.",
                "a@[1.2.3]",
                "a@[IPv6:1::2::3]", "a@b@c", "\"a\"b@c", "\"a@c", "\u{E4}@b", "a@\u{E4}.de", "a@b\n",
                String(repeating: "a", count: 65) + "@b",
            ]),
        Example("idn-email", ["\u{E4}@\u{E4}.de", "a@b"], not: ["\u{E4}", "\u{E4} @b"]),
        Example(
            "hostname", ["localhost", "a.example.com", "1.a", "a--b", "xn--nxasmq6b"],
            not: [
                "", ".", "a.", ".a", "a..b", "-a", "a-", "a_b", "\u{E4}.de",
                String(repeating: "a", count: 64),
                Array(repeating: "abcdefg", count: 33).joined(separator: "."),
            ]),
        Example(
            "ipv4", ["0.0.0.0", "255.255.255.255", "192.0.2.10"],
            not: [
                "256.0.0.0", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.4 ", "1.2.3.", "0x1.2.3.4",
                "1.2.3.4000", "a.b.c.d", "",
            ]),
        Example(
            "ipv6",
            [
                "::", "::1", "1::", "1:2:3:4:5:6:7:8", "2001:DB8::ff00:42:8329", "::ffff:192.0.2.1",
                "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:7::",
            ],
            not: [
                ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "::g",
                "::1%eth0", "1.2.3.4::",
                "::1.2.3", "::01.2.3.4", ":1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:", "1:2:3:4:5:6:7:8::", "",
            ]),
        Example(
            "uuid", ["123e4567-e89b-12d3-a456-426614174000", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF"],
            not: [
                "123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400g",
                "{123e4567-e89b-12d3-a456-426614174000}", "",
            ]),
        Example("json-pointer", ["", "/", "/a/0/~0~1", "/\u{E4} b"], not: ["a", "#/a", "/~", "/~2", "/a~"]),
        Example(
            "relative-json-pointer", ["0", "1/a", "10#", "0+1/a", "2-1#"],
            not: ["", "01", "-1", "/a", "1a", "0##", "0+"]),
        Example(
            "uri-template", ["", "/a/{b}", "{+x,y:3,z*}{?q.r,%41}", "http://a/{id}%20"],
            not: ["{", "}", "{}", "{a", "{a b}", "{a:0}", "{a:12345}", "a b", "<", "%4"]),
        Example("regex", ["", "^a+$", "[\\d-]{2,}", "^(?=a)b", "(a)\\1"], not: ["(", "[a", "*a", "a{2,1}"]),
    ]) func `a format knows its texts`(example: Example) throws { try expect(example) }

    @Test(arguments: [
        Example(
            "uri",
            [
                "http://example.com",
                "HTTP://u:p@example.com:80/a;b/c%20d?q=[]#f".replacing("[]", with: "()"), "urn:a:b",
                "mailto:a@b.c",
                "file:///a", "a:", "a:b:c", "ldap://[2001:db8::7]/c=GB?one", "http://[v1.x:y]:8/", "tel:+1-2",
                "x://?#",
                "http://a//b", "http://1.2.3.999/",
            ],
            not: [
                "", "a", "/a", "//a/b", "1a:b", ":a", "a b:c", "http://a b", "http://a:b8/", "http://[::1",
                "http://[1.2.3.4]/",
                "http://[::1]x/", "http://a@b@c/", "http://\u{E4}.de", "http://a/<b>", "http://a/\\",
                "http://a/%4g", "http://a/#b#c",
                "http://a/[b]", "http://a/`", "http://a/^", "http://a/{b}", "http://a/|",
            ]),
        Example(
            "uri-reference", ["", "a", "/a/b?c#d", "//host/p", "?q", "#f", "./a:b", "http://a"],
            not: ["a:b c", "1:b", "\\a", "#a#b", "%zz", "\u{E4}"]),
        Example("iri", ["http://\u{E4}.de/\u{1F600}", "http://a"], not: ["\u{E4}", "http://a b"]),
        Example("iri-reference", ["\u{E4}", "/\u{E4}?\u{E4}#\u{E4}"], not: ["a b", "\\"]),
    ]) func `a URI keeps to the grammar of its standard`(example: Example) throws { try expect(example) }

    @Test func `the message says what was meant and not what was written`() throws {
        #expect(
            try SchemaProbe.problems(["format": "email"], "secret text", .definitions) == [
                ": must be an e-mail address"
            ])
        #expect(
            try SchemaProbe.problems(
                ["properties": ["at": ["format": "date-time"]]], ["at": "x"], .definitions) == [
                    "/at: must be a date and time with an offset such as 2026-03-01T12:30:00Z"
                ])
    }

    @Test func `formats of other people are no rules`() throws {
        #expect(try SchemaProbe.accepts(["format": "password"], "x", .definitions))
        #expect(SchemaProbe.mistakes(["format": 1]).count == 1)
    }
}
