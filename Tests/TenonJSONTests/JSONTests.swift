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

    @Test func `a pointer escapes tilde and slash and finds its value`() throws {
        let pointer = JSONPointer(["a/b", "1", "~"])
        #expect(pointer.description == "/a~1b/1/~0")
        #expect(try JSONParser.parse("{\"a/b\":[0,{\"~\":7}]}").value(at: pointer) == 7)
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
