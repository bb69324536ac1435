package import TenonJSON

/// How a schema is read.
package struct SchemaOptions: Sendable {
    /// Whether a keyword that is neither of JSON Schema 2020-12 nor `secret` nor begins with `x-` is a
    /// mistake: a rule that somebody wrote must hold. Where it is not, such keywords mean nothing.
    package var refusesUnknownKeywords: Bool
    /// Whether `format` is a rule; otherwise it only is one where the dialect says so.
    package var assertsFormats: Bool
    /// Documents that `$ref` and `$schema` may name, by absolute URI, besides the meta-schemas of 2020-12.
    /// Nothing is ever fetched.
    package var documents: [String: JSON]
    /// Where the schema comes from; what its relative references and `$id` are relative to.
    package var baseURI: String

    package init(
        refusesUnknownKeywords: Bool, assertsFormats: Bool, documents: [String: JSON] = [:],
        baseURI: String = ""
    ) {
        self.refusesUnknownKeywords = refusesUnknownKeywords
        self.assertsFormats = assertsFormats
        self.documents = documents
        self.baseURI = baseURI
    }

    /// For schemas that people write for Tenon: nothing that is written there is ignored.
    package static let definitions = SchemaOptions(refusesUnknownKeywords: true, assertsFormats: true)
    /// As the specification says it for schemas from anywhere.
    package static let specification = SchemaOptions(refusesUnknownKeywords: false, assertsFormats: false)
}
