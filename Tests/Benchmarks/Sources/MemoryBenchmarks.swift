import Foundation
import Logging
import TenonColumns
import TenonConnectors
import TenonJSON
import TenonModel
import TenonPipeline

/// Filter and group-by over batches that lie in memory already, beside the column libraries.
struct MemoryBenchmarks {
    let files: String
    let cell: String
    let directory: String
    private static let rounds = 9

    func run() throws {
        guard let path = Peers.data("designs.csv") else { return }
        let (schema, batches) = try load(URL(filePath: path))
        let rowCount = batches.reduce(0) { $0 + $1.rowCount }
        let plan = try PipelinePlan(try PipelineDefinition.parse(Self.definition).definition, source: schema)
        var own: [Double] = []
        var best: (name: String, rate: Double)?
        for peer in ["polars", "duckdb"] {
            guard let facts = try Peers.output(of: "a_pipelines/jobs.py", [peer, "mem"], peer: peer).last
            else { continue }
            let seconds = (facts["agg_s"] ?? facts["agg_native_s"])?.double ?? .infinity
            let rate = Double(rowCount) / seconds
            if rate > best?.rate ?? 0 { best = (peer, rate) }
        }
        for _ in 0..<Self.rounds {
            let start = SystemTime().monotonicNanoseconds()
            var program = plan.makeProgram()
            for batch in batches { _ = try program.push(batch) }
            let groups = try program.finish().reduce(0) { $0 + $1.rowCount }
            own.append(Double(SystemTime().monotonicNanoseconds() - start) / 1e9)
            guard groups == 20 else { fatalError("\(groups) groups") }
        }
        let rate = Double(rowCount) / median(own)
        Figure(
            name: "memory.filter-group", value: rate, unit: "rows/s", beside: best.map { ($0.name, $0.rate) },
            goal: ("<= 2x the time", 2 * rate >= best?.rate ?? 0),
            notes: ["ms": .double(median(own) * 1000), "threads": 1]
        ).print()
    }

    /// The comparison data as typed columns.
    private func load(_ file: URL) throws -> (Schema, [Batch]) {
        let configuration: JSON = ["path": .string(file.deletingLastPathComponent().path)]
        let connection = InstanceConnections.make(
            LaunchPlan(
                instanceName: "memory", libraryPath: files,
                configurationJSON: Array(configuration.text.utf8),
                isolation: .host, cellPath: cell, runDirectory: directory),
            services: HostServices(state: NoState(), log: { _ in }), time: SystemTime(),
            logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
        try connection.start()
        defer { connection.stop() }
        let request: JSON = ["stream": .string(file.lastPathComponent)]
        let reader = try connection.openReader(ReadRequest(requestJSON: Array(request.text.utf8)))
        defer { reader.close() }
        var schema = Schema([])
        var batches: [Batch] = []
        while let events = try reader.next() {
            for event in events {
                if case .schema(let columns) = event { schema = columns }
                if case .batch(let batch) = event { batches.append(batch) }
            }
        }
        return (schema, batches)
    }

    private static let definition: JSON = [
        "projectId": "bench", "name": "memory", "sourceIntegrationId": "a", "targetIntegrationId": "b",
        "stages": [
            ["name": "Extract", "type": "extract", "order": 0],
            [
                "name": "Sum", "type": "transform", "order": 1,
                "transformations": [
                    [
                        "type": "filter",
                        "condition": ["field": "status", "operator": "equals", "value": "active"],
                    ],
                    [
                        "type": "aggregate",
                        "aggregation": [
                            "operation": "sum", "field": "estimatedCost", "groupBy": ["department"],
                        ],
                    ],
                ],
            ],
            ["name": "Load", "type": "load", "order": 2],
        ],
    ]
}
