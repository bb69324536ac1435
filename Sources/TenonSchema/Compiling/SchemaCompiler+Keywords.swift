internal import TenonJSON
internal import TenonModel

extension SchemaCompiler {
    /// Reads one keyword of a schema into its node.
    mutating func read(
        _ member: JSONObject.Member, of schema: JSONObject, into node: inout SchemaRules,
        _ context: SchemaContext
    ) {
        let place = context.place.appending(member.key)
        guard resources[context.resource].dialect.keywords.contains(member.key) else {
            refuseUnknown(member.key, at: place)
            return
        }
        switch member.key {
        case "$id", "$schema", "$anchor", "$dynamicAnchor", "$ref", "$dynamicRef", "$vocabulary", "$comment",
            "$defs":
            readCore(member, context)
        case "type", "enum", "const", "secret", "default": readValueRule(member, into: &node, at: place)
        case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf":
            readNumberRule(member, into: &node, at: place)
        case "minLength", "maxLength", "pattern", "format":
            readTextRule(member, into: &node, at: place, context)
        case "minItems", "maxItems", "uniqueItems", "prefixItems", "items", "contains", "minContains",
            "maxContains", "unevaluatedItems":
            readArrayRule(member, into: &node, at: place, context)
        case "minProperties", "maxProperties", "required", "dependentRequired":
            readMemberRule(member, into: &node, at: place)
        case "properties", "patternProperties", "additionalProperties", "propertyNames", "dependentSchemas",
            "unevaluatedProperties":
            readObjectApplicator(member, into: &node, at: place, context)
        case "allOf", "anyOf", "oneOf", "not", "if", "then", "else":
            readCombination(member, into: &node, at: place, context)
        default: readAnnotation(member, at: place, context)
        }
    }

    private mutating func refuseUnknown(_ keyword: String, at place: SchemaPlace) {
        guard options.refusesUnknownKeywords, !keyword.hasPrefix("x-") else { return }
        let earlier = [
            "definitions": "$defs", "additionalItems": "items", "id": "$id", "$recursiveRef": "$dynamicRef",
            "$recursiveAnchor": "$dynamicAnchor", "dependencies": "dependentRequired",
        ]
        let known = SchemaDialect.standard.keywords.sorted()
        let hint = (earlier[keyword] ?? NearestName.of(keyword, among: known)).map {
            "; did you mean \"\($0)\"?"
        }
        refuse(place, "is not a JSON Schema keyword" + (hint ?? ""))
    }

    private mutating func readAnnotation(
        _ member: JSONObject.Member, at place: SchemaPlace, _ context: SchemaContext
    ) {
        switch member.key {
        case "title", "description", "contentEncoding", "contentMediaType":
            if member.value.string == nil { refuse(place, "must be a string") }
        case "deprecated", "readOnly", "writeOnly": _ = flag(member.value, at: place)
        case "examples": if member.value.array == nil { refuse(place, "must be a list of values") }
        case "contentSchema": _ = node(for: member.value, at: place, resource: context.resource)
        default: break
        }
    }

    private mutating func readValueRule(
        _ member: JSONObject.Member, into node: inout SchemaRules, at place: SchemaPlace
    ) {
        switch member.key {
        case "type": node.types = types(member.value, at: place)
        case "secret": node.isSecret = flag(member.value, at: place)
        case "default": node.defaultValue = member.value
        default: readAllowedValues(member, into: &node, at: place)
        }
    }

    private mutating func types(_ value: JSON, at place: SchemaPlace) -> TypeRule? {
        let names = value.string.map { [$0] } ?? value.array?.compactMap(\.string) ?? []
        let isComplete = value.string != nil || names.count == value.array?.count
        let types = names.compactMap(TypeSet.init(name:))
        guard isComplete, !names.isEmpty, types.count == names.count else {
            refuse(place, "must be one or several of \(TypeSet.names.joined(separator: ", "))")
            return nil
        }
        return TypeRule(types: types.reduce([]) { $0.union($1) }, names: names)
    }

    private mutating func readAllowedValues(
        _ member: JSONObject.Member, into node: inout SchemaRules, at place: SchemaPlace
    ) {
        guard let values = member.key == "const" ? [member.value] : member.value.array else {
            refuse(place, "must be a list of values")
            return
        }
        let texts = values.prefix(20).map(\.text).joined(separator: ", ")
        let more = values.count > 20 ? " and \(values.count - 20) more" : ""
        let words = values.isEmpty ? "one of no values" : "one of \(texts)\(more)"
        let rules = AllowedValues(
            forms: Set(values.map(\.canonicalForm)), text: values.count == 1 ? texts : words)
        // A schema with both keywords allows what both allow.
        guard let present = node.allowedValues else {
            node.allowedValues = rules
            return
        }
        node.allowedValues = AllowedValues(
            forms: present.forms.intersection(rules.forms), text: "\(present.text) and \(rules.text)")
    }

    private mutating func readNumberRule(
        _ member: JSONObject.Member, into node: inout SchemaRules, at place: SchemaPlace
    ) {
        guard let number = ExactDecimal(member.value) else {
            refuse(place, "must be a number")
            return
        }
        var rules = node.number ?? NumberRules()
        rules.texts[member.key] = member.value.text
        switch member.key {
        case "minimum": rules.minimum = number
        case "maximum": rules.maximum = number
        case "exclusiveMinimum": rules.exclusiveMinimum = number
        case "exclusiveMaximum": rules.exclusiveMaximum = number
        default:
            rules.multipleOf = number
            if !number.isPositive || number.digits.count > ExactDecimal.maxDivisorDigits {
                refuse(
                    place,
                    "must be greater than 0 and have at most \(ExactDecimal.maxDivisorDigits) digits")
            }
        }
        node.number = rules
    }

    private mutating func readTextRule(
        _ member: JSONObject.Member, into node: inout SchemaRules, at place: SchemaPlace,
        _ context: SchemaContext
    ) {
        var rules = node.text ?? TextRules()
        switch member.key {
        case "minLength": rules.length.minimum = count(member.value, at: place)
        case "maxLength": rules.length.maximum = count(member.value, at: place)
        case "pattern": rules.pattern = pattern(member.value, at: place)
        default:
            guard let name = member.value.string else {
                refuse(place, "must be a string")
                return
            }
            guard options.assertsFormats || resources[context.resource].dialect.assertsFormats else { return }
            rules.format = TextFormat(rawValue: name)
        }
        node.text = rules
    }
}
