import TenonBatches
import Testing

@Suite struct JSONScannerTests {
    /// The text of the one value, or why there is none.
    private func scan(_ text: String, maxDepth: Int = 8) -> Result<String, JSONScanError> {
        Array(text.utf8).withUnsafeBytes { bytes in
            Result { () throws(JSONScanError) in
                var scanner = JSONScanner(bytes)
                let token = try scanner.value(maxDepth: maxDepth)
                guard scanner.isAtEnd() else { throw .unexpectedCharacter }
                return String(decoding: scanner.bytes(of: token), as: UTF8.self)
            }
        }
    }

    @Test(arguments: [
        "null", "true", "false", "0", "-0", "12", "-1.5", "1e9", "1E+9", "0.5e-3", "\"\"",
        "\"a\\n\\u00e9\\ud83d\\ude00\"",
        "[]", "[1,[2,{}]]", "{}", "{\"a\":{\"b\":[null]},\"c\":\"]\"}",
    ]) func `a value is taken whole`(_ text: String) {
        #expect(scan(" \(text)\n") == .success(text))
    }

    @Test(
        arguments: [
            ("", .unexpectedEnd), ("nul", .unexpectedEnd), ("nulL", .unexpectedCharacter),
            ("01", .invalidNumber),
            ("-", .invalidNumber), ("1.", .invalidNumber), (".5", .unexpectedCharacter),
            ("1e", .invalidNumber),
            ("\"a", .unexpectedEnd), ("\"\u{1}\"", .controlCharacter), ("\"\\x\"", .invalidEscape),
            ("\"\\u12zz\"", .invalidEscape), ("\"\\ud800\"", .invalidEscape),
            ("\"\\ud800\\u0041\"", .invalidEscape),
            ("\"\\udc00\\ud800\"", .invalidEscape), ("[1,]", .unexpectedCharacter),
            ("[1 2]", .unexpectedCharacter),
            ("{\"a\"}", .unexpectedCharacter), ("{a:1}", .unexpectedCharacter),
            ("{\"a\":1,}", .unexpectedCharacter),
            ("NaN", .unexpectedCharacter), ("1 1", .unexpectedCharacter), ("[[[[[[[[[1]]]]]]]]]", .tooDeep),
            ("aaaaaaaaaaaaaaaa", .unexpectedCharacter),
        ] as [(String, JSONScanError)]) func `what is not JSON is refused with its reason`(
            _ text: String, _ error: JSONScanError
        )
    {
        #expect(scan(text) == .failure(error))
    }

    @Test func `a quote, a backslash or a control is found at every place of a word`() {
        for position in 0..<20 {
            let before =
                String(repeating: "é", count: position / 2) + String(repeating: "x", count: position % 2)
            let after = String(repeating: "y", count: 20)
            #expect(scan("\"\(before)\"") == .success("\"\(before)\""))
            #expect(scan("\"\(before)\\\"\(after)\"") == .success("\"\(before)\\\"\(after)\""))
            #expect(scan("\"\(before)\u{1F}\(after)\"") == .failure(.controlCharacter))
        }
    }

    @Test func `escapes are resolved`() throws {
        let bytes = Array(#""a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00z""#.utf8)
        try bytes.withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            let token = try scanner.string()
            #expect(token.isComplex)
            var text: [UInt8] = []
            try scanner.unescape(token, into: &text)
            #expect(String(decoding: text, as: UTF8.self) == "a\"\\/\u{8}\u{C}\n\r\té😀z")
        }
    }
}
