internal import TenonJSON

/// The keys of the execution's context that an `inputSchema` names.
package struct ContextNames: Sendable {
    var properties: [String] = []
    /// Whether it allows no others.
    var isClosed = false

    init() {}

    init(inputSchema: JSON?) {
        guard let schema = inputSchema?.object else { return }
        properties = schema["properties"]?.object?.keys ?? []
        // Beside these two no other keyword matters to what `additionalProperties` refuses.
        isClosed =
            schema["additionalProperties"] == false && schema["patternProperties"]?.object?.isEmpty ?? true
    }
}
