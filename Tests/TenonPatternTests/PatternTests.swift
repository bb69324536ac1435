import TenonPattern
import Testing

struct PatternTests {
    /// Pattern, texts that it is in, texts that it is not in.
    typealias Row = (pattern: String, yes: [String], no: [String])

    private func check(_ row: Row, _ syntax: PatternSyntax) throws {
        let pattern = try Pattern(row.pattern, syntax: syntax)
        for text in row.yes {
            #expect(try pattern.matches(text), "\(row.pattern) in \(text.debugDescription)")
        }
        for text in row.no {
            #expect(try !pattern.matches(text), "\(row.pattern) not in \(text.debugDescription)")
        }
    }

    @Test(
        arguments: [
            ("", ["", "a"], []),
            ("bc", ["abcd", "bc"], ["b", "cb", ""]),
            ("^bc", ["bcd"], ["abc"]),
            ("bc$", ["abc"], ["bcd", "bc\n"]),
            ("^$", [""], ["a", "\n"]),
            ("gr(a|e)y", ["grey", "a gray cat"], ["gry", "graey"]),
            ("ba(na)*$", ["banana", "ba"], ["ban"]),
            ("^a{2,3}$", ["aa", "aaa"], ["a", "aaaa"]),
            ("^a{2,}$", ["aa", "aaaaa"], ["a"]),
            ("^a{0}$", [""], ["a"]),
            ("^(?:a|b|)c$", ["ac", "bc", "c"], ["abc"]),
            ("^[a-cx]+$", ["abcx"], ["d", "-", ""]),
            ("^[^a-c]$", ["d", "\n", "é"], ["a", ""]),
            ("^[-a]+$", ["-a"], ["b"]),
            ("^[a-]+$", ["-a"], ["b"]),
            ("^\\d\\D\\w\\W\\s\\S$", ["1a_- x"], ["aa_- x"]),
            ("^a+?b*?c??$", ["a", "aabbc"], ["b"]),
            ("(a*)*b", ["b", "aab"], ["aaa"]),
            ("(|a)+$", ["", "aaa"], []),
            ("a+\u{F1}+a+", ["ma\u{F1}ana"], ["manana"]),
            ("(a|\u{1F600}){2}", ["\u{1F431}\u{1F600}\u{1F600}"], ["\u{1F600}"]),
            ("\\bfoo\\b", ["a foo b", "foo"], ["food", "a_foo"]),
            ("\\Boo", ["foo"], ["oo", " oo"]),
            ("^\\p{L}+$", ["aé名"], ["a1"]),
            ("^\\P{L}+$", ["12-"], ["1a"]),
            ("^[\\p{Lu}\\d]+$", ["A1Ä"], ["a"]),
            ("\\.\\*\\+\\?\\^\\$\\|\\(\\)\\[\\]\\{\\}\\\\", [".*+?^$|()[]{}\\"], ["a"]),
            ("x\\x41\\t", ["xA\t"], ["xA"]),
            ("(?<year>\\d{4})-(?<month>\\d\\d)", ["on 2024-05"], ["2024-5"]),
        ] as [Row])
    func `a pattern is found where it occurs, in both syntaxes`(row: Row) throws {
        try check(row, .ecma)
        try check(row, .re2)
    }

    @Test(
        arguments: [
            ("^.$", ["a", "é", "\u{1F432}", "\u{85}"], ["\n", "\r", "\u{2028}", "\u{2029}", ""]),
            ("^\\s$", [" ", "\u{FEFF}", "\u{A0}", "\u{3000}", "\u{B}", "\u{2028}"], ["\u{200B}", "\u{85}"]),
            ("^\\w$", ["a", "_", "9"], ["é", "ſ"]),
            ("^\\cC\\cc$", ["\u{3}\u{3}"], ["cC"]),
            ("^\\0$", ["\0"], ["0"]),
            ("^[\\b]$", ["\u{8}"], ["b"]),
            ("^\\u0041\\u{1F432}\\uD83D\\uDC32$", ["A\u{1F432}\u{1F432}"], ["A"]),
            ("^\\p{Letter}\\p{gc=Lu}\\p{General_Category=Decimal_Number}$", ["éÉ٣"], ["ééA"]),
            ("^\\p{digit}+$", ["42", "\u{9EA}\u{9EC}"], ["a"]),
            ("^\\p{Script=Greek}\\p{sc=Cyrl}\\p{Script=Han}$", ["λж名"], ["lж名"]),
            ("^\\p{Alphabetic}\\p{White_Space}\\p{Emoji_Presentation}$", ["é\u{85}\u{1F432}"], ["1 x"]),
            ("^[]|a$", ["a"], ["", "]"]),
            ("^[^]$", ["a", "\n"], [""]),
            ("^(?i:stra\u{DF}e|\u{3C3})-k$", ["STRA\u{1E9E}E-k", "\u{3C2}-k", "\u{3A3}-k"], ["\u{3C3}-K"]),
            ("^[\\d\\-x]+$", ["1-x"], ["a"]),
            ("^a\\-b\\/$", ["a-b/"], ["ab"]),
        ] as [Row])
    func `ECMA patterns are read with the u flag`(row: Row) throws {
        try check(row, .ecma)
    }

    @Test(
        arguments: [
            ("^.$", ["a", "\r", "\u{2028}"], ["\n"]),
            ("(?s)^.$", ["\n"], ["ab"]),
            ("(?m)^b$", ["a\nb\nc", "b"], ["ab", "b\r\n"]),
            ("(?m)\\Ab", ["b\na"], ["a\nb"]),
            ("(?-m)^b", ["b"], ["a\nb"]),
            ("b\\z", ["ab"], ["b\n"]),
            ("(?i)stra\u{DF}e|k", ["STRAßE", "\u{212A}", "K"], ["strasse"]),
            ("a(?i)b|c", ["aB", "C"], ["Ab"]),
            ("a(?i:b)c", ["aBc"], ["aBC"]),
            ("(a(?i)b)c", ["aBc"], ["aBC"]),
            ("(?i-i:a)", ["a"], ["A"]),
            ("(?i)[^a]", ["b"], ["a", "A"]),
            ("(?i)[a-c]{3}", ["AbC"], ["Abd"]),
            ("(?U)a+", ["a"], ["b"]),
            ("(?P<x>a)(?<y>b)", ["ab"], ["a"]),
            ("\\Qa.b*\\E+", ["xa.b**"], ["axb*"]),
            ("\\Q(|\\", ["(|\\"], ["("]),
            ("^\\Qab\\E{2}$", ["abb"], ["abab"]),
            ("^\\pL\\PL\\p{Greek}\\p{^Greek}$", ["a1λa"], ["11λa"]),
            ("^[[:alpha:]_[:^ascii:]]+$", ["aB_é"], ["1"]),
            ("^[]a]+$", ["]a"], ["b"]),
            ("^[^]a]$", ["b"], ["]", "a"]),
            ("^\\a\\v\\f\\101\\x{1F432}\\0$", ["\u{7}\u{B}\u{C}A\u{1F432}\0"], ["a"]),
            ("^\\s$", [" ", "\t", "\n", "\u{C}"], ["\u{B}", "\u{A0}"]),
            ("a{,2}", ["a{,2}"], ["aa"]),
            ("^{}]$", ["{}]"], [""]),
            ("x{2}{", ["xx{"], ["xx"]),
            ("^[\\d-z]+$", ["1-z"], ["y"]),
            ("(?:^)*a\\b+", ["a"], ["ab"]),
        ] as [Row])
    func `RE2 patterns have its flags, classes and quotes`(row: Row) throws {
        try check(row, .re2)
    }

    @Test(
        arguments: [
            ("^a\u{FFFD}+b$", [0x61, 0xFF, 0x62], true), ("^a\u{FFFD}+b$", [0x61, 0xC3, 0x62], true),
            ("^a\u{FFFD}+b$", [0x61, 0xED, 0xA0, 0x80, 0x62], true), ("^a\u{FFFD}+b$", [0x61, 0x62], false),
            ("\u{FFFD}$", [0x61, 0xF0, 0x9F], true), ("^.$", [0xC0, 0x80], false),
        ] as [(String, [UInt8], Bool)])
    func `text that is not UTF-8 counts as replacement characters`(
        text: String, bytes: [UInt8], isIn: Bool
    ) throws {
        var work = 0
        let answer = try Pattern(text).matches(bytes.span, work: &work)
        #expect(answer == isIn)
    }

    @Test(arguments: [
        "Cn", "Co", "Lu", "Ll", "Lo", "Nd", "Mn", "Cf", "So", "Noncharacter_Code_Point",
        "Default_Ignorable_Code_Point", "ID_Continue", "Uppercase",
    ])
    func `a property has the scalars that the standard library says`(name: String) throws {
        let pattern = try Pattern("^\\p{\(name)}$")
        var values: [UInt32] = [
            0xE0001, 0xE0100, 0xE0FFF, 0xE1000, 0xF0000, 0xFFFFD, 0x10FFFD, 0x2A6DF, 0x30000,
        ]
        for plane in UInt32(0)...16 {
            values += [0xFFFD, 0xFFFE, 0xFFFF, 0x41, 0x8000].map { plane << 16 + $0 }
        }
        values += UInt32(0)..<0x700
        for scalar in values.compactMap(Unicode.Scalar.init) {
            let properties = scalar.properties
            let expected =
                switch name {
                case "Cn": properties.generalCategory == .unassigned
                case "Co": properties.generalCategory == .privateUse
                case "Lu": properties.generalCategory == .uppercaseLetter
                case "Ll": properties.generalCategory == .lowercaseLetter
                case "Lo": properties.generalCategory == .otherLetter
                case "Nd": properties.generalCategory == .decimalNumber
                case "Mn": properties.generalCategory == .nonspacingMark
                case "Cf": properties.generalCategory == .format
                case "So": properties.generalCategory == .otherSymbol
                case "Noncharacter_Code_Point": properties.isNoncharacterCodePoint
                case "Default_Ignorable_Code_Point": properties.isDefaultIgnorableCodePoint
                case "ID_Continue": properties.isIDContinue
                default: properties.isUppercase
                }
            #expect(
                try pattern.matches(String(scalar)) == expected,
                "\(name) U+\(String(scalar.value, radix: 16))")
        }
    }

    @Test func `letters that differ only in case are the same where case does not count`() throws {
        let groups = [
            "kK\u{212A}", "sS\u{17F}", "\u{3C3}\u{3C2}\u{3A3}", "\u{DF}\u{1E9E}", "\u{E5}\u{C5}\u{212B}",
            "\u{1C4}\u{1C5}\u{1C6}",
        ]
        for group in groups {
            for left in group.unicodeScalars {
                let pattern = try Pattern("(?i)^\(left)$", syntax: .re2)
                for right in group.unicodeScalars {
                    #expect(try pattern.matches(String(right)), "\(left) \(right)")
                }
                #expect(try !pattern.matches("z"))
            }
        }
        let dotless = try Pattern("(?i)^[i\u{3B1}]$", syntax: .re2)
        #expect(try ["i", "I", "\u{391}"].allSatisfy { try dotless.matches($0) })
        #expect(try ["\u{130}", "\u{131}"].allSatisfy { try !dotless.matches($0) })
    }
}
