internal import TenonJSON
internal import TenonSchema
internal import Testing

/// Random schemas and values: both ways of asking agree, and filling in and masking keep to their word.
@Suite struct AgreementTests {
    /// The same sequence in every run.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private static let names = ["a", "b", "ab", "c"]

    private func value(_ depth: Int, _ dice: inout Dice) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &dice) {
        case 0: return nil
        case 1: return .bool(Bool.random(using: &dice))
        case 2: return .int(Int64.random(in: -2...3, using: &dice))
        case 3: return .double([0.5, 1, 2.0, -1.5].randomElement(using: &dice) ?? 0)
        case 4: return .string(["", "a", "abc", "2026-01-01"].randomElement(using: &dice) ?? "")
        case 5:
            return .array((0..<Int.random(in: 0...3, using: &dice)).map { _ in value(depth - 1, &dice) })
        default:
            var object = JSONObject()
            for name in Self.names where Bool.random(using: &dice) { object[name] = value(depth - 1, &dice) }
            return .object(object)
        }
    }

    private func schema(_ depth: Int, _ dice: inout Dice) -> JSON {
        if Int.random(in: 0..<8, using: &dice) == 0 { return .bool(Bool.random(using: &dice)) }
        var object = JSONObject()
        for _ in 0..<Int.random(in: 1...3, using: &dice) { add(depth, to: &object, &dice) }
        return .object(object)
    }

    private func add(_ depth: Int, to object: inout JSONObject, _ dice: inout Dice) {
        let simple = [
            "type", "const", "minimum", "maxLength", "required", "minItems", "uniqueItems", "default",
            "format",
        ]
        let deep = [
            "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "properties", "patternProperties",
            "additionalProperties", "propertyNames", "unevaluatedProperties", "items", "prefixItems",
            "contains",
            "unevaluatedItems", "dependentSchemas", "$ref",
        ]
        let keyword = (depth > 0 ? simple + deep + deep : simple).randomElement(using: &dice) ?? "type"
        let name = Self.names.randomElement(using: &dice) ?? "a"
        switch keyword {
        case "type":
            object[keyword] = [
                .string(["object", "array", "string", "integer"].randomElement(using: &dice) ?? ""), "null",
            ]
        case "const", "default": object[keyword] = value(1, &dice)
        case "minimum", "maxLength", "minItems": object[keyword] = .int(Int64.random(in: 0...2, using: &dice))
        case "required": object[keyword] = [.string(name)]
        case "uniqueItems": object[keyword] = true
        case "format": object[keyword] = "date"
        case "$ref": object[keyword] = "#/$defs/shared"
        case "allOf", "anyOf", "oneOf", "prefixItems":
            object[keyword] = [schema(depth - 1, &dice), schema(depth - 1, &dice)]
        case "properties", "dependentSchemas", "patternProperties":
            object[keyword] = .object(JSONObject([(name, schema(depth - 1, &dice))]))
        default: object[keyword] = schema(depth - 1, &dice)
        }
    }

    @Test func `problems, acceptance, negation and defaults agree for random schemas`() throws {
        var dice = Dice(state: 4)
        var accepted = 0
        for _ in 0..<1000 {
            let shared: JSON = ["$defs": ["shared": schema(0, &dice)]]
            var root = schema(3, &dice).object ?? JSONObject()
            root["$defs"] = shared["$defs"]
            let compiled = try JSONSchema(.object(root))
            let negated = try JSONSchema(["not": ["$ref": "u:x"], "$defs": ["x": .object(Self.named(root))]])
            for _ in 0..<4 {
                let value = value(3, &dice)
                let problems = compiled.problems(in: value)
                let isValid = compiled.accepts(value)
                accepted += isValid ? 1 : 0
                #expect(problems.isEmpty == isValid, "\(root) \(value)")
                #expect(negated.accepts(value) == !isValid, "\(root) \(value)")
                #expect(compiled.masked(value) == value)
                let filled = compiled.fillingDefaults(in: value)
                #expect(Self.contains(filled, value), "\(root) \(value)")
            }
        }
        // Neither all nor none, or the test would say little.
        #expect((500...3500).contains(accepted), "\(accepted) of 4000")
    }

    private static func named(_ root: JSONObject) -> JSONObject {
        var root = root
        root["$id"] = "u:x"
        return root
    }

    /// Whether `filled` has everything that `value` has.
    private static func contains(_ filled: JSON, _ value: JSON) -> Bool {
        switch (filled, value) {
        case (.object(let filled), .object(let value)):
            value.allSatisfy { member in filled[member.key].map { contains($0, member.value) } ?? false }
        case (.array(let filled), .array(let value)):
            filled.count == value.count && zip(filled, value).allSatisfy { contains($0, $1) }
        default: filled == value
        }
    }
}
