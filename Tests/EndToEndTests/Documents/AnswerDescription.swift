import TenonJSON

/// What an OpenAPI document says of answers, as far as Tenon's says something: types, required members, members
/// that there are, items, references.
struct AnswerDescription {
    private let document: JSON

    init(_ document: JSON) { self.document = document }

    /// The answers of an operation's success, by their status.
    private func successes(of operation: String) -> [JSONObject.Member] {
        let operations = (document["paths"]?.object?.members ?? []).flatMap { $0.value.object?.members ?? [] }
        let described = operations.first { $0.value["operationId"]?.string == operation }?.value
        return described?["responses"]?.object?.members.filter { $0.key != "default" } ?? []
    }

    func statuses(of operation: String) -> [String] { successes(of: operation).map(\.key) }

    /// What is wrong with the body of an operation's success; each with its place.
    func problems(of operation: String, _ answer: JSON) -> [String] {
        guard let success = successes(of: operation).first?.value else {
            return ["\(operation) is not described"]
        }
        guard let schema = success["content"]?["application/json"]?["schema"] else { return [] }
        return problems(answer, schema, operation)
    }

    func problems(ofComponent name: String, _ value: JSON) -> [String] {
        problems(value, ["$ref": .string("#/components/schemas/\(name)")], name)
    }

    private func problems(_ value: JSON, _ schema: JSON, _ place: String) -> [String] {
        if let name = schema["$ref"]?.string?.split(separator: "/").last {
            guard let named = document["components"]?["schemas"]?[String(name)] else {
                return ["\(place): \(name) is not described"]
            }
            return problems(value, named, place)
        }
        let types = schema["type"]?.array ?? schema["type"].map { [$0] } ?? []
        guard types.isEmpty || types.contains(.string(Self.type(of: value))) else {
            return ["\(place): is \(value.text.prefix(80)), not of type \(types.map(\.text))"]
        }
        var found: [String] = []
        if let items = schema["items"] {
            for (index, item) in (value.array ?? []).enumerated() {
                found += problems(item, items, "\(place)/\(index)")
            }
        }
        guard let members = schema["properties"], let object = value.object else { return found }
        for name in schema["required"]?.array ?? [] where object[name.string ?? ""] == nil {
            found.append("\(place): \(name.text) is missing")
        }
        for (key, member) in object.members {
            guard let described = members[key] else {
                found.append("\(place)/\(key): is not described")
                continue
            }
            found += problems(member, described, "\(place)/\(key)")
        }
        return found
    }

    private static func type(of value: JSON) -> String {
        if value.isNull { return "null" }
        if value.int != nil { return "integer" }
        if value.bool != nil { return "boolean" }
        if value.string != nil { return "string" }
        if value.array != nil { return "array" }
        return value.object == nil ? "number" : "object"
    }
}
