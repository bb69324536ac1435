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

    private var valueCount = 0

    /// Every document of the text.
    static func documents(_ text: String) throws -> [JSON] {
        var reader = YAMLReader()
        var documents: [JSON] = []
        // Not `compose_all`, whose sequence ends at a mistake as it does at the end of the text.
        let parser = try Parser(yaml: text)
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
        case .scalar(let scalar): return try Self.scalar(node, text: scalar.string)
        case .alias: throw Problem("an alias names no anchor", at: node)
        case .sequence(let sequence):
            var elements: [JSON] = []
            for element in sequence { elements.append(try json(element, depth: depth + 1)) }
            return .array(elements)
        case .mapping(let mapping):
            var object = JSONObject()
            for (key, value) in mapping {
                guard let name = key.scalar?.string else { throw Problem("a key must be text", at: key) }
                guard object.position(of: name) == nil else {
                    throw Problem("the key \"\(name)\" occurs twice", at: key)
                }
                object[name] = try json(value, depth: depth + 1)
            }
            return .object(object)
        }
    }

    /// By YAML's core rules: null, booleans and numbers; everything else, dates too, stays text.
    private static func scalar(_ node: Node, text: String) throws -> JSON {
        switch node.tag.description {
        case Tag.Name.null.rawValue: return .null
        case Tag.Name.bool.rawValue: return node.bool.map { .bool($0) } ?? .string(text)
        // What is no number of JSON, such as 0x1F, is one of YAML.
        case Tag.Name.int.rawValue:
            return (try? JSONParser.parse(text)) ?? node.int.map { .int(Int64($0)) } ?? .string(text)
        case Tag.Name.float.rawValue:
            if let number = try? JSONParser.parse(text) { return number }
            guard let number = node.float else { return .string(text) }
            guard number.isFinite else { throw Problem("\(text) is no number of JSON", at: node) }
            return .double(number)
        default: return .string(text)
        }
    }
}
