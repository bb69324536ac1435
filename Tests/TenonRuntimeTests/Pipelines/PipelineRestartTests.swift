import Glibc
import Synchronization
import TenonColumns
import TenonConnectors
import TenonJSON
import TenonModel
import TenonStore
import TenonTestKit
import Testing

@testable import TenonRuntime

/// What a pipeline that begins again must not forget, lose, or forgive.
@Suite(.timeLimit(.minutes(1)))
struct PipelineRestartTests {
    private static let wider = Schema(RecordBox.columns.fields + [Field("more", .int64)])

    /// 4000 records in 40 batches of 50 kB, two a commit; by the batch `seen` a commit is done.
    private static func source(
        commitsBefore seen: Int? = nil, _ target: RecordBox, _ change: (inout RecordBox.Plan) -> Void
    ) -> RecordBox {
        var plan = RecordBox.Plan(
            batchCount: 40, rowsPerBatch: 100, padding: String(repeating: "x", count: 500))
        change(&plan)
        let source = RecordBox(plan)
        source.willRead.withLock {
            $0 = { position in
                guard position == seen else { return }
                for _ in 0..<2000 where target.kept.withLock({ $0.commits.isEmpty }) { usleep(2000) }
            }
        }
        return source
    }

    private static func stage(_ transformations: [JSON], _ more: JSONObject = [:]) -> JSON {
        var stage: JSONObject = [
            "name": "Middle", "type": "transform", "order": 1, "transformations": .array(transformations),
        ]
        for (key, value) in more { stage[key] = value }
        return .object(stage)
    }

    private func start(_ host: EngineHost, _ middle: [JSON] = []) throws -> ExecutionID {
        let first: JSON = ["name": "Extract", "type": "extract", "order": 0, "transformations": []]
        let last: JSON = ["name": "Load", "type": "load", "order": 9, "transformations": []]
        let body: JSON = [
            "projectId": "project", "name": "pipeline", "sourceIntegrationId": "source",
            "targetIntegrationId": "target", "stages": .array([first] + middle + [last]),
        ]
        return try host.host.executePipeline(host.host.savePipeline(body, id: nil).id)
    }

    private func run(_ source: RecordBox, _ target: RecordBox, _ middle: [JSON] = []) async throws -> JSON {
        let host = try EngineHost(["source": source, "target": target])
        let id = try start(host, middle)
        #expect(await host.host.whenFinished(id, within: .seconds(20)))
        return try host.host.execution(id).json
    }

    // MARK: Failures that count

    @Test(arguments: [CallStatus.unavailable, .schemaChanged])
    func `a target that fails at each commit after the first is given up`(_ status: CallStatus) async throws {
        let target = RecordBox(
            RecordBox.Plan(breaksCommit: .before, breaksFrom: 2, breakStatus: status))
        let record = try await run(Self.source(target) { _ in }, target)
        #expect(record["status"] == "failed")
        #expect(record["error"]?["code"] == "pipeline.target-failed")
        #expect(record["attempts"] == .int(Int64(Limits.pipelineAttempts)))
        #expect(target.kept.withLock { $0.commits } == [1])
    }

    @Test func `the share of records that fail in a stage is one of all records`() async throws {
        let target = RecordBox()
        let source = Self.source(commitsBefore: 33, target) {
            $0.failsAfter = 33
            $0.failureCount = 1
        }
        // The last 40 records fail: 1 % of all, more of those that come after the commit.
        let cast: JSON = ["type": "filter", "expression": "id < 3960 || 1 / (id - id) > 0"]
        let record = try await run(
            source, target, [Self.stage([cast], ["onError": "skip", "maxErrorPercent": 2])])
        #expect(source.kept.withLock { $0.positions.last ?? 0 } > 20)
        #expect(record["status"] == "completed", "\(record["error"] ?? .null)")
        #expect(record["stages"]?[1]?["failed"] == 40)
    }

    @Test func `a refused record has its number among all that were handed to the target`() async throws {
        let target = RecordBox(RecordBox.Plan(refusedRow: 7, refusesFrom: 3))
        let record = try await run(Self.source(target) { _ in }, target)
        #expect(record["error"]?["message"]?.string?.contains("record 307 could not be") == true)
    }

    // MARK: Sources that change

    @Test func `a failure right after a change of columns does not end the pipeline`() async throws {
        let target = RecordBox()
        let source = Self.source(commitsBefore: 20, target) {
            $0.announced = [RecordBox.columns, Self.wider]
            $0.changesAfter = 20
            $0.changeCount = 1
        }
        // The first reader that goes on after the change fails before it says anything.
        let hasFailed = Mutex(false)
        let isSeen = source.willRead.withLock { $0 }
        source.willRead.withLock {
            $0 = { [unowned source] position in
                isSeen?(position)
                guard source.kept.withLock({ $0.changeCount }) == 1 else { return }
                hasFailed.withLock { hasFailed in
                    source.failsOnce.withLock { $0 = !hasFailed }
                    hasFailed = true
                }
            }
        }
        let record = try await run(source, target, [Self.stage([["type": "drop", "fields": "id"]])])
        #expect(record["status"] == "completed", "\(record["error"] ?? .null)")
        let requests = source.kept.withLock { $0.readRequests }
        #expect(requests.count == 3)
        #expect(requests.first != requests.last)
        #expect(source.kept.withLock { $0.positions.last ?? 0 } > 0)
        #expect(target.kept.withLock { $0.committed.count } == 4000)
    }

    @Test func `a source that no longer says its columns after a change ends the pipeline`() async throws {
        let target = RecordBox()
        let source = Self.source(commitsBefore: 20, target) {
            $0.announced = [RecordBox.columns, Schema([])]
            $0.changesAfter = 20
            $0.changeCount = 1
        }
        source.forgetsStreams.withLock { $0 = true }
        let record = try await run(source, target, [Self.stage([["type": "drop", "fields": "id"]])])
        #expect(record["error"]?["code"] == "pipeline.source-failed")
        #expect(record["error"]?["message"]?.string?.contains("no longer says") == true)
        #expect(source.kept.withLock { $0.positions } == [0])
        #expect(!target.kept.withLock { $0.commits.isEmpty })
    }

    @Test func `a limit that the source followed and follows no more does not begin to count anew`()
        async throws
    {
        let target = RecordBox()
        let source = Self.source(commitsBefore: 20, target) {
            $0.batchCount = 30
            $0.announced = [RecordBox.columns]
            $0.honoured = [#"{"limit":true}"#, "{}"]
            $0.changesAfter = 20
            $0.changeCount = 1
        }
        let record = try await run(source, target, [Self.stage([["type": "limit", "count": 3000]])])
        #expect(record["error"]?["code"] == "pipeline.interrupted")
        #expect(source.kept.withLock { $0.positions.count } == 2)
    }

    // MARK: What is shown meanwhile

    @Test func `a pipeline that waits for its next attempt does not hold a stopping host up`() async throws {
        var failure = CallFailure(.unavailable, "later.")
        failure.retryAfterMilliseconds = 60_000
        let source = RecordBox(RecordBox.Plan(failsAfter: 0, failure: failure))
        let host = try EngineHost(["source": source, "target": RecordBox()])
        let id = try start(host)
        #expect(try await EngineHost.wait { host.host.engine.run(id)?.isBusy == false })
    }

    @Test func `a pipeline that ends before it could go on says what is committed`() async throws {
        let directory = TemporaryDirectory()
        let target = RecordBox()
        let id: ExecutionID
        do {
            let host = try EngineHost(
                ["source": Self.source(target) { _ in }, "target": target], in: directory)
            id = try start(host)
            #expect(try await EngineHost.wait { target.kept.withLock { $0.commits.count } >= 3 })
            host.crash()
        }
        let silent = RecordBox(RecordBox.Plan(blocksIn: "writer"))
        defer { silent.hold.withLock { $0 = false } }
        let host = try EngineHost(["source": RecordBox(), "target": silent], in: directory)
        #expect(try await EngineHost.wait { silent.isBlocking.withLock { $0 } })
        try host.host.cancel(id)
        #expect(await host.host.whenFinished(id, within: .seconds(5)))
        let record = try host.host.execution(id).json
        #expect(record["status"] == "cancelled")
        #expect((record["recordsProcessed"]?.int ?? 0) > 0)
        #expect((record["checkpoint"]?["sequence"]?.int ?? 0) > 0)
    }

    @Test func `an execution that has ended is not said to run again`() async throws {
        let target = RecordBox()
        let host = try EngineHost(["source": RecordBox(), "target": target])
        let id = try start(host)
        #expect(await host.host.whenFinished(id, within: .seconds(20)))
        let before = try host.host.execution(id)
        try host.host.engine.record(
            [.execution(ExecutionProgress(number: before.number, status: "running"))], .synced)
        #expect(try host.host.execution(id).json == before.json)
    }
}
