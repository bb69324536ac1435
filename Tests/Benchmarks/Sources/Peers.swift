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
        let database = directory + "/dbos-\(job).sqlite"
        let lines = try output(
            of: "b_workflows/dbos_job.py", ["sqlite:///\(database)", job], ["N": "\(count)"], peer: "dbos")
        return lines.last?["steps_per_s"]?.double
    }

    /// One tool doing one of the pipeline jobs.
    enum Program {
        /// A library of columns, in a process of its own that times the job without its start.
        case library(String, job: String)
        /// Whatever the comparison suite calls so, timed as a whole process; the best where several match.
        case suite(String, job: String)

        var name: String {
            switch self {
            case .library(let name, _), .suite(let name, _): name
            }
        }
    }

    /// Where the data of the pipeline jobs lies, once it was generated.
    static func data(_ name: String) -> String? {
        let path = environment.appending(path: "data/\(name)").path
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }

    /// What a library wrote.
    static func result(_ name: String) -> String { environment.appending(path: "out/\(name)").path }

    /// Records read a second; nil, with a line that says so, where the tool is missing or failed.
    static func recordsPerSecond(_ program: Program) throws -> Double? {
        switch program {
        case .library(let name, let job):
            let facts = try output(of: "a_pipelines/jobs.py", [name, job], peer: name).last
            guard let rows = facts?["rows"]?.double, let seconds = facts?["job_s"]?.double else { return nil }
            return rows / seconds
        case .suite(let name, let job):
            let lines = try output(
                of: "a_pipelines/bench.py", ["\(job):\(name)", "--reps", "1"], ["QUIET_WAIT_S": "3"],
                peer: name)
            return lines.filter { $0["metric"]?.string == "rows_per_s" }.compactMap { $0["value"]?.double }
                .max()
        }
    }

    /// The JSON lines that a comparison program prints; none, with a line that says so, where it cannot run.
    static func output(
        of script: String, _ arguments: [String], _ variables: [String: String] = [:], peer: String
    ) throws -> [JSON] {
        let python = environment.appending(path: "venv/bin/python").path
        let script = jobs.appending(path: script).path
        guard FileManager.default.isExecutableFile(atPath: python),
            FileManager.default.fileExists(atPath: script)
        else {
            print(#"{"skipped":"\#(peer)","why":"no peers installed: see the bench folder's setup.sh"}"#)
            return []
        }
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: python)
        process.arguments = [script] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self).split(separator: "\n")
            .compactMap { try? JSONParser.parse(String($0)) }
    }
}
