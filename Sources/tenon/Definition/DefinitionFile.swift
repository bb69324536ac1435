internal import Foundation
internal import TenonClient
internal import TenonJSON
internal import TenonModel

/// Reads definitions from YAML or JSON files.
enum DefinitionFile {
    private static let endings = [".json", ".yaml", ".yml"]

    /// Every document of a file, or of all files of a folder in the order of their names.
    static func documents(in path: String) throws -> [JSON] {
        try files(at: path).flatMap { file in
            let text = try text(of: file)
            do {
                if file.path.hasSuffix(".json") { return [try JSONParser.parse(text)] }
                // `try?`: what is no JSON may be YAML, whose error is the one to tell.
                if file == .standardInput, let document = try? JSONParser.parse(text) { return [document] }
                return try YAMLReader.documents(text)
            } catch {
                // YAML's errors show the line, however long it is.
                throw CommandFailure(
                    .usage, "\(file.name) cannot be read: \("\(error)".prefix(1000))",
                    advice: "Mend it there.")
            }
        }
    }

    /// The one document of a file.
    static func document(in path: String) throws -> JSON {
        let documents = try documents(in: path)
        guard documents.count == 1, let document = documents.first else {
            throw CommandFailure(
                .usage, "\(InputFile(path).name) must hold one document, not \(documents.count).",
                advice: "Name a file with one.")
        }
        return document
    }

    private static func text(of file: InputFile) throws -> String {
        let bytes = try file.bytes(upTo: Limits.requestBodyBytes)
        guard bytes.count <= Limits.requestBodyBytes else {
            throw CommandFailure(
                .usage,
                "\(file.name) is larger than \(Limits.requestBodyBytes >> 20) MB, the most that a host takes.",
                advice: "Split it.")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure(.usage, "\(file.name) is no UTF-8 text.", advice: "Save it as UTF-8.")
        }
        return text
    }

    private static func files(at path: String) throws -> [InputFile] {
        if InputFile(path) == .standardInput { return [.standardInput] }
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw CommandFailure(.notFound, "There is no file or folder \(path).", advice: "Check its path.")
        }
        guard isDirectory.boolValue else { return [InputFile(path)] }
        let names = try FileManager.default.subpathsOfDirectory(atPath: path).sorted()
        return names.filter { name in endings.contains { name.hasSuffix($0) } }
            .map { InputFile(path + "/" + $0) }
    }
}
