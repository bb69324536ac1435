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
                return file.hasSuffix(".json") ? [try JSONParser.parse(text)] : try YAMLReader.documents(text)
            } catch {
                // YAML's errors show the line, however long it is.
                throw CommandFailure(
                    .usage, "\(file) cannot be read: \("\(error)".prefix(1000))", advice: "Mend it there.")
            }
        }
    }

    private static func text(of file: String) throws -> String {
        guard let handle = FileHandle(forReadingAtPath: file) else {
            throw CommandFailure(.notFound, "The file \(file) cannot be read.", advice: "Check its path.")
        }
        let data = try handle.read(upToCount: Limits.requestBodyBytes + 1) ?? Data()
        guard data.count <= Limits.requestBodyBytes else {
            throw CommandFailure(
                .usage,
                "\(file) is larger than \(Limits.requestBodyBytes >> 20) MB, the most that a host takes.",
                advice: "Split it.")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw CommandFailure(.usage, "\(file) is no UTF-8 text.", advice: "Save it as UTF-8.")
        }
        return text
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
}
