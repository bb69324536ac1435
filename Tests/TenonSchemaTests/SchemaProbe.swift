internal import TenonJSON
internal import TenonModel
internal import TenonSchema

/// What a schema says, as short texts.
enum SchemaProbe {
    /// Every problem as "pointer: message".
    static func problems(
        _ schema: JSON, _ value: JSON, _ options: SchemaOptions = .specification
    ) throws -> [String] {
        try JSONSchema(schema, options: options).problems(in: value).map { "\($0.pointer): \($0.message)" }
    }

    static func accepts(_ schema: JSON, _ value: JSON, _ options: SchemaOptions = .specification) throws
        -> Bool
    {
        let schema = try JSONSchema(schema, options: options)
        return schema.problems(in: value).isEmpty && schema.accepts(value)
    }

    /// Every mistake of a schema as "pointer: message".
    static func mistakes(_ schema: JSON, _ options: SchemaOptions = .definitions) -> [String] {
        do {
            _ = try JSONSchema(schema, options: options)
            return []
        } catch {
            return error.fields.map { "\($0.pointer): \($0.message)" }
        }
    }
}
