internal import TenonJSON
internal import TenonSchema
internal import Testing

@Suite struct KeywordTests {
    @Test func `items come after the prefix`() throws {
        let schema: JSON = ["prefixItems": [["type": "string"], true], "items": ["type": "integer"]]
        #expect(try SchemaProbe.accepts(schema, ["a", nil, 1, 2]))
        #expect(try SchemaProbe.accepts(schema, []))
        #expect(
            try SchemaProbe.problems(schema, [1, nil, 2, "a"]) == [
                "/0: must be a string, but is an integer", "/3: must be an integer, but is a string",
            ])
        #expect(
            try SchemaProbe.problems(["prefixItems": [true], "items": false], [1, 2]) == [
                "/1: is not allowed here"
            ])
    }

    @Test func `contains counts the items that it describes`() throws {
        let words = "that the schema's \"contains\" describes, but has"
        let schema: JSON = ["contains": ["type": "string"], "minContains": 2, "maxContains": 3]
        #expect(try SchemaProbe.problems(schema, ["a", 1]) == [": must have at least 2 items \(words) 1"])
        #expect(try SchemaProbe.accepts(schema, ["a", 1, "b", "c"]))
        #expect(
            try SchemaProbe.problems(schema, ["a", "b", "c", "d"]) == [
                ": must have at most 3 items \(words) 4"
            ])
        #expect(
            try SchemaProbe.problems(["contains": true], []) == [": must have at least one item \(words) 0"])
        #expect(try SchemaProbe.accepts(["contains": false, "minContains": 0], [1]))
        #expect(try SchemaProbe.accepts(["minContains": 2], []))
        #expect(try SchemaProbe.accepts(schema, "no array"))
    }

    @Test func `patterns of names apply besides properties, and additionalProperties to the rest`() throws {
        let schema: JSON = [
            "properties": ["total": ["minimum": 0]],
            "patternProperties": ["^t": ["type": "number"], "l$": ["maximum": 9]],
            "additionalProperties": ["type": "null"],
        ]
        #expect(try SchemaProbe.accepts(schema, ["total": 5, "tax": 1, "other": nil]))
        #expect(
            try SchemaProbe.problems(schema, ["total": -1, "tax": "a", "tool": 10, "other": 1]) == [
                "/total: must be at least 0", "/tax: must be a number, but is a string",
                "/tool: must be at most 9", "/other: must be null, but is an integer",
            ])
    }

    @Test func `names of properties are checked as strings`() throws {
        let schema: JSON = ["propertyNames": ["pattern": "^[a-z]+$", "maxLength": 3]]
        #expect(try SchemaProbe.accepts(schema, ["abc": 1]))
        #expect(
            try SchemaProbe.problems(schema, ["a/B1": 1]) == [
                "/a~1B1: has a name that must have at most 3 characters, but has 4; must match ^[a-z]+$"
            ])
        #expect(
            try SchemaProbe.problems(["propertyNames": false], ["a": 1]) == [
                "/a: has a name that is not allowed here"
            ])
    }

    @Test func `what depends on a property is asked for only where the property is`() throws {
        let schema: JSON = [
            "dependentRequired": ["card": ["address", "name"]],
            "dependentSchemas": ["free": ["properties": ["price": ["const": 0]]]],
        ]
        #expect(try SchemaProbe.accepts(schema, ["price": 5]))
        #expect(
            try SchemaProbe.problems(schema, ["card": 1, "name": "a", "free": true, "price": 5]) == [
                "/address: is required where \"card\" is given", "/price: must be 0",
            ])
    }

    @Test func `names are the same only byte by byte`() throws {
        let schema: JSON = ["properties": ["\u{E9}": ["type": "string"]], "additionalProperties": false]
        #expect(try SchemaProbe.accepts(schema, ["\u{E9}": "a"]))
        #expect(try !SchemaProbe.accepts(schema, ["e\u{301}": "a"]))
        #expect(try !SchemaProbe.accepts(["required": ["\u{E9}"]], ["e\u{301}": 1]))
        #expect(try !SchemaProbe.accepts(["const": "\u{E9}"], "e\u{301}"))
    }

    @Test func `lengths count code points`() throws {
        #expect(try SchemaProbe.accepts(["minLength": 2, "maxLength": 2], "\u{1F44D}\u{1F44D}"))
        #expect(try !SchemaProbe.accepts(["maxLength": 1], "e\u{301}"))
    }

    @Test func `values are equal by what they are, not by how they are written`() throws {
        #expect(try SchemaProbe.accepts(["const": ["a": 1, "b": [2]]], ["b": [2.0], "a": 1.0]))
        #expect(try !SchemaProbe.accepts(["const": 1], true))
        #expect(try !SchemaProbe.accepts(["enum": [[0]]], [false]))
        #expect(try SchemaProbe.accepts(["const": 0], -0.0))
        #expect(try SchemaProbe.accepts(["uniqueItems": true], [1, true, "1", [1], ["a": 1], nil]))
        #expect(
            try SchemaProbe.problems(["uniqueItems": true], [["a": 1], 2, ["a": 1.0]]) == [
                ": must not have the same item twice, but items 0 and 2 are equal"
            ])
        #expect(try !SchemaProbe.accepts(["enum": []], nil))
    }

    @Test func `a number without a fraction is an integer`() throws {
        let big = try JSONParser.parse("123456789012345678901234567890")
        let bigFraction = try JSONParser.parse("12345678901234567890.5")
        for value: JSON in [1, 1.0, -3.0, 1e300, big] {
            #expect(try SchemaProbe.accepts(["type": "integer"], value))
        }
        for value: JSON in [1.5, bigFraction, "1"] {
            #expect(try !SchemaProbe.accepts(["type": "integer"], value))
        }
        #expect(try SchemaProbe.accepts(["type": "number"], bigFraction))
    }

    @Test func `if chooses between then and else and says nothing itself`() throws {
        let schema: JSON = [
            "if": ["properties": ["kind": ["const": "a"]], "required": ["kind"]], "then": ["required": ["x"]],
            "else": ["required": ["y"]],
        ]
        #expect(try SchemaProbe.problems(schema, ["kind": "a"]) == ["/x: is required"])
        #expect(try SchemaProbe.problems(schema, ["kind": "b"]) == ["/y: is required"])
        #expect(try SchemaProbe.accepts(["then": false, "else": false], 1))
    }

    @Test func `of several alternatives the one for this kind of value explains what is wrong`() throws {
        let schema: JSON = [
            "anyOf": [
                ["type": "string"],
                ["type": "object", "required": ["a"], "properties": ["b": ["type": "null"]]],
            ]
        ]
        #expect(
            try SchemaProbe.problems(schema, ["b": 1]) == [
                ": matches none of the 2 alternatives", "/a: is required",
                "/b: must be null, but is an integer",
            ])
        #expect(
            try SchemaProbe.problems(["oneOf": [["minimum": 1], ["maximum": 3]]], 2) == [
                ": matches 2 alternatives, but must match exactly one"
            ])
        #expect(
            try SchemaProbe.problems(["not": ["type": "null"]], nil) == [": matches what the schema excludes"]
        )
    }
}
