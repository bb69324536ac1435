import Synchronization
import TenonConnectors
import TenonJSON
import TenonModel
import TenonStore
import TenonTestKit
import Testing

@testable import TenonRuntime

@Suite(.timeLimit(.minutes(1)))
struct PipelineTests {
    private static let filter: JSON = [
        "name": "Filter", "type": "transform", "order": 1,
        "transformations": [
            ["type": "filter", "condition": ["field": "status", "operator": "equals", "value": "active"]]
        ],
    ]

    /// 2 MB.
    private static let large = RecordBox.Plan(
        batchCount: 40, rowsPerBatch: 100, padding: String(repeating: "x", count: 500))

    /// More than lies between the two sides: 40 MB.
    private static let veryLarge = RecordBox.Plan(
        batchCount: 20, rowsPerBatch: 2, padding: String(repeating: "x", count: 1_000_000))

    private func pipeline(extract: JSON = [:], middle: [JSON] = [], load: JSONObject = [:]) -> JSON {
        var last: JSONObject = ["name": "Load", "type": "load", "order": 9, "transformations": []]
        for (key, value) in load { last[key] = value }
        let first: JSON = [
            "name": "Extract", "type": "extract", "order": 0, "transformations": [], "parameters": extract,
        ]
        return [
            "projectId": "project", "name": "pipeline", "sourceIntegrationId": "source",
            "targetIntegrationId": "target", "stages": .array([first] + middle + [.object(last)]),
        ]
    }

    private func run(_ body: JSON, _ source: RecordBox, _ target: RecordBox) async throws -> ExecutionRecord {
        let host = try EngineHost(["source": source, "target": target])
        let id = try host.host.executePipeline(host.host.savePipeline(body, id: nil).id)
        #expect(await host.host.whenFinished(id, within: .seconds(20)))
        return try host.host.execution(id)
    }

    @Test func `all records arrive, and every stage says what it did`() async throws {
        let target = RecordBox()
        let record = try await run(pipeline(middle: [Self.filter]), RecordBox(), target)
        #expect(record.status == "completed")
        #expect(record.recordsProcessed == 1000)
        #expect(record.stages?.array?.map { $0["read"]?.int } == [1000, 1000, 500])
        #expect(record.stages?.array?.map { $0["written"]?.int } == [1000, 500, 500])
        #expect(record.stages?[1]?["filtered"]?.int == 500)
        let kept = target.kept.withLock { $0 }
        #expect(kept.committed.map { $0["id"]?.int } == stride(from: Int64(0), to: 1000, by: 2).map { $0 })
        #expect(kept.abortCount == 0)
    }

    @Test func `what a commit covers is recorded before the target is told`() async throws {
        let target = RecordBox()
        let host = try EngineHost(["source": RecordBox(), "target": target])
        let recorded = Mutex<[UInt64?]>([])
        let executions = ExecutionStore(store: host.host.store)
        target.willCommit.withLock {
            $0 = { _ in
                let checkpoint = try? executions.checkpoint(ofExecution: 1)
                recorded.withLock { $0.append(checkpoint?.promised.sequence) }
            }
        }
        let id = try host.host.executePipeline(host.host.savePipeline(pipeline(), id: nil).id)
        #expect(await host.host.whenFinished(id, within: .seconds(20)))
        let commits = target.kept.withLock { $0.commits }
        #expect(!commits.isEmpty)
        #expect(recorded.withLock { $0 } == commits)
    }

    @Test func `a large transfer is committed on the way, so that nothing grows with it`() async throws {
        let target = RecordBox()
        let source = RecordBox(Self.large)
        let record = try await run(pipeline(), source, target)
        #expect(record.recordsProcessed == 4000)
        let kept = target.kept.withLock { $0 }
        #expect(kept.commits.count > 1)
        #expect(kept.commits == Array(1...UInt64(kept.commits.count)))
        #expect(kept.committed.count == 4000)
        #expect(kept.maxUncommittedRows < 4000)
    }

    @Test(arguments: ["overwrite", "aggregate"])
    func `replacing a stream and holding records back both commit once, at the end`(_ kind: String)
        async throws
    {
        let target = RecordBox()
        let source = RecordBox(Self.large)
        let sum: JSON = [
            "name": "Sum", "type": "transform", "order": 2,
            "transformations": [["type": "aggregate", "aggregation": ["operation": "sum", "field": "id"]]],
        ]
        let body =
            kind == "overwrite"
            ? pipeline(load: ["parameters": ["mode": "overwrite"]]) : pipeline(middle: [sum])
        let record = try await run(body, source, target)
        #expect(record.status == "completed")
        #expect(target.kept.withLock { $0.commits } == [1])
        if kind == "aggregate" {
            #expect(target.kept.withLock { $0.committed } == [["id": .int(4000 * 3999 / 2)]])
        }
    }

    @Test func `a target without room fails the pipeline with its own code`() async throws {
        let target = RecordBox(RecordBox.Plan(fullAfter: 3))
        let record = try await run(pipeline(), RecordBox(), target)
        #expect(record.error?["code"]?.string == "pipeline.target-full")
        #expect(target.kept.withLock { $0.committed }.isEmpty)
    }

    @Test func `refused records fail the pipeline, or are counted where the stage skips them`() async throws {
        let refusing = RecordBox.Plan(refusedRow: 3)
        let strict = try await run(pipeline(), RecordBox(), RecordBox(refusing))
        #expect(strict.error?["code"]?.string == "pipeline.record-refused")
        let skipping = try await run(pipeline(load: ["onError": "skip"]), RecordBox(), RecordBox(refusing))
        #expect(skipping.status == "completed")
        #expect(skipping.stages?[1]?["failed"]?.int == 10)
        #expect(skipping.stages?[1]?["written"]?.int == 990)
        let limited = try await run(
            pipeline(load: ["onError": "skip", "maxErrorPercent": 0.5]), RecordBox(), RecordBox(refusing))
        #expect(limited.error?["code"]?.string == "pipeline.too-many-errors")
    }

    @Test func `cancel stops a pipeline within a second and undoes what is not committed`() async throws {
        let target = RecordBox()
        let source = RecordBox(RecordBox.Plan(blocksAfter: 3))
        let host = try EngineHost(["source": source, "target": target])
        let id = try host.host.executePipeline(host.host.savePipeline(pipeline(), id: nil).id)
        #expect(try await EngineHost.wait { target.kept.withLock { $0.maxUncommittedRows } == 300 })
        try host.host.cancel(id)
        #expect(await host.host.whenFinished(id, within: .seconds(1)))
        #expect(try host.host.execution(id).status == "cancelled")
        #expect(target.kept.withLock { $0.abortCount } == 1)
        #expect(target.kept.withLock { $0.committed }.isEmpty)
    }

    @Test(arguments: ["discover", "reader", "writer", "next", "write", "commit"])
    func `cancel ends a pipeline within a second whatever call hangs in an instance that does not heed it`(
        _ call: String
    ) async throws {
        let box = RecordBox(RecordBox.Plan(blocksIn: call))
        let host = try EngineHost(["source": box, "target": box])
        let id = try host.host.executePipeline(host.host.savePipeline(pipeline(), id: nil).id)
        #expect(try await EngineHost.wait { box.isBlocking.withLock { $0 } })
        try host.host.cancel(id)
        #expect(await host.host.whenFinished(id, within: .seconds(1)))
        #expect(try host.host.execution(id).status == "cancelled")
        // A writer that opens after all undoes and closes what nobody waits for any more.
        box.hold.withLock { $0 = false }
        let abortCount = ["writer", "next", "write"].contains(call) ? 1 : 0
        #expect(try await EngineHost.wait { box.kept.withLock { $0.abortCount } == abortCount })
        // A commit that was under way is done or not; here it is, with all rows.
        let rowCount = call == "commit" ? 1000 : 0
        #expect(try await EngineHost.wait { box.kept.withLock { $0.committed.count } == rowCount })
    }

    @Test(arguments: ["idle source", "full channel"])
    func `cancel ends a pipeline within a second that waits for its source or for room`(_ kind: String)
        async throws
    {
        var plan = RecordBox.Plan(batchCount: 3)
        plan.isIdleAtEnd = true
        if kind == "full channel" { plan = Self.veryLarge }
        let target = RecordBox(RecordBox.Plan(blocksIn: kind == "full channel" ? "write" : ""))
        defer { target.hold.withLock { $0 = false } }
        let source = RecordBox(plan)
        let host = try EngineHost(["source": source, "target": target])
        let id = try host.host.executePipeline(host.host.savePipeline(pipeline(), id: nil).id)
        #expect(await !host.host.whenFinished(id, within: .milliseconds(500)))
        try host.host.cancel(id)
        #expect(await host.host.whenFinished(id, within: .seconds(1)))
        #expect(try host.host.execution(id).status == "cancelled")
    }

    @Test func `a source that cannot be opened ends a pipeline whose target hangs`() async throws {
        let target = RecordBox(RecordBox.Plan(blocksIn: "writer"))
        defer { target.hold.withLock { $0 = false } }
        let record = try await run(pipeline(), RecordBox(RecordBox.Plan(failsAfter: 2)), target)
        #expect(record.error?["code"]?.string == "pipeline.source-failed")
    }

    @Test func `a source with several streams asks which one, naming them`() async throws {
        let source = RecordBox(RecordBox.Plan(streams: ["designs", "parts"]))
        let record = try await run(pipeline(), source, RecordBox())
        #expect(record.error?["code"]?.string == "pipeline.stream-required")
        #expect(record.error?["message"]?.string?.contains("\"designs\", \"parts\"") == true)
        let named = try await run(pipeline(extract: ["stream": "parts"]), source, RecordBox())
        #expect(named.status == "completed")
    }

    @Test func `an integration that is not deployed is a warning when saved and a failure when executed`()
        async throws
    {
        let host = try EngineHost(["source": RecordBox()])
        let saved = try host.host.savePipeline(pipeline(), id: nil)
        #expect(saved.warnings.map(\.code) == ["pipeline.integration-not-deployed"])
        let id = try host.host.executePipeline(saved.id)
        #expect(await host.host.whenFinished(id, within: .seconds(5)))
        #expect(try host.host.execution(id).error?["code"]?.string == "integration.not-deployed")
    }

    @Test func `a target that fails ends a pipeline whose source has nothing yet`() async throws {
        var idle = RecordBox.Plan(batchCount: 3)
        idle.isIdleAtEnd = true
        let record = try await run(pipeline(), RecordBox(idle), RecordBox(RecordBox.Plan(fullAfter: 2)))
        #expect(record.status == "failed")
        #expect(record.error?["code"]?.string == "pipeline.target-full")
    }

    @Test func `a share of failed records is judged over all records`() async throws {
        let load: JSONObject = ["onError": "skip", "maxErrorPercent": 0.5]
        let refusing = RecordBox(RecordBox.Plan(refusedRow: 7))
        #expect(try await run(pipeline(load: load), RecordBox(), refusing).status == "failed")
        let enough: JSONObject = ["onError": "skip", "maxErrorPercent": 1]
        #expect(try await run(pipeline(load: enough), RecordBox(), refusing).status == "completed")
    }
}
