internal import TenonJSON
internal import TenonSchema
internal import Testing

@Suite struct UsesTests {
    @Test func `secrets are found wherever a schema may put them`() throws {
        let schema: JSON = [
            "$id": "https://example.com/s", "properties": ["dynamic": ["$dynamicRef": "#key"]],
            "patternProperties": ["^token_": ["secret": true]],
            "dependentSchemas": ["user": ["properties": ["word": ["secret": true]]]],
            "unevaluatedProperties": ["items": ["prefixItems": [true, ["secret": true]]]],
            "$defs": ["key": ["$dynamicAnchor": "key", "secret": true]],
        ]
        let value: JSON = [
            "dynamic": "a", "token_x": "b", "user": "c", "word": "d", "rest": [["e", "f"]],
            "list": [[1, nil]],
        ]
        #expect(
            try JSONSchema(schema).masked(value) == [
                "dynamic": "********", "token_x": "********", "user": "c", "word": "********",
                "rest": [["e", "********"]], "list": [[1, nil]],
            ])
    }

    @Test func `secrets among items are found by position, by items and by contains`() throws {
        let schema: JSON = [
            "properties": [
                "a": ["prefixItems": [["secret": true]], "items": true], "b": ["contains": ["secret": true]],
                "c": ["unevaluatedItems": ["secret": true]],
            ]
        ]
        #expect(
            try JSONSchema(schema).masked(["a": ["x", "y"], "b": ["x"], "c": ["x"]]) == [
                "a": ["********", "y"], "b": ["********"], "c": ["********"],
            ])
    }

    @Test func `defaults are filled into items and members that patterns describe`() throws {
        let part: JSON = ["properties": ["n": ["default": 1]]]
        let schema: JSON = [
            "properties": ["list": ["prefixItems": [part], "items": ["properties": ["n": ["default": 2]]]]],
            "patternProperties": ["^p": part],
            "dependentSchemas": ["p1": ["properties": ["q": ["default": 3]]]],
        ]
        #expect(
            try JSONSchema(schema).fillingDefaults(in: ["list": [[:], [:], 5], "p1": [:], "z": [:]]) == [
                "list": [["n": 1], ["n": 2], 5], "p1": ["n": 1], "z": [:], "q": 3,
            ])
    }

    @Test func `the names of properties are those of all schemas in place`() throws {
        let schema: JSON = [
            "properties": ["a": true, "b": true], "$ref": "#/$defs/r",
            "oneOf": [["properties": ["d": true, "a": true]]],
            "$defs": ["r": ["properties": ["c": true]]],
        ]
        #expect(try JSONSchema(schema).propertyNames == ["a", "b", "c", "d"])
    }
}
