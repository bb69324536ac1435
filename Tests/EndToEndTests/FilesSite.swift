import Foundation
import TenonJSON
import TenonTestKit
import Testing

/// A host with two instances of the files connector: "source" over the folder `in`, "target" over `out`.
struct FilesSite {
    /// The pipeline that every test here applies and runs.
    static let name = ["Files", "--project", "project-123"]

    let host: ServedHost
    var folder: String { host.directory.path }

    init() async throws {
        host = try ServedHost()
        for (part, integration) in [("in", "source"), ("out", "target")] {
            let path = host.directory.file(part)
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try await host.deploy("files", as: integration, ["path=\(path)"])
        }
    }

    func write(_ name: String, _ text: String) throws {
        try text.write(toFile: folder + "/in/" + name, atomically: true, encoding: .utf8)
    }

    func output(_ name: String) -> String { folder + "/out/" + name }

    func read(_ name: String) throws -> String { try String(contentsOfFile: output(name), encoding: .utf8) }

    static func pipeline(
        from source: String, to target: String, transform: [JSON] = [], onError: String = "fail"
    ) -> JSON {
        var stages: [JSON] = [
            [
                "name": "Extract", "type": "extract", "order": 0, "transformations": [],
                "parameters": ["stream": .string(source)], "onError": .string(onError),
            ],
            [
                "name": "Load", "type": "load", "order": 2, "transformations": [],
                "parameters": ["stream": .string(target), "mode": "overwrite", "createIfMissing": true],
            ],
        ]
        if !transform.isEmpty {
            stages.insert(
                [
                    "name": "Transform", "type": "transform", "order": 1,
                    "transformations": .array(transform),
                ], at: 1)
        }
        return [
            "projectId": "project-123", "name": "Files", "sourceIntegrationId": "source",
            "targetIntegrationId": "target", "stages": .array(stages),
        ]
    }

    func apply(_ pipeline: JSON) async throws {
        let file = folder + "/pipeline.json"
        try pipeline.text.write(toFile: file, atomically: true, encoding: .utf8)
        let apply = try await host.run(["pipeline", "apply", "-f", file])
        #expect(apply.exitCode == 0, "\(apply.errors)")
    }

    /// Runs the pipeline to its end and answers the execution.
    func run() async throws -> JSON {
        let ended = try await host.run(["pipeline", "run"] + Self.name + ["--json"])
        return try JSONParser.parse(ended.output)["execution"] ?? .null
    }
}

/// What the sqlite3 command answers.
enum RowQuery {
    static func sqlite3(_ database: String, _ statement: String) async throws -> String {
        let ended = try await SDKSampleTests.shell(
            #"sqlite3 "$DATABASE" "$STATEMENT""#, in: "/",
            ["DATABASE": database, "STATEMENT": statement])
        #expect(ended.exitCode == 0, "\(ended.output)")
        return ended.output
    }
}
