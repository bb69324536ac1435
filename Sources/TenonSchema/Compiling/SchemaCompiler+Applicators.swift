internal import TenonJSON

extension SchemaCompiler {
    mutating func readArrayRule(
        _ member: JSONObject.Member, into node: inout SchemaRules, at place: SchemaPlace,
        _ context: SchemaContext
    ) {
        var rules = node.array ?? ArrayRules()
        let value = member.value
        switch member.key {
        case "minItems": rules.itemCount.minimum = count(value, at: place)
        case "maxItems": rules.itemCount.maximum = count(value, at: place)
        case "minContains": rules.containsCount.minimum = count(value, at: place)
        case "maxContains": rules.containsCount.maximum = count(value, at: place)
        case "uniqueItems": rules.areUnique = flag(value, at: place)
        case "prefixItems": rules.prefix = list(value, at: place, context)
        case "items": rules.items = self.node(for: value, at: place, resource: context.resource)
        case "contains": rules.contains = self.node(for: value, at: place, resource: context.resource)
        default: rules.unevaluated = self.node(for: value, at: place, resource: context.resource)
        }
        node.array = rules
    }

    mutating func readMemberRule(
        _ member: JSONObject.Member, into node: inout SchemaRules, at place: SchemaPlace
    ) {
        var rules = node.object ?? ObjectRules()
        let value = member.value
        switch member.key {
        case "minProperties": rules.memberCount.minimum = count(value, at: place)
        case "maxProperties": rules.memberCount.maximum = count(value, at: place)
        case "required": rules.required = names(value, at: place)
        default:
            guard let object = value.object else {
                refuse(place, "must be an object of lists of names")
                return
            }
            rules.dependentRequired = object.members.map {
                ($0.key, names($0.value, at: place.appending($0.key)))
            }
        }
        node.object = rules
    }

    mutating func readObjectApplicator(
        _ member: JSONObject.Member, into node: inout SchemaRules, at place: SchemaPlace,
        _ context: SchemaContext
    ) {
        var rules = node.object ?? ObjectRules()
        let value = member.value
        switch member.key {
        case "properties": rules.properties = NameTable(members(value, at: place, context))
        case "dependentSchemas": rules.dependentSchemas = members(value, at: place, context)
        case "patternProperties":
            for (name, node) in members(value, at: place, context) {
                guard let pattern = pattern(.string(name), at: place.appending(name)) else { continue }
                rules.patterns.append(PatternProperty(pattern: pattern, node: node))
            }
        case "additionalProperties":
            rules.additional = self.node(for: value, at: place, resource: context.resource)
        case "propertyNames": rules.names = self.node(for: value, at: place, resource: context.resource)
        default: rules.unevaluated = self.node(for: value, at: place, resource: context.resource)
        }
        node.object = rules
    }

    mutating func readCombination(
        _ member: JSONObject.Member, into node: inout SchemaRules, at place: SchemaPlace,
        _ context: SchemaContext
    ) {
        var rules = node.combination ?? Combination()
        let value = member.value
        switch member.key {
        case "allOf": rules.allOf = list(value, at: place, context)
        case "anyOf": rules.anyOf = list(value, at: place, context)
        case "oneOf": rules.oneOf = list(value, at: place, context)
        case "not": rules.not = self.node(for: value, at: place, resource: context.resource)
        case "if": rules.ifNode = self.node(for: value, at: place, resource: context.resource)
        case "then": rules.thenNode = self.node(for: value, at: place, resource: context.resource)
        default: rules.elseNode = self.node(for: value, at: place, resource: context.resource)
        }
        node.combination = rules
    }

    private mutating func list(_ value: JSON, at place: SchemaPlace, _ context: SchemaContext) -> [Int] {
        guard let elements = value.array, !elements.isEmpty else {
            refuse(place, "must be a list of at least one schema")
            return []
        }
        return elements.enumerated().map {
            node(for: $1, at: place.appending($0), resource: context.resource)
        }
    }

    mutating func members(_ value: JSON, at place: SchemaPlace, _ context: SchemaContext)
        -> [(name: String, node: Int)]
    {
        guard let object = value.object else {
            refuse(place, "must be an object of schemas")
            return []
        }
        return object.members.map {
            ($0.key, node(for: $0.value, at: place.appending($0.key), resource: context.resource))
        }
    }
}
