internal import TenonJSON
internal import TenonModel
internal import Yams

/// Reads YAML as the JSON that it stands for. As strict as JSON is read: no key twice, a bounded depth; and a
/// bounded size, which aliases could let grow without end.
struct YAMLReader {
    /// Values of a file, with what aliases stand for.
    static let maxValues = 1_000_000

    /// Why a text that is YAML stands for no JSON.
    struct Problem: Error, CustomStringConvertible {
        let description: String

        init(_ text: String, at node: Node) {
            description = node.mark.map { "\(text) (line \($0.line), column \($0.column))" } ?? text
        }
    }

    private static let coreTags = Set(
        [.implicit, .null, .bool, .int, .float].map { (name: Tag.Name) in name.rawValue })
    private var valueCount = 0

    /// Every document of the text.
    static func documents(_ text: String) throws -> [JSON] {
        var reader = YAMLReader()
        var documents: [JSON] = []
        // Not `compose_all`, whose sequence ends at a mistake as it does at the end of the text.
        // And not its rules for scalars, which are older ones and match many patterns for each.
        let parser = try Parser(yaml: text, resolver: .basic)
        while let root = try parser.nextRoot() { documents.append(try reader.json(root, depth: 0)) }
        return documents
    }

    private mutating func json(_ node: Node, depth: Int) throws -> JSON {
        valueCount += 1
        guard valueCount <= Self.maxValues else {
            throw Problem("it stands for more than \(Self.maxValues) values", at: node)
        }
        guard depth <= Limits.jsonDepth else {
            throw Problem("it is nested deeper than \(Limits.jsonDepth) levels", at: node)
        }
        switch node {
        case .scalar(let scalar): return try Self.scalar(scalar, at: node)
        case .alias: throw Problem("an alias names no anchor", at: node)
        case .sequence(let sequence):
            var elements: [JSON] = []
            for element in sequence { elements.append(try json(element, depth: depth + 1)) }
            return .array(elements)
        case .mapping(let mapping):
            var object = JSONObject()
            for (key, value) in mapping {
                guard let name = key.scalar?.string else { throw Problem("a key must be text", at: key) }
                if name == "<<", key.scalar?.style == .plain {
                    throw Problem("merge keys are not read; write out what << stands for", at: key)
                }
                guard object.position(of: name) == nil else {
                    throw Problem("the key \"\(name)\" occurs twice", at: key)
                }
                object[name] = try json(value, depth: depth + 1)
            }
            return .object(object)
        }
    }

    /// What is plain goes by YAML's core rules, as does what a tag calls a value of theirs, which it must be then;
    /// all else is text.
    private static func scalar(_ scalar: Node.Scalar, at node: Node) throws -> JSON {
        let tag = scalar.tag.description
        guard coreTags.contains(tag) else { return .string(scalar.string) }
        guard let value = YAMLScalar.json(scalar.string) else {
            throw Problem("\(scalar.string) is no number of JSON", at: node)
        }
        guard fits(value, Tag.Name(rawValue: tag)) else {
            throw Problem("\(scalar.string.prefix(100)) is not what its tag says", at: node)
        }
        return value
    }

    private static func fits(_ value: JSON, _ tag: Tag.Name) -> Bool {
        switch tag {
        case .null: value.isNull
        case .bool: value.bool != nil
        case .int: value.double != nil && !value.text.contains { ".eE".contains($0) }
        case .float: value.double != nil
        default: true
        }
    }
}
