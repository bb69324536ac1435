internal import TenonJSON
internal import TenonModel

/// Turns a schema document into nodes and collects every mistake on the way.
struct SchemaCompiler {
    private static let maxNodes = 10_000

    let root: JSON
    private let location: JSONPointer
    private var nodes: [SchemaNode] = []
    private var nodeByPlace: [JSONPointer: Int] = [:]
    private var problems: [FieldError] = []

    init(root: JSON, location: JSONPointer) {
        self.root = root
        self.location = location
    }

    mutating func compile() throws(TenonError) -> [SchemaNode] {
        _ = node(for: root, at: JSONPointer())
        if problems.isEmpty, SchemaCycle.exists(in: nodes) {
            refuse(JSONPointer(), "refers to itself without going deeper into the value ($ref cycle)")
        }
        guard problems.isEmpty else {
            throw TenonError(
                .schemaInvalid,
                "The schema has \(problems.count) mistake\(problems.count == 1 ? "" : "s"). "
                    + "Correct \(problems.count == 1 ? "it" : "them") at the places shown.",
                fields: problems)
        }
        return nodes
    }

    mutating func refuse(_ place: JSONPointer, _ message: String) {
        let pointer = JSONPointer(location.tokens + place.tokens)
        problems.append(FieldError(pointer: pointer.description, message: message, code: .schemaInvalid))
    }

    /// The position of the schema at `place`, compiled once however often it is referred to.
    mutating func node(for json: JSON, at place: JSONPointer) -> Int {
        if let known = nodeByPlace[place] { return known }
        let index = nodes.count
        nodeByPlace[place] = index
        nodes.append(SchemaNode())
        guard nodes.count <= Self.maxNodes else {
            if nodes.count == Self.maxNodes + 1 {
                refuse(place, "is one of more than \(Self.maxNodes) schemas")
            }
            return index
        }
        switch json {
        case .bool(let value): nodes[index].always = value
        case .object(let object):
            var node = SchemaNode()
            for member in object { read(member, of: object, into: &node, at: place) }
            nodes[index] = node
        default: refuse(place, "must be a schema: an object, true or false")
        }
        return index
    }

    /// The node that a local `$ref` names.
    mutating func reference(_ value: JSON, at place: JSONPointer) -> Int? {
        guard let text = value.string, text.first == "#" else {
            refuse(place, "must be a local reference such as \"#/$defs/name\"")
            return nil
        }
        guard let pointer = JSONPointer(fragment: text.dropFirst()), let target = root.value(at: pointer)
        else {
            refuse(place, "names nothing in this schema")
            return nil
        }
        return node(for: target, at: pointer)
    }

    mutating func list(_ value: JSON, at place: JSONPointer) -> [Int] {
        guard let elements = value.array, !elements.isEmpty else {
            refuse(place, "must be a list of at least one schema")
            return []
        }
        return elements.enumerated().map { node(for: $1, at: place.appending($0)) }
    }

    mutating func members(_ value: JSON, at place: JSONPointer) -> [(name: String, node: Int)] {
        guard let object = value.object else {
            refuse(place, "must be an object of schemas")
            return []
        }
        return object.members.map { ($0.key, node(for: $0.value, at: place.appending($0.key))) }
    }
}

extension JSONPointer {
    /// The pointer in a URI fragment: percent-decoded, with `~0` and `~1`.
    init?(fragment: Substring) {
        guard let text = Self.percentDecoded(fragment) else { return nil }
        guard !text.isEmpty else {
            self.init()
            return
        }
        guard text.first == "/" else { return nil }
        let tokens = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        self.init(tokens.map { Self.unescaped($0) })
    }

    private static func unescaped(_ token: Substring) -> String {
        var text = ""
        var isEscape = false
        for character in token {
            if isEscape {
                text.append(character == "1" ? "/" : "~")
                isEscape = false
            } else if character == "~" {
                isEscape = true
            } else {
                text.append(character)
            }
        }
        return text
    }

    private static func percentDecoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let digits = String(rest.prefix(2)), digits.utf8.count == 2,
                    let value = UInt8(digits, radix: 16)
                else { return nil }
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
