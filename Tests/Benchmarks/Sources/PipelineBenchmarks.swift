import Foundation
import Logging
import TenonConnectors
import TenonJSON
import TenonModel
import TenonRuntime

/// Whole pipelines over the comparison data, both ends in cells, beside the tools that do the same job.
///
/// Peers and Tenon take turns, so that a machine that changes its speed meets all of them alike.
struct PipelineBenchmarks {
    let host: PipelineHost
    let rounds: Int

    static func run(cell: String, packages: [String], directory: String) throws {
        guard let input = Peers.data("designs.csv") else {
            print(#"{"skipped":"pipelines","why":"no comparison data: run gen_data.py of the bench folder"}"#)
            return
        }
        let host = try PipelineHost(
            cell: cell, packages: packages, input: URL(filePath: input).deletingLastPathComponent().path,
            directory: directory)
        defer { host.host.drain(.seconds(5)) }
        let benchmarks = PipelineBenchmarks(host: host, rounds: 5)
        for (name, run) in benchmarks.jobs where isWanted("pipelines") || isWanted(name) { try run() }
        if isWanted("pipelines") || isWanted("pipeline.memory") {
            try PipelineMemory(host: host, source: input).run()
        }
    }

    private var jobs: [(name: String, run: () throws -> Void)] {
        [
            ("pipeline.csv.text", copyCSV), ("pipeline.csv.typed", parseCSV), ("pipeline.ndjson", lines),
            ("pipeline.csv-sqlite", database), ("pipeline.border", border),
        ]
    }

    // MARK: Jobs

    /// Columns that are only copied stay text.
    private func copyCSV() throws {
        try compare(
            PipelineJob(
                name: "pipeline.csv.text", input: "designs.csv", output: "text.csv", rowCount: 5_000_000,
                peerOutput: "csv-polars-text.csv"),
            peers: ["polars-text", "duckdb-text"].map { .library($0, job: "csv") } + slowPeers("csv"),
            slow: ["miller", "dlt", "singer"])
    }

    /// Numbers and times are parsed and printed again.
    private func parseCSV() throws {
        try compare(
            PipelineJob(
                name: "pipeline.csv.typed", input: "designs.csv", output: "typed.csv", rowCount: 5_000_000,
                isLate: false, peerOutput: "csv-duckdb.csv"),
            peers: ["polars", "duckdb"].map { .library($0, job: "csv") })
    }

    private func lines() throws {
        try compare(
            PipelineJob(
                name: "pipeline.ndjson", input: "designs_1m.ndjson", output: "lines.ndjson",
                rowCount: 1_000_000, peerOutput: "ndjson-polars.ndjson"),
            peers: ["polars", "duckdb"].map { .library($0, job: "ndjson") } + slowPeers("ndjson"),
            slow: ["miller"])
    }

    /// The floor is a loop in C that parses and inserts.
    private func database() throws {
        try compare(
            PipelineJob(
                name: "pipeline.csv-sqlite", input: "designs_1m.csv", output: "designs", rowCount: 1_000_000,
                hasTransform: false),
            peers: [.suite("c-floor", job: "sqlite")] + slowPeers("sqlite"), slow: ["dlt", "singer"])
    }

    private func slowPeers(_ job: String) -> [Peers.Program] {
        switch job {
        case "csv": [.suite("miller", job: job), .library("dlt", job: job), .suite("singer", job: job)]
        case "ndjson": [.suite("miller", job: job)]
        default: [.library("dlt", job: job), .suite("singer", job: job)]
        }
    }

    private func compare(_ job: PipelineJob, peers programs: [Peers.Program], slow: Set<String> = []) throws {
        let isDatabase = !job.hasTransform
        let pipeline = isDatabase ? nil : try host.save(job)
        var own: [Double] = []
        var others: [String: [Double]] = [:]
        _ = try host.seconds(pipeline ?? host.saveWithNewDatabase(job))
        for round in 0..<rounds {
            let pipeline = try pipeline ?? host.saveWithNewDatabase(job)
            own.append(try host.seconds(pipeline))
            for program in programs where round == 0 || !slow.contains(program.name) {
                guard let rate = try Peers.recordsPerSecond(program) else { continue }
                others[program.name, default: []].append(rate)
            }
        }
        let rate = Double(job.rowCount) / median(own)
        let isEqual = try job.peerOutput.map { try isSame(host.output + "/" + job.output, Peers.result($0)) }
        let fast = others.filter { !slow.contains($0.key) }.mapValues(median)
        let best = fast.max { $0.value < $1.value }
        var notes: [String: JSON] = ["seconds": .double(median(own)), "fastest": .double(own.min() ?? 0)]
        if let isEqual { notes["outputEqual"] = .bool(isEqual) }
        for (name, rates) in others { notes[name] = .double(median(rates).rounded()) }
        for name in slow.sorted() {
            if let value = others[name].map(median) { notes["ratioTo-\(name)"] = .double(rate / value) }
        }
        Figure(
            name: job.name, value: rate, unit: "rows/s", beside: best.map { ($0.key, $0.value) },
            goal: (">= 1x, aim 2x", rate >= best?.value ?? 0), notes: notes
        ).print()
    }

    /// Whether two files have the same lines, in any order.
    private func isSame(_ first: String, _ second: String) throws -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.environment = ["LC_ALL": "C", "PATH": "/usr/bin:/bin"]
        process.arguments = ["-c", #"cmp -s <(sort "$0") <(sort "$1")"#, first, second]
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    /// The same job with the connectors loaded into the host.
    private func border() throws {
        let job = PipelineJob(
            name: "pipeline.border.cells", input: "designs.csv", output: "border.csv", rowCount: 5_000_000)
        var hosted = job
        hosted.name = "pipeline.border.in-host"
        hosted.isolation = "host"
        let cells = try host.save(job)
        let inHost = try host.save(hosted)
        var ratios: [Double] = []
        for _ in 0..<2 * rounds { ratios.append(try host.seconds(cells) / host.seconds(inHost)) }
        let cost = (median(ratios) - 1) * 100
        Figure(
            name: "pipeline.border", value: cost, unit: "% of the job", goal: ("< 5 %", cost < 5),
            notes: ["pairs": .int(Int64(ratios.count))]
        ).print()
    }
}
