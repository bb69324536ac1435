import Foundation
import TenonColumns
import TenonConnectors
import TenonJSON
import TenonModel
import TenonTestKit

/// A folder and an instance of the files connector that works in it.
struct FilesFolder {
    static let accepts = [
        "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32",
        "float64",
        "decimal128", "utf8", "binary", "date32", "time64", "timestamp", "null", "json", "late",
    ]

    let directory = TemporaryDirectory()
    let plugin: Plugin

    init(_ settings: [(String, JSON)] = []) throws {
        plugin = try Self.open(directory.path, settings)
    }

    static func open(_ path: String, _ settings: [(String, JSON)] = []) throws -> Plugin {
        let members = [("path", JSON.string(path)), ("parallelism", 2)] + settings
        return try Plugin(
            Fixtures.swiftConnector("files"), .object(JSONObject(members.map { (key: $0.0, value: $0.1) })),
            accepts: accepts)
    }

    func put(_ name: String, _ text: String) { put(name, Array(text.utf8)) }

    func put(_ name: String, _ bytes: [UInt8]) {
        let folder = (directory.file(name) as NSString).deletingLastPathComponent
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        _ = FileManager.default.createFile(atPath: directory.file(name), contents: Data(bytes))
    }

    /// nil where there is no such file.
    func text(_ name: String) -> String? {
        FileManager.default.contents(atPath: directory.file(name)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Reads while the folder is there.
    func read(_ request: JSON, checkpoint: [UInt8] = []) throws -> Plugin.Reading {
        try withExtendedLifetime(directory) { try plugin.read(request, checkpoint: checkpoint) }
    }

    /// Writes and commits one batch.
    func write(
        _ stream: String, _ schema: Schema, _ records: [JSON], mode: String = "append", job: String = "j"
    ) throws -> [RejectedRecord] {
        let writer = try plugin.writer(
            ["job": .string(job), "stream": .string(stream), "mode": .string(mode)], schema)
        defer { writer.close() }
        let rejected = try writer.write(batch(schema, records))
        try writer.commit(writer.committedSequence + 1)
        return rejected
    }

    /// What `discover` says of a stream.
    func discovered(_ stream: String) throws -> JSON? {
        try plugin.connection.discover().map { try JSONParser.parse($0) }.first {
            $0["stream"]?.string == stream
        }
    }

    /// Names and types of a stream's columns.
    func columns(_ stream: String) throws -> [String] {
        (try discovered(stream)?["columns"]?.array ?? []).map {
            "\($0["name"]?.string ?? "") \($0["type"]?.string ?? "")"
        }
    }
}
