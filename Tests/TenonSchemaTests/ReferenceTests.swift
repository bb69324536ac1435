internal import TenonJSON
internal import TenonSchema
internal import Testing

@Suite struct ReferenceTests {
    private func options(_ documents: [String: JSON]) -> SchemaOptions {
        var options = SchemaOptions.specification
        options.documents = documents
        return options
    }

    @Test func `an anchor is found by its name, in the resource that it belongs to`() throws {
        let schema: JSON = [
            "$id": "https://example.com/root",
            "properties": ["own": ["$ref": "#size"], "other": ["$ref": "part#size"]],
            "$defs": [
                "a": ["$anchor": "size", "type": "integer"],
                "b": ["$id": "part", "$defs": ["c": ["$anchor": "size", "type": "string"]]],
            ],
        ]
        #expect(try SchemaProbe.accepts(schema, ["own": 1, "other": "a"]))
        #expect(
            try SchemaProbe.problems(schema, ["own": "a", "other": 1]) == [
                "/own: must be an integer, but is a string", "/other: must be a string, but is an integer",
            ])
    }

    @Test func `relative references follow the nearest $id around them`() throws {
        let schema: JSON = [
            "$id": "https://example.com/a/b/root.json",
            "properties": ["x": ["$id": "../c/", "items": ["$ref": "./d/../leaf.json?v=1"]]],
        ]
        let leaf: [String: JSON] = ["https://example.com/a/c/leaf.json?v=1": ["type": "null"]]
        #expect(try SchemaProbe.accepts(schema, ["x": [nil]], options(leaf)))
        #expect(try !SchemaProbe.accepts(schema, ["x": [1]], options(leaf)))
    }

    @Test(
        arguments: [
            ("http://a/b/c/d?q", "g", "http://a/b/c/g"), ("http://a/b/c/d?q", "../g", "http://a/b/g"),
            ("http://a/b/c/d?q", "../../../g", "http://a/g"), ("http://a/b/c/d?q", "/g", "http://a/g"),
            ("http://a/b/c/d?q", "//g/h", "http://g/h"), ("http://a/b/c/d?q", "?y", "http://a/b/c/d?y"),
            ("http://a/b/c/d?q", "g/", "http://a/b/c/g/"), ("http://a/b/c/d?q", ".", "http://a/b/c/"),
            ("http://a/b/c/d?q", "..", "http://a/b/"), ("http://a", "g", "http://a/g"),
            ("urn:x:y", "urn:z:1", "urn:z:1"), ("file:///a/b", "c", "file:///a/c"),
        ])
    func `references resolve as RFC 3986 says`(base: String, reference: String, target: String) throws {
        let schema: JSON = ["$id": .string(base), "$ref": .string(reference)]
        let documents = options([target: ["const": "found"]])
        #expect(try SchemaProbe.accepts(schema, "found", documents))
        #expect(try !SchemaProbe.accepts(schema, "lost", documents))
    }

    @Test func `a document is known by where it comes from and by its $id`() throws {
        let documents = options([
            "https://example.com/from": [
                "$id": "https://example.com/called", "$ref": "#/$defs/a", "$defs": ["a": ["type": "string"]],
            ]
        ])
        let schema: JSON = [
            "items": ["$ref": "https://example.com/from"],
            "contains": ["$ref": "https://example.com/called#/$defs/a"],
        ]
        #expect(try SchemaProbe.accepts(schema, ["a"], documents))
        #expect(try !SchemaProbe.accepts(schema, [1], documents))
    }

    @Test func `a document that is not in the table is never fetched but refused`() {
        #expect(
            SchemaProbe.mistakes(["items": ["$ref": "https://example.com/x.json#/a"]]) == [
                "/items/$ref: names the document https://example.com/x.json, which is not known here; "
                    + "nothing is fetched, so refer to a place in this schema such as \"#/$defs/name\""
            ])
    }

    @Test func `a mistake in another document is told with the document's name`() {
        let documents = options(["https://example.com/x": ["properties": ["a": ["minLength": -1]]]])
        #expect(
            SchemaProbe.mistakes(["$ref": "https://example.com/x"], documents) == [
                ": refers to https://example.com/x#/properties/a/minLength, "
                    + "which must be a whole number from 0"
            ])
    }

    @Test func `pointers are unescaped twice and count strictly`() throws {
        let schema: JSON = [
            "$defs": ["a/b": ["~ %": ["const": 1]], "list": ["allOf": [["const": 2]]]],
            "properties": [
                "x": ["$ref": "#/$defs/a~1b/~0%20%25"], "y": ["$ref": "#/$defs/list/allOf/0"],
            ],
        ]
        // The target stands where no keyword leads, and counts as a schema all the same.
        let lenient: SchemaOptions = .specification
        #expect(try SchemaProbe.accepts(schema, ["x": 1, "y": 2], lenient))
        #expect(try !SchemaProbe.accepts(schema, ["x": 2, "y": 2], lenient))
        for reference in [
            "#/$defs/list/allOf/00", "#/$defs/list/allOf/+0", "#/$defs/a~2b", "#/%4", "#nowhere",
        ] {
            let wrong: JSON = ["$ref": .string(reference), "$defs": ["list": ["allOf": [true]]]]
            #expect(SchemaProbe.mistakes(wrong).count == 1, "\(reference)")
        }
    }

    @Test func `an $id in data or below an unknown keyword names nothing`() {
        for holder: JSON in [
            ["const": ["$id": "https://example.com/x"]], ["zebra": ["$id": "https://example.com/x"]],
        ] {
            let schema: JSON = ["$defs": ["a": holder], "$ref": "https://example.com/x"]
            #expect(SchemaProbe.mistakes(schema, .specification).count == 1)
        }
    }

    @Test func `names that are taken or malformed are refused`() {
        let twice: JSON = ["$defs": ["a": ["$anchor": "x"], "b": ["$dynamicAnchor": "x"]]]
        #expect(
            SchemaProbe.mistakes(twice) == [
                "/$defs/b/$dynamicAnchor: is the anchor of another schema already"
            ])
        let same: JSON = ["$defs": ["a": ["$id": "u:x"], "b": ["$id": "u:x"]]]
        #expect(SchemaProbe.mistakes(same) == ["/$defs/b/$id: is the $id of another schema already"])
        #expect(SchemaProbe.mistakes(["$anchor": "1a"]).count == 1)
        #expect(SchemaProbe.mistakes(["$anchor": "a b"]).count == 1)
        #expect(SchemaProbe.mistakes(["$id": "https://example.com/a#b"]).count == 1)
        #expect(SchemaProbe.mistakes(["$ref": 1]).count == 1)
    }

    /// A tree that others may refine: its children are what the outermost schema says.
    private static let tree: JSON = [
        "$id": "https://example.com/tree", "$dynamicAnchor": "node", "type": "object",
        "properties": ["value": true, "children": ["type": "array", "items": ["$dynamicRef": "#node"]]],
    ]

    @Test func `a dynamic reference leads to the outermost schema in scope`() throws {
        let strict: JSON = [
            "$id": "https://example.com/strict", "$dynamicAnchor": "node", "$ref": "tree",
            "unevaluatedProperties": false,
        ]
        let documents = options(["https://example.com/tree": Self.tree])
        let value: JSON = ["children": [["valeu": 1]]]
        #expect(try SchemaProbe.accepts(Self.tree, value))
        #expect(
            try SchemaProbe.problems(strict, value, documents) == [
                "/children/0/valeu: is not a known property; did you mean \"value\"?"
            ])
    }

    @Test func `a dynamic reference is an ordinary one where the anchor is not dynamic or out of scope`()
        throws
    {
        let schema: JSON = [
            "$id": "https://example.com/main",
            "properties": ["a": ["$ref": "inner"], "b": ["$ref": "plain"]],
            "$defs": [
                "outer": ["$id": "outer", "$dynamicAnchor": "kind", "type": "null"],
                "inner": [
                    "$id": "inner", "$dynamicRef": "#kind",
                    "$defs": ["k": ["$dynamicAnchor": "kind", "type": "string"]],
                ],
                "plain": [
                    "$id": "plain", "$dynamicRef": "#kind",
                    "$defs": ["k": ["$anchor": "kind", "type": "boolean"]],
                ],
            ],
        ]
        #expect(try SchemaProbe.accepts(schema, ["a": "text", "b": true]))
        #expect(try !SchemaProbe.accepts(schema, ["a": nil]))
        #expect(try !SchemaProbe.accepts(schema, ["b": nil]))
    }

    @Test func `dynamic references that never end are stopped`() throws {
        let schema: JSON = [
            "$id": "https://example.com/a", "$dynamicAnchor": "x", "$ref": "b",
            "$defs": [
                "b": [
                    "$id": "b", "$dynamicRef": "#x",
                    "$defs": ["x": ["$dynamicAnchor": "x", "type": "string"]],
                ]
            ],
        ]
        #expect(try SchemaProbe.problems(schema, "a") == [": costs too much to check by its schema"])
    }
}
