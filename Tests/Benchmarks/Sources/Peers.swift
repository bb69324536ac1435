import Foundation
import TenonJSON

/// The comparison programs, where they are installed: a folder beside the checkout with the jobs, and `PEERS`
/// (default
/// `~/.cache/tenon-peers`) with their Python environments.
enum Peers {
    private static var jobs: URL {
        URL(filePath: #filePath).appending(path: "../../../../../shared/bench").standardizedFileURL
    }

    private static var environment: URL {
        let given = ProcessInfo.processInfo.environment["PEERS"]
        return given.map { URL(filePath: $0) } ?? URL.homeDirectory.appending(path: ".cache/tenon-peers")
    }

    /// Steps per second of DBOS on SQLite; nil, with a line that says so, where it is not installed.
    /// - Parameter job: `seq` (one workflow of `count` steps) or `fan` (`count` workflows of 5 steps).
    static func dbosStepsPerSecond(job: String, count: Int, in directory: String) throws -> Double? {
        let python = environment.appending(path: "venv/bin/python").path
        let script = jobs.appending(path: "b_workflows/dbos_job.py").path
        guard FileManager.default.isExecutableFile(atPath: python),
            FileManager.default.fileExists(atPath: script)
        else {
            print(#"{"skipped":"dbos","why":"no peers installed: see the bench folder's setup.sh"}"#)
            return nil
        }
        let database = directory + "/dbos-\(job).sqlite"
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: python)
        process.arguments = [script, "sqlite:///\(database)", job]
        process.environment = ProcessInfo.processInfo.environment.merging(["N": "\(count)"]) { $1 }
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let last = String(decoding: data, as: UTF8.self).split(separator: "\n").last ?? ""
        return try JSONParser.parse(String(last))["steps_per_s"]?.double
    }
}
