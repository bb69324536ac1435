internal import TenonJSON
internal import TenonModel

/// Reads the members of one object of a definition and collects mistakes with their places.
struct DefinitionReader {
    let object: JSONObject
    let pointer: JSONPointer
    var mistakes: [FieldError] = []

    init(_ json: JSON, at pointer: JSONPointer) {
        self.pointer = pointer
        object = json.object ?? JSONObject()
        if json.object == nil { fail("must be an object, not \(json.typeName)", at: pointer) }
    }

    mutating func fail(_ message: String, _ key: String, _ code: ErrorCode = .pipelineInvalid) {
        fail(message, at: pointer.appending(key), code)
    }

    mutating func fail(_ message: String, at pointer: JSONPointer, _ code: ErrorCode = .pipelineInvalid) {
        mistakes.append(FieldError(pointer: pointer.description, message: message, code: code))
    }

    mutating func fail(_ mistake: FieldError) {
        var mistake = mistake
        mistake.code = mistake.code ?? .pipelineInvalid
        mistakes.append(mistake)
    }

    /// A text that must be there and not be empty.
    mutating func requiredString(_ key: String) -> String {
        guard let value = object[key], !value.isNull else {
            fail("is missing", key)
            return ""
        }
        guard let text = value.string, !text.isEmpty else {
            fail("must be a text that is not empty", key)
            return ""
        }
        return text
    }

    mutating func string(_ key: String) -> String? { optional(key, "a text", \.string) }
    mutating func bool(_ key: String) -> Bool? { optional(key, "true or false", \.bool) }
    mutating func int(_ key: String) -> Int? {
        optional(key, "a whole number") { $0.int.flatMap { Int(exactly: $0) } }
    }
    mutating func number(_ key: String) -> Double? { optional(key, "a number", \.double) }
    mutating func array(_ key: String) -> [JSON]? { optional(key, "a list", \.array) }
    mutating func dictionary(_ key: String) -> JSONObject? { optional(key, "an object", \.object) }

    /// A text or a list of texts.
    mutating func strings(_ key: String) -> [String]? {
        optional(key, "a text or a list of texts") { json in
            if let text = json.string { return [text] }
            guard let elements = json.array else { return nil }
            let texts = elements.compactMap(\.string)
            return texts.count == elements.count ? texts : nil
        }
    }

    /// One of the cases of `Choice` by its raw value, or nil where the key is missing or wrong.
    mutating func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, _: Choice.Type) -> Choice?
    where Choice.RawValue == String {
        guard let name = string(key) else { return nil }
        if let choice = Choice(rawValue: name) { return choice }
        let names = Choice.allCases.map(\.rawValue)
        fail(
            "\"\(name)\" is not one of \(names.joined(separator: ", ")).\(NearestName.suggestion(for: name, among: names))",
            key)
        return nil
    }

    private mutating func optional<Value>(_ key: String, _ kind: String, _ value: (JSON) -> Value?) -> Value?
    {
        guard let json = object[key], !json.isNull else { return nil }
        if let value = value(json) { return value }
        fail("must be \(kind), not \(json.typeName)", key)
        return nil
    }
}
