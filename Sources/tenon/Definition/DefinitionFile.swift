internal import Foundation
internal import TenonClient
internal import TenonJSON
internal import TenonModel

/// Reads definitions from YAML or JSON files.
enum DefinitionFile {
    private static let endings = [".json", ".yaml", ".yml"]

    /// What stands for the standard input in place of a path.
    static let standardInput = "-"

    /// Every document of a file, or of all files of a folder in the order of their names.
    static func documents(in path: String) throws -> [JSON] {
        try files(at: path).flatMap { file in
            let text = try text(of: file)
            do {
                if file.hasSuffix(".json") { return [try JSONParser.parse(text)] }
                // `try?`: what is no JSON may be YAML, whose error is the one to tell.
                if file == standardInput, let document = try? JSONParser.parse(text) { return [document] }
                return try YAMLReader.documents(text)
            } catch {
                // YAML's errors show the line, however long it is.
                throw CommandFailure(
                    .usage, "\(name(of: file)) cannot be read: \("\(error)".prefix(1000))",
                    advice: "Mend it there.")
            }
        }
    }

    /// The one document of a file.
    static func document(in path: String) throws -> JSON {
        let documents = try documents(in: path)
        guard documents.count == 1, let document = documents.first else {
            throw CommandFailure(
                .usage, "\(name(of: path)) must hold one document, not \(documents.count).",
                advice: "Name a file with one.")
        }
        return document
    }

    /// A path as messages name it.
    static func name(of path: String) -> String { path == standardInput ? "the standard input" : path }

    private static func text(of file: String) throws -> String {
        let opened = file == standardInput ? FileHandle.standardInput : FileHandle(forReadingAtPath: file)
        guard let handle = opened else {
            throw CommandFailure(.notFound, "The file \(file) cannot be read.", advice: "Check its path.")
        }
        let data = try bytes(of: handle)
        guard data.count <= Limits.requestBodyBytes else {
            throw CommandFailure(
                .usage,
                "\(name(of: file)) is larger than \(Limits.requestBodyBytes >> 20) MB, the most that a host "
                    + "takes.",
                advice: "Split it.")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw CommandFailure(
                .usage, "\(name(of: file)) is no UTF-8 text.", advice: "Save it as UTF-8.")
        }
        return text
    }

    /// All that there is, or one byte more than is taken; a pipe gives what it has.
    private static func bytes(of handle: FileHandle) throws -> Data {
        var data = Data()
        while data.count <= Limits.requestBodyBytes {
            let room = Limits.requestBodyBytes + 1 - data.count
            guard let part = try handle.read(upToCount: room), !part.isEmpty else { break }
            data += part
        }
        return data
    }

    private static func files(at path: String) throws -> [String] {
        if path == standardInput { return [path] }
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw CommandFailure(.notFound, "There is no file or folder \(path).", advice: "Check its path.")
        }
        guard isDirectory.boolValue else { return [path] }
        let names = try FileManager.default.subpathsOfDirectory(atPath: path).sorted()
        return names.filter { name in endings.contains { name.hasSuffix($0) } }.map { path + "/" + $0 }
    }
}
