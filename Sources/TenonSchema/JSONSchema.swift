package import TenonJSON
package import TenonModel

/// A JSON Schema (2020-12), compiled.
package struct JSONSchema: Sendable {
    let compiled: CompiledSchema

    /// Compiles `json`; `location` is where the schema stands in its document, for the pointers of errors.
    ///
    /// Throws `schema.invalid` with every mistake, at most a hundred.
    package init(
        _ json: JSON, at location: JSONPointer = JSONPointer(), options: SchemaOptions = .definitions
    ) throws(TenonError) {
        var compiler = SchemaCompiler(location: location, options: options)
        compiled = try compiler.compile(json)
    }

    /// What the schema does not allow in `value`, at most a hundred problems; empty means valid.
    package func problems(in value: JSON, at location: JSONPointer = JSONPointer()) -> [FieldError] {
        var validation = SchemaValidation(
            compiled, stepsLeft: SchemaValidation.stepLimit(for: value))
        return validation.allProblems(in: value, node: 0, at: location)
    }

    /// Whether the schema allows `value`; also false where finding out costs too much.
    package func accepts(_ value: JSON) -> Bool {
        var validation = SchemaValidation(
            compiled, stepsLeft: SchemaValidation.stepLimit(for: value))
        return validation.isValid(value, node: 0)
    }

    /// `value` with the defaults of absent properties put in.
    package func fillingDefaults(in value: JSON) -> JSON {
        var filling = SchemaDefaults(compiled, for: value)
        return filling.filled(value, node: 0)
    }

    /// `value` with `"********"` in place of each secret.
    package func masked(_ value: JSON) -> JSON {
        var search = SchemaSecrets(compiled)
        return search.masked(value)
    }

    /// The names of the properties that the schema describes, in order, also those of its alternatives.
    package var propertyNames: [String] { compiled.propertyNames(from: compiled.nodes[0].rules) }
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
}
