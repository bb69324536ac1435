internal import TenonJSON
internal import TenonModel
internal import TenonSchema
internal import Testing

/// Keys that look alike, and values with very many secrets.
@Suite struct SecretsTests {
    /// The same letter to the eye, in other bytes.
    private static let composed = "\u{E9}"
    private static let decomposed = "e\u{301}"

    private static func object(_ members: (String, JSON)...) -> JSON {
        .object(JSONObject(members.map { (key: $0.0, value: $0.1) }))
    }

    @Test func `keys that look alike are each masked`() throws {
        let schema = try JSONSchema(["additionalProperties": ["secret": true]])
        let value = Self.object((Self.composed, "first"), (Self.decomposed, "second"))
        #expect(
            schema.masked(value)
                == Self.object((Self.composed, "********"), (Self.decomposed, "********")))
        #expect(schema.masked([value]) == [value])
    }

    @Test func `properties that look alike keep their own rules`() throws {
        let schema = try JSONSchema([
            "properties": Self.object(
                (Self.composed, ["type": "string"]), (Self.decomposed, ["type": "integer"])),
            "additionalProperties": false,
        ])
        #expect(schema.problems(in: Self.object((Self.composed, "a"), (Self.decomposed, 5))).isEmpty)
        let found = schema.problems(in: Self.object((Self.composed, 5), (Self.decomposed, "a")))
        #expect(
            found.map(\.message) == [
                "must be a string, but is an integer", "must be an integer, but is a string",
            ])
        #expect(schema.propertyNames.map { $0.unicodeScalars.count } == [1, 2])
    }

    @Test func `very many secrets are masked in one walk`() throws {
        let schema = try JSONSchema([
            "items": ["properties": ["a": ["secret": true], "b": ["items": ["secret": true]]]]
        ])
        let value = JSON.array(Array(repeating: ["a": "s", "b": ["t", 1], "c": "open"], count: 30_000))
        #expect(
            schema.masked(value)
                == .array(
                    Array(
                        repeating: ["a": "********", "b": ["********", "********"], "c": "open"],
                        count: 30_000)))
        let flat = try JSONSchema(["items": ["secret": true]])
        let masked = flat.masked(.array(Array(repeating: "s", count: 150_000)))
        #expect(masked == .array(Array(repeating: "********", count: 150_000)))
    }

    @Test func `a secret object is masked as a whole, and null is no secret`() throws {
        let schema = try JSONSchema([
            "properties": [
                "whole": ["secret": true, "properties": ["part": ["secret": true]]],
                "none": ["secret": true],
            ]
        ])
        #expect(
            schema.masked(["whole": ["part": "a", "b": 1], "none": nil])
                == ["whole": "********", "none": nil])
    }

    @Test func `very many schemas for very many members end with all masked`() throws {
        let alternatives = JSON.array(
            (0..<3000).map { ["title": .string("\($0)"), "properties": ["n": true]] })
        let schema = try JSONSchema(["anyOf": alternatives])
        let value = JSON.object(JSONObject((0..<10_000).map { (key: "k\($0)", value: JSON.int($0)) }))
        #expect(schema.masked(value) == "********")
    }
}
