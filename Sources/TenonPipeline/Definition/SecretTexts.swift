internal import TenonExpression
package import TenonJSON
package import TenonModel

/// The texts of a pipeline's ends that may hold secrets as `{{secret.NAME}}`. Only what connectors get is
/// rendered: everything that is recorded or shown keeps the text as it was written.
package enum SecretTexts {
    /// The members of a request that are rendered.
    private static let keys = ["stream", "query"]

    /// The names of the secrets in a text, or what is wrong with it.
    static func secrets(in text: String?, at pointer: JSONPointer) throws(TenonError) -> [String] {
        guard let text, text.contains("{{") else { return [] }
        return try template(text, at: pointer).references.compactMap(\.members.first)
    }

    private static func template(
        _ text: String, at pointer: JSONPointer = JSONPointer()
    ) throws(TenonError) -> Template {
        var names = KnownNames(topLevel: ["secret"])
        names.problem = { $0.members.count == 1 ? nil : "a secret is named as it stands: secret.NAME" }
        return try Template.compile(.string(text), names: names, at: pointer)
    }

    /// A request as the connector gets it. Throws `template.missing` where a secret is not there.
    package static func rendered(
        _ request: JSONObject, secrets: [String: String]
    ) throws(TenonError) -> JSONObject {
        var request = request
        let values = JSONObject(secrets.map { (key: $0, value: .string($1)) })
        let scope = ObjectScope(["secret": .object(values)])
        for key in keys {
            guard let text = request[key]?.string, text.contains("{{") else { continue }
            request[key] = .string(try template(text).render(scope).templateText)
        }
        return request
    }
}

extension JSON {
    /// A text that is exactly one template keeps its value's type; here it goes where a text is wanted.
    fileprivate var templateText: String { string ?? text }
}
