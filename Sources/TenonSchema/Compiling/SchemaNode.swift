internal import TenonJSON
internal import TenonPattern

/// One schema of a document, compiled; a class so that checking a value copies none of it.
final class SchemaNode: Sendable {
    let rules: SchemaRules

    init(_ rules: SchemaRules) { self.rules = rules }
}

/// What one schema says. Other schemas are named by their position in the list of nodes.
struct SchemaRules: Sendable {
    /// `true` and `false` as schemas.
    var always: Bool?
    /// The schema resource that this stands in, by its position.
    var resource = 0
    var reference: Int?
    var dynamicReference: DynamicReference?
    var types: TypeRule?
    var isSecret = false
    var defaultValue: JSON?

    var allowedValues: AllowedValues?
    var number: NumberRules?
    var text: TextRules?
    var array: ArrayRules?
    var object: ObjectRules?
    var combination: Combination?

    var hasUnevaluated: Bool { array?.unevaluated != nil || object?.unevaluated != nil }

    /// The schemas that see the same value as this one. Of a `$dynamicRef` only the target where nothing else
    /// is in scope is among them.
    var inPlace: [Int] {
        var nodes = [reference, dynamicReference?.target].compactMap { $0 }
        nodes += combination?.nodes ?? []
        nodes += object?.dependentSchemas.map(\.node) ?? []
        return nodes
    }
}

struct DynamicReference: Sendable {
    /// What the reference means where nothing in scope takes its place.
    var target: Int
    /// The `$dynamicAnchor` to look for in scope, outermost first; nil for a reference like any other.
    var anchor: String?
}

struct TypeRule: Sendable {
    var types: TypeSet
    /// JSON Schema's words in the schema's order.
    var names: [String]
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

/// For strings.
struct TextRules: Sendable {
    /// In Unicode scalars.
    var length = CountRange()
    var pattern: TextPattern?
    var format: TextFormat?
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

struct ArrayRules: Sendable {
    var itemCount = CountRange()
    var areUnique = false
    var prefix: [Int] = []
    /// For the items after the prefix.
    var items: Int?
    var contains: Int?
    /// How many items `contains` must fit; without words of the schema at least one.
    var containsCount = CountRange()
    var unevaluated: Int?

    /// The schema for the item at a position, if any besides `contains`.
    func node(at position: Int) -> Int? { prefix.indices.contains(position) ? prefix[position] : items }
}

struct ObjectRules: Sendable {
    var memberCount = CountRange()
    var required: [String] = []
    var properties = NameTable()
    var patterns: [PatternProperty] = []
    /// For members that neither `properties` nor `patterns` name.
    var additional: Int?
    var names: Int?
    var dependentRequired: [(name: String, needs: [String])] = []
    var dependentSchemas: [(name: String, node: Int)] = []
    var unevaluated: Int?

    /// The schemas for a member, if any besides `unevaluated`.
    func nodes(for name: String) -> [Int] {
        var nodes = [properties[name]].compactMap { $0 }
        // Where finding out costs too much, the value is refused anyway: so long it counts as described.
        nodes += patterns.filter { (try? $0.pattern.pattern.matches(name)) ?? true }.map(\.node)
        return nodes.isEmpty ? [additional].compactMap { $0 } : nodes
    }
}

struct PatternProperty: Sendable {
    var pattern: TextPattern
    var node: Int
}

/// The schemas that are put together.
struct Combination: Sendable {
    var allOf: [Int] = []
    var anyOf: [Int] = []
    var oneOf: [Int] = []
    var not: Int?
    var ifNode: Int?
    var thenNode: Int?
    var elseNode: Int?

    var nodes: [Int] {
        [not, ifNode, thenNode, elseNode].compactMap { $0 } + allOf + anyOf + oneOf
    }
}
