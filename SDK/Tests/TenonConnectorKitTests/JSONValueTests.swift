import TenonConnectorKit
import Testing

struct JSONValueTests {
    @Test(arguments: [
        "null", "true", "[]", "{}", #"{"a":[1,-9223372036854775808,"x",{"b":null}]}"#, "18446744073709551616",
        "0.1",
        "1e400", #""\"\\\n\u0001ü""#, #"{"b":1,"a":2}"#,
    ])
    func `a document comes back as it was`(text: String) throws {
        #expect(try JSONValue(parsing: text).text == text)
    }

    @Test(arguments: ["", "{", "[1,]", "01", "\"\u{1}\"", "nul", "1 2", #""\ud800""#, #"{"a" 1}"#])
    func `what is no document is refused`(text: String) {
        #expect(throws: JSONProblem.self) { try JSONValue(parsing: text) }
    }

    @Test func `nesting without end is refused`() {
        let text = String(repeating: "[", count: 100_000)
        #expect(throws: JSONProblem.self) { try JSONValue(parsing: text) }
    }

    @Test func `values are found by name and kind`() throws {
        let value = try JSONValue(
            parsing: #"{"a": 1, "a": 2, "t": "x\u00e9", "f": 0.5, "l": [true], "n": null}"#)
        #expect(value["a"]?.int == 2 && value["t"]?.string == "xé" && value["f"]?.double == 0.5)
        #expect(value["l"]?.array?.first?.bool == true && value["n"]?.isNull == true && value["z"] == nil)
        #expect(value["f"]?.int == nil && value["t"]?.int == nil && JSONValue.null["a"] == nil)
    }
}
