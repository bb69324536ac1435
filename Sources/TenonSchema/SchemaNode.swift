internal import TenonJSON
internal import TenonPattern

/// One schema of a document, compiled. Other schemas are named by their position in `JSONSchema.nodes`.
struct SchemaNode: Sendable {
    /// `true` and `false` as schemas.
    var always: Bool?
    var reference: Int?
    /// JSON Schema's words; empty means any.
    var types: [String] = []
    var isSecret = false
    var defaultValue: JSON?

    var allowedValues: AllowedValues?
    var number = NumberRules()
    /// In Unicode scalars.
    var length = CountRange()
    var pattern: TextPattern?
    var itemCount = CountRange()
    var itemsAreUnique = false
    var items: Int?
    var memberCount = CountRange()
    var required: [String] = []
    var propertyNames: [String] = []
    var properties: [String: Int] = [:]
    var additionalProperties: Int?

    var allOf: [Int] = []
    var anyOf: [Int] = []
    var oneOf: [Int] = []
    var not: Int?
    var ifNode: Int?
    var thenNode: Int?
    var elseNode: Int?

    /// The schemas that see the same value as this one.
    var inPlace: [Int] {
        [reference, not, ifNode, thenNode, elseNode].compactMap { $0 } + allOf + anyOf + oneOf
    }
}

struct AllowedValues: Sendable {
    /// Canonical forms.
    var forms: Set<[UInt8]>
    /// For people.
    var text: String
}

struct TextPattern: Sendable {
    var pattern: Pattern
    var text: String
}

struct CountRange: Sendable {
    var minimum: Int?
    var maximum: Int?
}

struct NumberRules: Sendable {
    var minimum: ExactDecimal?
    var maximum: ExactDecimal?
    var exclusiveMinimum: ExactDecimal?
    var exclusiveMaximum: ExactDecimal?
    var multipleOf: ExactDecimal?
    /// The limits as the schema writes them, by keyword.
    var texts: [String: String] = [:]
}
