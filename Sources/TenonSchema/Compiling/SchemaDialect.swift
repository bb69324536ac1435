internal import TenonJSON

/// The keywords that mean something in a schema, by `$schema`.
struct SchemaDialect: Sendable {
    static let uri = "https://json-schema.org/draft/2020-12/schema"
    private static let prefix = "https://json-schema.org/draft/2020-12/vocab/"
    static let standard = SchemaDialect(vocabularies: [
        "core", "applicator", "unevaluated", "validation", "meta-data", "format-annotation", "content",
    ])

    /// Keywords by the last word of their vocabulary's URI.
    private static let vocabularies: [String: Set<String>] = [
        "core": [
            "$id", "$schema", "$ref", "$anchor", "$dynamicRef", "$dynamicAnchor", "$vocabulary", "$comment",
            "$defs",
        ],
        "applicator": [
            "prefixItems", "items", "contains", "additionalProperties", "properties", "patternProperties",
            "dependentSchemas", "propertyNames", "if", "then", "else", "allOf", "anyOf", "oneOf", "not",
        ],
        "unevaluated": ["unevaluatedItems", "unevaluatedProperties"],
        "validation": [
            "type", "const", "enum", "multipleOf", "maximum", "exclusiveMaximum", "minimum",
            "exclusiveMinimum", "maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems",
            "maxContains", "minContains", "maxProperties", "minProperties", "required", "dependentRequired",
        ],
        "meta-data": [
            "title", "description", "default", "deprecated", "readOnly", "writeOnly", "examples", "secret",
        ],
        "format-annotation": ["format"],
        "format-assertion": ["format"],
        "content": ["contentEncoding", "contentMediaType", "contentSchema"],
    ]

    let keywords: Set<String>
    let assertsFormats: Bool

    private init(vocabularies: Set<String>) {
        keywords = vocabularies.reduce(into: []) { $0.formUnion(Self.vocabularies[$1] ?? []) }
        assertsFormats = vocabularies.contains("format-assertion")
    }

    private init(standardWithout keywords: Set<String>) {
        self.keywords = Self.standard.keywords.subtracting(keywords)
        assertsFormats = false
    }

    /// The dialect that a meta-schema describes, or a vocabulary that it needs and Tenon does not know.
    static func described(by metaSchema: JSON) -> Result<SchemaDialect, UnknownVocabulary> {
        guard let vocabularies = metaSchema["$vocabulary"]?.object else { return .success(.standard) }
        var known: Set<String> = ["core"]
        for member in vocabularies {
            let name = member.key.hasPrefix(prefix) ? String(member.key.dropFirst(prefix.count)) : ""
            if Self.vocabularies[name] != nil {
                known.insert(name)
            } else if member.value.bool != false {
                return .failure(UnknownVocabulary(uri: member.key))
            }
        }
        return .success(SchemaDialect(vocabularies: known))
    }

    /// Drafts before 2020-12 are read as 2020-12 without the keywords that they did not have.
    static func earlier(_ uri: String) -> SchemaDialect? {
        let since2020: Set<String> = ["prefixItems", "$dynamicRef", "$dynamicAnchor"]
        let since2019: Set<String> = [
            "dependentRequired", "dependentSchemas", "unevaluatedItems", "unevaluatedProperties",
            "minContains",
            "maxContains", "$anchor", "$vocabulary", "$defs",
        ]
        switch uri {
        case "https://json-schema.org/draft/2019-09/schema":
            return SchemaDialect(standardWithout: since2020)
        case "http://json-schema.org/draft-07/schema":
            return SchemaDialect(standardWithout: since2020.union(since2019))
        case "http://json-schema.org/draft-06/schema", "http://json-schema.org/draft-04/schema":
            return SchemaDialect(standardWithout: since2020.union(since2019).union(["if", "then", "else"]))
        default: return nil
        }
    }
}

struct UnknownVocabulary: Error {
    let uri: String
}
