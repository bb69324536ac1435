internal import TenonJSON
internal import TenonSchema
internal import Testing

@Suite struct DialectTests {
    private static let standard = "https://json-schema.org/draft/2020-12/schema"
    private static let vocabulary = "https://json-schema.org/draft/2020-12/vocab/"

    private func options(_ vocabularies: [String: Bool]) -> SchemaOptions {
        let members = vocabularies.map { name, isNeeded in
            (name.contains(":") ? name : Self.vocabulary + name, JSON.bool(isNeeded))
        }
        var options = SchemaOptions.specification
        options.documents = ["https://example.com/meta": ["$vocabulary": .object(JSONObject(members))]]
        return options
    }

    @Test func `the meta-schema accepts schemas and finds what is wrong in others`() throws {
        let meta: JSON = ["$ref": .string(Self.standard)]
        #expect(try SchemaProbe.accepts(meta, ["properties": ["a": ["type": ["string", "null"]]]]))
        #expect(try SchemaProbe.accepts(meta, ["$ref": .string(Self.standard), "unevaluatedItems": false]))
        let wrong: [JSON] = [
            ["type": "text"], ["properties": ["a": ["minLength": -1]]], ["allOf": []], ["not": 1],
            ["items": ["contains": ["required": "a"]]], ["$defs": ["x": ["$anchor": "1"]]],
            ["contentMediaType": 1],
            ["deprecated": "yes"], ["format": 1], ["unevaluatedProperties": [["type": 1]]],
        ]
        for schema in wrong { #expect(try !SchemaProbe.accepts(meta, schema), "\(schema)") }
    }

    @Test(
        arguments: [
            "schema", "meta/core", "meta/applicator", "meta/unevaluated", "meta/validation", "meta/meta-data",
            "meta/format-annotation", "meta/format-assertion", "meta/content",
        ]) func `every meta-schema is there`(name: String) throws
    {
        let reference: JSON = ["$ref": .string("https://json-schema.org/draft/2020-12/\(name)")]
        #expect(try SchemaProbe.accepts(reference, [:]))
        #expect(try !SchemaProbe.accepts(reference, 1))
    }

    @Test func `keywords of a vocabulary that the dialect does not have mean nothing`() throws {
        let options = options(["core": true, "applicator": true])
        let schema: JSON = [
            "$schema": "https://example.com/meta", "properties": ["a": false, "b": ["type": "string"]],
        ]
        #expect(try SchemaProbe.accepts(schema, ["b": 1], options))
        #expect(try !SchemaProbe.accepts(schema, ["a": 1], options))
    }

    @Test func `an unknown vocabulary is ignored where it is optional and refused where it is not`() throws {
        let schema: JSON = ["$schema": "https://example.com/meta", "type": "string"]
        let optional = options(["validation": true, "https://example.com/colours": false])
        #expect(try !SchemaProbe.accepts(schema, 1, optional))
        let needed = options(["validation": true, "https://example.com/colours": true])
        #expect(
            SchemaProbe.mistakes(schema, needed) == [
                "/$schema: needs the vocabulary https://example.com/colours, which is not known"
            ])
    }

    @Test func `format is a rule where the dialect says so, and where the reader wants it`() throws {
        let schema: JSON = ["$schema": "https://example.com/meta", "format": "ipv4"]
        let options = options(["format-assertion": true])
        #expect(try !SchemaProbe.accepts(schema, "x", options))
        #expect(try SchemaProbe.accepts(["format": "ipv4"], "x"))
        #expect(try !SchemaProbe.accepts(["format": "ipv4"], "x", .definitions))
    }

    @Test func `another dialect is refused in definitions, and so is one that nobody knows`() {
        let earlier: JSON = ["$schema": "http://json-schema.org/draft-07/schema#"]
        #expect(SchemaProbe.mistakes(earlier).count == 1)
        #expect(SchemaProbe.mistakes(earlier, .specification).isEmpty)
        #expect(SchemaProbe.mistakes(["$schema": "https://example.com/none"], .specification).count == 1)
        #expect(SchemaProbe.mistakes(["$schema": .string(Self.standard)]).isEmpty)
        #expect(SchemaProbe.mistakes(["not": ["$schema": .string(Self.standard)]]).count == 1)
        #expect(SchemaProbe.mistakes(["not": ["$id": "u:a", "$schema": .string(Self.standard)]]).isEmpty)
    }

    @Test func `annotations are no rules, but must be what they are`() throws {
        let schema: JSON = [
            "title": "a", "description": "b", "$comment": "c", "examples": [1], "deprecated": true,
            "readOnly": true, "writeOnly": false, "contentEncoding": "base64",
            "contentMediaType": "application/json", "contentSchema": ["type": "object"], "x-order": 1,
            "default": 1,
        ]
        #expect(try SchemaProbe.accepts(schema, "no base64 at all!", .definitions))
        for keyword in ["title", "description", "contentEncoding", "contentMediaType", "$comment"] {
            #expect(SchemaProbe.mistakes(.object(JSONObject([(keyword, 1)]))).count == 1, "\(keyword)")
        }
        #expect(SchemaProbe.mistakes(["contentSchema": 1]).count == 1)
        #expect(SchemaProbe.mistakes(["readOnly": 1]).count == 1)
        #expect(SchemaProbe.mistakes(["examples": 1]).count == 1)
    }
}
