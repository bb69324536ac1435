package import TenonJSON
package import TenonModel

/// A JSON Schema (2020-12), compiled.
///
/// It knows the keywords that manifests use. A keyword that it does not know is an error when the schema is
/// compiled,
/// never silently ignored: a rule that somebody wrote must hold.
package struct JSONSchema: Sendable {
    let nodes: [SchemaNode]

    /// Compiles `json`; `location` is where the schema stands in its document, for the pointers of errors.
    ///
    /// Throws `schema.invalid` with every mistake.
    package init(_ json: JSON, at location: JSONPointer = JSONPointer()) throws(TenonError) {
        var compiler = SchemaCompiler(root: json, location: location)
        nodes = try compiler.compile()
    }

    /// Everything in `value` that the schema does not allow; empty means valid.
    package func problems(in value: JSON, at location: JSONPointer = JSONPointer()) -> [FieldError] {
        var validation = SchemaValidation(nodes: nodes)
        return validation.problems(in: value, node: 0, at: location)
    }

    /// `value` with the defaults of absent properties put in.
    package func fillingDefaults(in value: JSON) -> JSON {
        var filling = SchemaDefaults(nodes: nodes)
        return filling.filled(value, node: 0)
    }

    /// Where in `value` secrets stand.
    package func secretPointers(in value: JSON) -> [JSONPointer] {
        var search = SchemaSecrets(nodes: nodes)
        search.visit(value, node: 0, at: JSONPointer())
        return search.found
    }

    /// `value` with `"********"` in place of each secret.
    package func masked(_ value: JSON) -> JSON {
        secretPointers(in: value).reduce(value) { $0.replacing(at: $1.tokens[...], with: .mask) }
    }

    /// The names of the properties that the schema describes, in order, also those of its alternatives.
    package var propertyNames: [String] {
        var seen: Set<Int> = []
        var names: [String] = []
        collectPropertyNames(of: 0, seen: &seen, into: &names)
        return names
    }

    private func collectPropertyNames(of index: Int, seen: inout Set<Int>, into names: inout [String]) {
        guard seen.insert(index).inserted else { return }
        let node = nodes[index]
        for name in node.propertyNames where !names.contains(name) { names.append(name) }
        for next in node.inPlace { collectPropertyNames(of: next, seen: &seen, into: &names) }
    }
}

extension JSON {
    /// What stands in place of a secret, everywhere and for ever.
    package static let mask: JSON = "********"

    /// Every value of an object masked: for a configuration of which no schema says what is secret.
    package var fullyMasked: JSON {
        switch self {
        case .object(let object): .object(JSONObject(object.members.map { ($0.key, $0.value.fullyMasked) }))
        case .array(let elements): .array(elements.map(\.fullyMasked))
        case .null: .null
        default: .mask
        }
    }

    fileprivate func replacing(at tokens: ArraySlice<String>, with value: JSON) -> JSON {
        guard let token = tokens.first else { return value }
        switch self {
        case .object(var object):
            object[token] = object[token]?.replacing(at: tokens.dropFirst(), with: value)
            return .object(object)
        case .array(var elements):
            guard let index = Int(token), elements.indices.contains(index) else { return self }
            elements[index] = elements[index].replacing(at: tokens.dropFirst(), with: value)
            return .array(elements)
        default: return self
        }
    }
}
