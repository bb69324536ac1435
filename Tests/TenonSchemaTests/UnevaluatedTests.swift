internal import TenonJSON
internal import TenonSchema
internal import Testing

@Suite struct UnevaluatedTests {
    @Test func `what any schema in place has looked at is known`() throws {
        let schema: JSON = [
            "$ref": "#/$defs/base", "properties": ["own": true],
            "allOf": [["patternProperties": ["^x": true]]],
            "anyOf": [
                ["required": ["b"], "properties": ["b": true]],
                ["required": ["c"], "properties": ["c": true]], true,
            ],
            "if": ["required": ["d"], "properties": ["d": ["const": 1]]], "then": ["properties": ["e": true]],
            "dependentSchemas": ["own": ["properties": ["f": true]]], "unevaluatedProperties": false,
            "$defs": ["base": ["properties": ["base": true]]],
        ]
        #expect(try SchemaProbe.accepts(schema, ["own": 1, "base": 1, "x1": 1, "b": 1, "c": 1, "f": 1]))
        #expect(try SchemaProbe.accepts(schema, ["d": 1, "e": 1]))
        for value: JSON in [["e": 1], ["d": 2], ["f": 1], ["other": 1]] {
            #expect(try !SchemaProbe.accepts(schema, value), "\(value)")
        }
    }

    @Test func `neither a failed alternative nor not nor a cousin has looked at anything`() throws {
        let failed: JSON = [
            "anyOf": [["properties": ["a": ["type": "string"]], "required": ["z"]], true],
            "unevaluatedProperties": false,
        ]
        #expect(try !SchemaProbe.accepts(failed, ["a": "x"]))
        let negated: JSON = ["not": ["not": ["properties": ["a": true]]], "unevaluatedProperties": false]
        #expect(try !SchemaProbe.accepts(negated, ["a": 1]))
        let cousin: JSON = ["allOf": [["properties": ["a": true]], ["unevaluatedProperties": false]]]
        #expect(try !SchemaProbe.accepts(cousin, ["a": 1]))
        let inner: JSON = ["allOf": [["unevaluatedProperties": true]], "unevaluatedProperties": false]
        #expect(try SchemaProbe.accepts(inner, ["a": 1]))
    }

    @Test func `properties of deeper values do not count here`() throws {
        let schema: JSON = [
            "properties": ["a": ["properties": ["b": true]]], "unevaluatedProperties": ["type": "integer"],
        ]
        #expect(try SchemaProbe.accepts(schema, ["a": ["b": "x"], "b": 1]))
        #expect(try SchemaProbe.problems(schema, ["b": "x"]) == ["/b: must be an integer, but is a string"])
    }

    @Test func `items that the prefix, items or contains describe are known`() throws {
        let prefix: JSON = [
            "prefixItems": [true], "allOf": [["prefixItems": [true, true]]], "unevaluatedItems": false,
        ]
        #expect(try SchemaProbe.accepts(prefix, [1, 2]))
        #expect(try SchemaProbe.problems(prefix, [1, 2, 3]) == ["/2: is not allowed here"])
        let contains: JSON = [
            "contains": ["type": "string"], "minContains": 0, "unevaluatedItems": ["type": "integer"],
        ]
        #expect(try SchemaProbe.accepts(contains, ["a", 1, "b"]))
        #expect(try !SchemaProbe.accepts(contains, ["a", nil]))
        let all: JSON = ["allOf": [["items": true]], "unevaluatedItems": false]
        #expect(try SchemaProbe.accepts(all, [1, 2, 3]))
    }

    @Test func `a typing mistake is told with the property of any schema in place`() throws {
        let schema: JSON = [
            "allOf": [["properties": ["address": true]]], "properties": ["name": true],
            "unevaluatedProperties": false,
        ]
        #expect(
            try SchemaProbe.problems(schema, ["adress": 1]) == [
                "/adress: is not a known property; did you mean \"address\"?"
            ])
    }

    @Test func `what cannot be judged since another rule failed is not told on top`() throws {
        let schema: JSON = [
            "oneOf": [
                ["properties": ["kind": ["const": "a"], "x": true], "required": ["kind"]],
                ["properties": ["kind": ["const": "b"], "y": true], "required": ["kind"]],
            ], "unevaluatedProperties": false,
        ]
        #expect(
            try SchemaProbe.problems(schema, ["kind": "c", "x": 1]) == [
                ": matches none of the 2 alternatives", "/kind: must be \"a\"",
            ])
    }

    @Test func `many members are kept apart`() throws {
        let names = (0..<200).map { "m\($0)" }
        let schema: JSON = [
            "properties": .object(JSONObject(names.map { ($0, true) })), "unevaluatedProperties": false,
        ]
        var value = JSONObject(names.map { ($0, 1) })
        #expect(try SchemaProbe.accepts(schema, .object(value)))
        value["another"] = 1
        #expect(try !SchemaProbe.accepts(schema, .object(value)))
    }
}
