internal import TenonJSON
internal import TenonModel
internal import TenonSchema
internal import Testing

@Suite struct BoundsTests {
    @Test func `at most a hundred problems are told, whatever the size of the value`() throws {
        let schema: JSON = ["items": ["type": "string"]]
        let value = JSON.array((0..<5000).map { .int($0) })
        #expect(try SchemaProbe.problems(schema, value).count == 100)
        let nested: JSON = ["items": ["anyOf": [["type": "string"], ["minimum": 10_000]]]]
        #expect(try SchemaProbe.problems(nested, value).count == 100)
    }

    @Test func `a large value that is right is not too much`() throws {
        let schema: JSON = [
            "items": [
                "properties": ["a": ["oneOf": [["type": "integer"], ["type": "null"]]]], "required": ["a"],
            ]
        ]
        let value = JSON.array((0..<20_000).map { ["a": .int($0), "b": "x"] })
        #expect(try JSONSchema(schema).problems(in: value).isEmpty)
    }

    @Test(arguments: ["anyOf", "oneOf", "allOf"])
    func `alternatives within alternatives end`(keyword: String) throws {
        // Forty levels of two alternatives that refer back to the next ones.
        var definitions = JSONObject()
        for level in 0..<40 {
            let next: JSON = ["$ref": .string("#/$defs/l\(level + 1)")]
            definitions["l\(level)"] = .object(JSONObject([(keyword, JSON.array([next, next]))]))
        }
        definitions["l40"] = ["type": "null"]
        let found = try SchemaProbe.problems(["$ref": "#/$defs/l0", "$defs": .object(definitions)], "a")
        if keyword == "allOf" {
            #expect(found.count <= 100)
        } else {
            #expect(found == [": costs too much to check by its schema"])
        }
    }

    @Test func `a chain of references that is too long is refused without harm`() throws {
        var definitions = JSONObject()
        for index in 0..<5000 { definitions["d\(index)"] = ["$ref": .string("#/$defs/d\(index + 1)")] }
        definitions["d5000"] = ["secret": true, "default": 1]
        let schema = try JSONSchema(["$ref": "#/$defs/d0", "$defs": .object(definitions)])
        #expect(schema.problems(in: "a").map(\.message) == ["costs too much to check by its schema"])
        #expect(schema.masked("a") == "********")
        #expect(schema.fillingDefaults(in: ["a": 1]) == ["a": 1])
    }

    @Test func `a value as deep as a request may be is checked to its end`() throws {
        var value: JSON = 1
        for _ in 0..<200 { value = ["next": value] }
        let schema: JSON = ["type": "object", "properties": ["next": ["$ref": "#"]]]
        let found = try JSONSchema(schema).problems(in: value)
        #expect(found.map(\.message) == ["must be an object, but is an integer"])
    }

    @Test func `a pattern that takes too much work is a problem, as a keyword and for names`() throws {
        var bits: UInt64 = 0x9E37_79B9_7F4A_7C15
        let bytes = (0..<100_000).map { _ in
            bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return bits >> 60 & 1 == 0 ? UInt8(ascii: "a") : UInt8(ascii: "b")
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let pattern = "([ab]*a[ab]{900}){2}([ab]{900}){2}c"
        let costly = [": costs too much to check by its schema"]
        #expect(try SchemaProbe.problems(["pattern": .string(pattern)], .string(text)) == costly)
        let rules = JSONObject([(key: pattern, value: ["type": "null"] as JSON)])
        let names: JSON = ["patternProperties": .object(rules)]
        #expect(
            try SchemaProbe.problems(names, .object(JSONObject([(key: text, value: 1 as JSON)]))) == costly)
        #expect(try SchemaProbe.problems(["pattern": "^[ab]+$"], .string(text)) == [])
    }

    @Test func `a schema that is nested too deeply or too large is refused`() {
        var deep: JSON = true
        for _ in 0..<300 { deep = ["not": deep] }
        #expect(SchemaProbe.mistakes(deep).map { $0.hasSuffix("is nested too deeply") } == [true])
        let wide: JSON = ["allOf": .array(Array(repeating: [:], count: 20_000))]
        #expect(SchemaProbe.mistakes(wide).count == 1)
        let wrong: JSON = ["allOf": .array(Array(repeating: 1, count: 5000))]
        #expect(SchemaProbe.mistakes(wrong).count == 100)
    }

    @Test func `where secrets are too hard to find, everything is masked`() throws {
        let alternatives = JSON.array((0..<50).map { ["properties": ["n": ["const": .int($0)]]] })
        let schema = try JSONSchema(["items": ["anyOf": alternatives]])
        #expect(schema.masked([["n": 1]]) == [["n": 1]])
        #expect(schema.masked(.array(Array(repeating: ["n": 1], count: 5000))) == "********")
    }
}
