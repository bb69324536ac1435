internal import Foundation
internal import TenonClient
internal import TenonJSON
internal import Yams

/// Reads definitions from YAML or JSON files.
enum DefinitionFile {
    private static let endings = [".json", ".yaml", ".yml"]

    /// Every document of a file, or of all files of a folder in the order of their names.
    static func documents(in path: String) throws -> [JSON] {
        try files(at: path).flatMap { file in
            guard let data = FileManager.default.contents(atPath: file) else {
                throw CommandFailure(.notFound, "The file \(file) cannot be read.", advice: "Check its path.")
            }
            do {
                return file.hasSuffix(".json")
                    ? [try JSONParser.parse(Array(data))] : try yaml(String(decoding: data, as: UTF8.self))
            } catch {
                throw CommandFailure(.usage, "\(file) cannot be read: \(error)", advice: "Mend it there.")
            }
        }
    }

    private static func files(at path: String) throws -> [String] {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw CommandFailure(.notFound, "There is no file or folder \(path).", advice: "Check its path.")
        }
        guard isDirectory.boolValue else { return [path] }
        let names = try FileManager.default.subpathsOfDirectory(atPath: path).sorted()
        return names.filter { name in endings.contains { name.hasSuffix($0) } }.map { path + "/" + $0 }
    }

    private static func yaml(_ text: String) throws -> [JSON] {
        try Yams.compose_all(yaml: text).map { try json($0) }
    }

    private static func json(_ node: Node) throws -> JSON {
        switch node {
        case .mapping(let mapping):
            .object(
                JSONObject(try mapping.map { (key: $0.key.string ?? "", value: try json($0.value)) }))
        case .sequence(let sequence): .array(try sequence.map { try json($0) })
        case .scalar(let scalar): self.scalar(node, text: scalar.string)
        case .alias: throw CommandFailure(.usage, "an alias names no anchor")
        }
    }

    /// By YAML's core rules: null, booleans and numbers; everything else, dates too, stays text.
    private static func scalar(_ node: Node, text: String) -> JSON {
        switch node.tag.description {
        case Tag.Name.null.rawValue: .null
        case Tag.Name.bool.rawValue: node.bool.map { .bool($0) } ?? .string(text)
        case Tag.Name.int.rawValue:
            (try? JSONParser.parse(text)) ?? node.int.map { .int(Int64($0)) } ?? .string(text)
        case Tag.Name.float.rawValue:
            (try? JSONParser.parse(text)) ?? node.float.map { .double($0) } ?? .string(text)
        default: .string(text)
        }
    }
}
