import TenonBatches
import Testing

@Suite struct JSONTextTests {
    private func quoted(_ text: String) -> String {
        Array(text.utf8).withUnsafeBytes { bytes in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: JSONText.room(bytes.count)) { target in
                String(
                    decoding: target[0..<JSONText.writeQuoted(bytes, to: target.baseAddress!)], as: UTF8.self)
            }
        }
    }

    private func unescaped(_ content: String) -> String {
        Array(content.utf8).withUnsafeBytes { bytes in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytes.count + 1) { target in
                String(
                    decoding: target[0..<JSONText.writeUnescaped(bytes, to: target.baseAddress!)],
                    as: UTF8.self)
            }
        }
    }

    @Test func `text is escaped only where it must be`() {
        #expect(quoted("") == "\"\"")
        #expect(quoted("käse 😀/") == "\"käse 😀/\"")
        #expect(
            quoted("a\"b\\c\n\r\t\u{8}\u{C}\u{0}\u{1F}") == "\"a\\\"b\\\\c\\n\\r\\t\\b\\f\\u0000\\u001f\"")
    }

    @Test func `what is escaped at any place comes back`() {
        for length in 0..<50 {
            for place in 0..<max(1, length) {
                for special in ["\"", "\\", "\n", "\u{1}", "é"] {
                    var characters = [String](repeating: "x", count: length)
                    if length > 0 { characters[place] = special }
                    let text = characters.joined()
                    #expect(unescaped(String(quoted(text).dropFirst().dropLast())) == text)
                }
            }
        }
    }

    @Test func `escapes of all kinds are resolved`() {
        #expect(
            unescaped(#"a\"\\\/\b\f\n\r\t\u00e9\u20ac\ud83d\ude00\u0041z"#)
                == "a\"\\/\u{8}\u{C}\n\r\té€😀Az")
        #expect(unescaped("") == "" && unescaped("plain") == "plain")
    }
}
