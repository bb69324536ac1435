internal import TenonJSON

/// The meta-schemas of JSON Schema 2020-12 by their URIs.
enum MetaSchemas {
    static let prefix = "https://json-schema.org/draft/2020-12/"

    /// The document with this URI, or nil.
    static func document(_ uri: String) -> JSON? { documents[uri] }

    // `try?`: the texts are part of the program; a test reads and compiles each of them.
    static let documents: [String: JSON] = Dictionary(
        texts.compactMap { name, text in
            guard let json = try? JSONParser.parse(text) else { return nil }
            return (prefix + name, json)
        }, uniquingKeysWith: { $1 })

    static let texts: [(name: String, text: String)] = [
        ("schema", schema), ("meta/core", core), ("meta/applicator", applicator),
        ("meta/unevaluated", unevaluated), ("meta/validation", validation), ("meta/meta-data", metaData),
        ("meta/format-annotation", formatAnnotation), ("meta/format-assertion", formatAssertion),
        ("meta/content", content),
    ]
}
