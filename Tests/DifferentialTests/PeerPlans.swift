import Foundation
import TenonTestKit

/// peers.py, started once for all cases.
enum PeerPlans {
    struct Failed: Error { let text: String }

    struct Result {
        let rows: [[String?]]?
        let error: String?
    }

    /// A Python that has both peers: of `PEERS`, of the user's cache, or the system's.
    static let python: String? = {
        let given = ProcessInfo.processInfo.environment["PEERS"].map { $0 + "/venv/bin/python" }
        let cached = NSHomeDirectory() + "/.cache/tenon-peers/venv/bin/python"
        let found = [given, cached, "/usr/bin/python3", "/usr/local/bin/python3"].compactMap { $0 }.first {
            FileManager.default.isExecutableFile(atPath: $0)
                && (try? run($0, ["-c", "import duckdb, polars, pyarrow"])) != nil
        }
        if found == nil {
            print("DuckDB and Polars are not installed: their comparison is left out. Set PEERS.")
        }
        return found
    }()

    /// For each line of a case what each peer answers.
    static func answers(to lines: [String], python: String) throws -> [[String: Result]] {
        let directory = TemporaryDirectory()
        let cases = directory.path + "/cases.ndjson"
        let results = directory.path + "/results.ndjson"
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: cases))
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "peers.py").path
        try run(python, [script, cases, results])
        let text = try String(decoding: Data(contentsOf: URL(filePath: results)), as: UTF8.self)
        return try text.split(separator: "\n").map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
            return object.mapValues { value in
                if let failure = value as? [String: Any] {
                    return Result(rows: nil, error: failure["error"] as? String ?? "?")
                }
                let rows = value as? [[Any]] ?? []
                return Result(rows: rows.map { row in row.map { $0 as? String } }, error: nil)
            }
        }
    }

    private static func run(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let said = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failed(text: String(decoding: said, as: UTF8.self))
        }
    }
}
