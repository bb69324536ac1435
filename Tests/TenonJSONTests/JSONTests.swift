import TenonJSON
import Testing

struct JSONTests {
    @Test(arguments: [
        ("9223372036854775807", JSON.int(.max)),
        ("-9223372036854775808", JSON.int(.min)),
        ("18446744073709551615", JSON.uint(.max)),
        ("18446744073709551616", JSON.number("18446744073709551616")),
        ("0.1", JSON.double(0.1)),
        ("1.0", JSON.double(1)),
        ("0.30000000000000004", JSON.double(0.30000000000000004)),
        ("0.1000000000000000055511151231257827", JSON.number("0.1000000000000000055511151231257827")),
        ("1e400", JSON.number("1e400")),
        ("1e-400", JSON.number("1e-400")),
    ])
    func `a number is carried exactly`(text: String, value: JSON) throws {
        #expect(try JSONParser.parse(text) == value)
    }

    @Test(arguments: [
        "{\"b\":1,\"a\":[true,false,null,\"\\\"\\\\\\n\"],\"c\":{}}", "[]", "\"\\u0001é😀\"", "1.5",
        "18446744073709551615",
    ])
    func `what is written is read again and keeps the order of keys`(text: String) throws {
        let value = try JSONParser.parse(text)
        #expect(value.text == text)
        #expect(try JSONParser.parse(value.prettyText) == value)
    }

    @Test(arguments: [
        ("{\"a\":1,\"a\":2}", "the key \"a\" occurs twice"),
        ("\"\\ud800\"", "a lone surrogate"),
        ("\"\\udc00\\ud800\"", "a lone surrogate"),
        ("[1,]", "unexpected character"),
        ("01", "a number must not begin with 0"),
        ("\"a", "a string has no end"),
        ("{} x", "unexpected text after the document"),
        ("", "unexpected end"),
    ])
    func `what is not JSON is refused with the reason`(text: String, problem: String) {
        let error = #expect(throws: JSONError.self) { try JSONParser.parse(text) }
        #expect(error?.problem == problem)
    }

    @Test func `an error names line and column`() {
        let error = #expect(throws: JSONError.self) { try JSONParser.parse("{\n  \"a\": tru\n}") }
        #expect(error?.description == "expected true (line 2, column 8)")
    }

    @Test(arguments: [
        ("{\"a\":1,\n \"b\":2, \"a\" :3}", "the key \"a\" occurs twice (line 2, column 9)"),
        ("[{\"x\":{\"k\":[1],\"k\":2}}]", "the key \"k\" occurs twice (line 1, column 16)"),
        (
            "{" + (0..<40).map { "\"k\($0)\":0," }.joined() + "\n\"k\\u0031\":1}",
            "the key \"k1\" occurs twice (line 2, column 1)"
        ),
    ])
    func `a key that occurs twice is shown where it occurs again`(text: String, description: String) throws {
        let error = #expect(throws: JSONError.self) { try JSONParser.parse(text) }
        #expect(error?.description == description)
        _ = try JSONParser.parse(text, duplicateKeys: .lastWins)
    }

    @Test func `of a key that occurs twice the last may win`() throws {
        let keys = (0..<40).map { "\"k\($0 % 20)\":\($0)" }.joined(separator: ",")
        let object = try #require(try JSONParser.parse("{\(keys)}", duplicateKeys: .lastWins).object)
        #expect(object.count == 20)
        #expect(object.keys.first == "k0" && object["k0"] == 20 && object["k19"] == 39)
    }

    @Test func `a document has no more values than allowed`() throws {
        let bytes = Array("[0,[1,2],{\"a\":3}]".utf8)
        _ = try JSONParser.parse(bytes, maxValues: 7)
        let error = #expect(throws: JSONError.self) { try JSONParser.parse(bytes, maxValues: 6) }
        #expect(error?.problem == "more values than a document may have")
    }

    @Test func `strings are read whole wherever an escape or a letter beyond ASCII stands`() throws {
        for count in 0..<40 {
            for (written, meant) in [
                ("\\n", "\n"), ("é", "é"), ("\\ud83d\\ude00", "\u{1F600}"), ("\\/", "/"),
            ] {
                let before = String(repeating: "x", count: count)
                let after = String(repeating: "y", count: 40 - count)
                let value = try JSONParser.parse("\"\(before)\(written)\(after)\"")
                #expect(value == .string(before + meant + after))
                let error = #expect(throws: JSONError.self) {
                    try JSONParser.parse("\"\(before)\u{1F}\(after)\"")
                }
                #expect(error?.offset == count + 1)
            }
        }
    }

    @Test func `text that is not UTF-8 is refused in strings and outside`() {
        for bytes: [UInt8] in [
            [0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0xEF, 0xBB, 0xBF, 0x31],
            [0x22, 0x5C, 0x6E, 0xED, 0xA0, 0x80, 0x22],
        ] {
            #expect(throws: JSONError.self) { try JSONParser.parse(bytes) }
        }
    }

    @Test func `nesting stops at the limit and not at the end of the stack`() throws {
        let deep = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        _ = try JSONParser.parse(deep)
        #expect(throws: JSONError.self) { try JSONParser.parse("[\(deep)]") }
        #expect(throws: JSONError.self) { try JSONParser.parse(String(repeating: "[", count: 1_000_000)) }
    }

    @Test func `an object of many keys finds, replaces and removes each`() {
        var object = JSONObject()
        for index in 0..<100 { object["k\(index)"] = .int(Int64(index)) }
        object["k50"] = nil
        object["k51"] = "changed"
        #expect(object.count == 99)
        #expect(object["k50"] == nil)
        #expect(object["k51"] == "changed")
        #expect(object["k99"] == 99)
    }

    @Test func `pointers to keys that look alike are two`() {
        let composed = JSONPointer(["\u{E9}"])
        let decomposed = JSONPointer(["e\u{301}"])
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed, composed]).count == 2)
        #expect(JSONPointer(["ab", "c"]) != JSONPointer(["a", "bc"]))
    }

    @Test func `a pointer escapes tilde and slash and finds its value`() throws {
        let pointer = JSONPointer(["a/b", "1", "~"])
        #expect(pointer.description == "/a~1b/1/~0")
        // With an accent upon it, the sign is the same scalar.
        let accents = JSONPointer(["a/\u{301}", "~\u{338}"]).description
        #expect(accents.unicodeScalars.elementsEqual("/a~1\u{301}/~0\u{338}".unicodeScalars))
        let document = try JSONParser.parse("{\"a/b\":[0,{\"~\":7}]}")
        #expect(document.value(at: pointer) == 7)
        for index in ["01", "+1", "-1", "2", "9223372036854775808"] {
            #expect(document.value(at: JSONPointer(["a/b", index])) == nil)
        }
    }

    @Test func `keys and strings that only look alike are different`() throws {
        let composed = "\u{E9}"
        let decomposed = "e\u{301}"
        var object = try #require(try JSONParser.parse("{\"\(composed)\":1,\"\(decomposed)\":2}").object)
        #expect(object[composed] == 1 && object[decomposed] == 2)
        for index in 0..<20 { object["k\(index)"] = .null }
        #expect(object[composed] == 1 && object[decomposed] == 2)
        #expect(JSON.string(composed) != .string(decomposed))
    }
}
