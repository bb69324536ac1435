internal import TenonJSON
internal import TenonPattern

extension SchemaCompiler {
    private static let typeNames = ["null", "boolean", "integer", "number", "string", "array", "object"]
    private static let annotations: Set<String> = [
        "$comment", "title", "description", "examples", "format", "deprecated", "readOnly", "writeOnly",
    ]
    private static let knownKeywords =
        [
            "type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
            "multipleOf",
            "minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems", "minProperties",
            "maxProperties",
            "properties", "required", "additionalProperties", "items", "allOf", "anyOf", "oneOf", "not", "if",
            "then",
            "else", "default", "secret", "$defs", "$ref", "$schema", "$id",
        ] + annotations
    private static let dialect = "https://json-schema.org/draft/2020-12/schema"

    /// Reads one keyword of a schema into its node.
    mutating func read(
        _ member: JSONObject.Member, of schema: JSONObject, into node: inout SchemaNode,
        at parent: JSONPointer
    ) {
        let place = parent.appending(member.key)
        let value = member.value
        switch member.key {
        case "type": node.types = types(value, at: place)
        case "enum", "const": readAllowedValues(member, into: &node, at: place)
        case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf":
            readNumberRule(member, into: &node.number, at: place)
        case "minLength": node.length.minimum = count(value, at: place)
        case "maxLength": node.length.maximum = count(value, at: place)
        case "pattern": node.pattern = pattern(value, at: place)
        case "minItems": node.itemCount.minimum = count(value, at: place)
        case "maxItems": node.itemCount.maximum = count(value, at: place)
        case "minProperties": node.memberCount.minimum = count(value, at: place)
        case "maxProperties": node.memberCount.maximum = count(value, at: place)
        case "uniqueItems": node.itemsAreUnique = flag(value, at: place)
        case "secret": node.isSecret = flag(value, at: place)
        case "required": node.required = names(value, at: place)
        case "default": node.defaultValue = value
        default: readApplicator(member, into: &node, at: place, isRoot: parent.tokens.isEmpty)
        }
    }

    private mutating func readApplicator(
        _ member: JSONObject.Member, into node: inout SchemaNode, at place: JSONPointer, isRoot: Bool
    ) {
        let value = member.value
        switch member.key {
        case "properties":
            let members = members(value, at: place)
            node.propertyNames = members.map(\.name)
            node.properties = Dictionary(members.map { ($0.name, $0.node) }) { $1 }
        case "additionalProperties": node.additionalProperties = self.node(for: value, at: place)
        case "items": node.items = self.node(for: value, at: place)
        case "allOf": node.allOf = list(value, at: place)
        case "anyOf": node.anyOf = list(value, at: place)
        case "oneOf": node.oneOf = list(value, at: place)
        case "not": node.not = self.node(for: value, at: place)
        case "if": node.ifNode = self.node(for: value, at: place)
        case "then": node.thenNode = self.node(for: value, at: place)
        case "else": node.elseNode = self.node(for: value, at: place)
        case "$ref": node.reference = reference(value, at: place)
        case "$defs": _ = members(value, at: place)
        case "$schema" where isRoot:
            if value.string != Self.dialect { refuse(place, "must be \"\(Self.dialect)\"") }
        case "$id" where isRoot:
            if value.string == nil { refuse(place, "must be a string") }
        default: readUnknown(member.key, at: place)
        }
    }

    private mutating func readUnknown(_ keyword: String, at place: JSONPointer) {
        guard !Self.annotations.contains(keyword), !keyword.hasPrefix("x-") else { return }
        let hint = Suggestion.nearest(to: keyword, among: Self.knownKeywords).map {
            "; did you mean \"\($0)\"?"
        }
        refuse(place, "is not a supported JSON Schema keyword here" + (hint ?? ""))
    }

    private mutating func types(_ value: JSON, at place: JSONPointer) -> [String] {
        let names = value.string.map { [$0] } ?? value.array?.compactMap(\.string) ?? []
        let isComplete = value.string != nil || names.count == value.array?.count
        guard isComplete, !names.isEmpty, names.allSatisfy(Self.typeNames.contains) else {
            refuse(place, "must be one or several of \(Self.typeNames.joined(separator: ", "))")
            return []
        }
        return names
    }

    private mutating func readAllowedValues(
        _ member: JSONObject.Member, into node: inout SchemaNode, at place: JSONPointer
    ) {
        guard let values = member.key == "const" ? [member.value] : member.value.array else {
            refuse(place, "must be a list of values")
            return
        }
        let texts = values.prefix(20).map(\.text).joined(separator: ", ")
        let rules = AllowedValues(
            forms: Set(values.map(\.canonicalForm)), text: values.count == 1 ? texts : "one of \(texts)")
        // A schema with both keywords allows what both allow.
        guard let present = node.allowedValues else {
            node.allowedValues = rules
            return
        }
        node.allowedValues = AllowedValues(
            forms: present.forms.intersection(rules.forms), text: "\(present.text) and \(rules.text)")
    }

    private mutating func readNumberRule(
        _ member: JSONObject.Member, into rules: inout NumberRules, at place: JSONPointer
    ) {
        guard let number = ExactDecimal(member.value) else {
            refuse(place, "must be a number")
            return
        }
        rules.texts[member.key] = member.value.text
        switch member.key {
        case "minimum": rules.minimum = number
        case "maximum": rules.maximum = number
        case "exclusiveMinimum": rules.exclusiveMinimum = number
        case "exclusiveMaximum": rules.exclusiveMaximum = number
        default:
            rules.multipleOf = number
            if !number.isPositive || number.shortMantissa == nil {
                refuse(place, "must be greater than 0 and have at most 18 digits")
            }
        }
    }

    private mutating func pattern(_ value: JSON, at place: JSONPointer) -> TextPattern? {
        guard let text = value.string else {
            refuse(place, "must be a string")
            return nil
        }
        do throws(PatternError) {
            return TextPattern(pattern: try Pattern(text), text: text)
        } catch {
            refuse(place, error.message)
            return nil
        }
    }

    private mutating func count(_ value: JSON, at place: JSONPointer) -> Int? {
        guard let count = value.int, count >= 0 else {
            refuse(place, "must be a whole number from 0")
            return nil
        }
        return Int(count)
    }

    private mutating func flag(_ value: JSON, at place: JSONPointer) -> Bool {
        if value.bool == nil { refuse(place, "must be true or false") }
        return value.bool ?? false
    }

    private mutating func names(_ value: JSON, at place: JSONPointer) -> [String] {
        let names = value.array?.compactMap(\.string)
        guard let names, names.count == value.array?.count else {
            refuse(place, "must be a list of names")
            return []
        }
        return names
    }
}
