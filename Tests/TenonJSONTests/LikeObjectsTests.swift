import TenonJSON
import Testing

/// Objects of a list are mostly alike, which the parser makes use of.
struct LikeObjectsTests {
    private static let keys = [
        "a", "\\u0061", "b", "ab", "a key of some length", "a key of some lengths", "\u{E9}", "c", "\\\"", "",
    ]

    /// An object as text, mostly of the same keys in the same order; a key may occur twice.
    private static func object(depth: Int) -> String {
        var chosen = Array(keys.shuffled().prefix(Int.random(in: 0...1)))
        chosen += keys.dropFirst(Int.random(in: 0...1)).dropFirst(1).prefix(Int.random(in: 0...8))
        if Int.random(in: 0..<4) == 0 { chosen += (0..<20).map { "k\($0)" } }
        let members = chosen.map { key in
            "\(Bool.random() ? " " : "")\"\(key)\"\(Bool.random() ? " " : ""):"
                + (depth > 0 && Bool.random() ? object(depth: depth - 1) : "\(Int.random(in: 0...9))")
        }
        return "{\(members.joined(separator: ","))}"
    }

    @Test func `an object is read as if none had come before it`() throws {
        var refusedCount = 0
        for _ in 0..<200 {
            let texts = (0..<Int.random(in: 1...6)).map { _ in Self.object(depth: 1) }
            let list = "[\(texts.joined(separator: ", "))]"
            let alone = try texts.map { try JSONParser.parse($0, duplicateKeys: .lastWins) }
            let read = try JSONParser.parse(list, duplicateKeys: .lastWins)
            #expect(read == .array(alone) && read.text == JSON.array(alone).text, "\(list)")

            let areRefused = texts.contains { (try? JSONParser.parse($0)) == nil }
            #expect(((try? JSONParser.parse(list)) == nil) == areRefused, "\(list)")
            refusedCount += areRefused ? 1 : 0
        }
        #expect((1..<200).contains(refusedCount))
    }

    @Test(arguments: [
        ("[{\"a\":1,\"b\":2},{\"a\":1,\"a\":2}]", "the key \"a\" occurs twice (line 1, column 23)"),
        ("[{\"a\":1,\"b\":2},{\"b\":1,\"b\":2}]", "the key \"b\" occurs twice (line 1, column 23)"),
        ("[{\"a\":1,\"b\":2},{\"a\":1,\"b\" 2}]", "expected : after a key (line 1, column 27)"),
        ("[{\"a\":1,\"b\":2},{\"a\":1,\"b", "a string has no end (line 1, column 24)"),
        ("[{\"a\":1,\"b\":2},{\"a\":1,}]", "expected a key (line 1, column 23)"),
        ("[{\"a\":1},{\"a\":1,\"a\":1}]", "the key \"a\" occurs twice (line 1, column 17)"),
    ])
    func `what is wrong with a like object is found`(text: String, description: String) {
        let error = #expect(throws: JSONError.self) { try JSONParser.parse(text) }
        #expect(error?.description == description)
    }

    @Test(arguments: ["tru", "trUe", "nul", "falsE", "fals", "true1", "n", "[nullx]"])
    func `a word that is almost one is none`(text: String) {
        #expect(throws: JSONError.self) { try JSONParser.parse(text) }
    }
}
