import Synchronization
import TenonConnectors
import TenonJSON
import TenonModel
import TenonStore
import TenonTestKit
import Testing

@testable import TenonRuntime

/// Pipelines whose ends fail, or whose host does, in this process.
@Suite(.timeLimit(.minutes(1)))
struct PipelineResumeTests {
    private static let ids = (0..<4000).map { JSON.int($0) }

    /// 2 MB in 40 batches, two or so a commit.
    private static func large(_ change: (inout RecordBox.Plan) -> Void = { _ in }) -> RecordBox.Plan {
        var plan = RecordBox.Plan(
            batchCount: 40, rowsPerBatch: 100, padding: String(repeating: "x", count: 500))
        change(&plan)
        return plan
    }

    private func pipeline(middle: [JSON] = [], mode: String = "append") -> JSON {
        let first: JSON = ["name": "Extract", "type": "extract", "order": 0, "transformations": []]
        let last: JSON = [
            "name": "Load", "type": "load", "order": 9, "transformations": [],
            "parameters": ["mode": .string(mode)],
        ]
        return [
            "projectId": "project", "name": "pipeline", "sourceIntegrationId": "source",
            "targetIntegrationId": "target", "stages": .array([first] + middle + [last]),
        ]
    }

    private func run(_ body: JSON, _ source: RecordBox, _ target: RecordBox) async throws -> JSON {
        let host = try EngineHost(["source": source, "target": target])
        let id = try host.host.executePipeline(host.host.savePipeline(body, id: nil).id)
        #expect(await host.host.whenFinished(id, within: .seconds(20)))
        return try host.host.execution(id).json
    }

    /// Runs until the target has done `commitCount` commits, then ends the host as a crash would.
    private func crash(
        _ body: JSON, _ source: RecordBox, _ target: RecordBox, after commitCount: Int,
        in directory: TemporaryDirectory
    ) async throws -> ExecutionID {
        let host = try EngineHost(["source": source, "target": target], in: directory)
        let id = try host.host.executePipeline(host.host.savePipeline(body, id: nil).id)
        #expect(try await EngineHost.wait { target.kept.withLock { $0.commits.count } >= commitCount })
        host.crash()
        return id
    }

    // MARK: Ends that fail

    @Test(arguments: ["source", "write", "before commit", "after commit"])
    func `an end that fails now and then is opened again from the last commit, and every row comes once`(
        _ place: String
    ) async throws {
        let source = RecordBox(
            Self.large {
                guard place == "source" else { return }
                $0.failsAfter = 17
                $0.failureCount = 3
            })
        let target = RecordBox(
            Self.large {
                $0.breakCount = 3
                if place == "write" { $0.breaksAfter = 5 }
                if place == "before commit" { $0.breaksCommit = .before }
                if place == "after commit" { $0.breaksCommit = .after }
            })
        let record = try await run(pipeline(), source, target)
        #expect(record["status"] == "completed", "\(record["error"] ?? .null)")
        #expect(record["attempts"] == 4)
        #expect(record["guarantee"] == "exactlyOnce")
        #expect(record["recordsProcessed"] == 4000)
        #expect(record["stages"]?.array?.map { $0["written"]?.int } == [4000, 4000])
        let kept = target.kept.withLock { $0 }
        #expect(kept.committed.map { $0["id"] ?? .null } == Self.ids)
        #expect(kept.commits == Array(1...UInt64(kept.commits.count)))
    }

    @Test func `an end that never comes back fails the pipeline after a few attempts`() async throws {
        let target = RecordBox()
        let record = try await run(pipeline(), RecordBox(RecordBox.Plan(failsAfter: 5)), target)
        #expect(record["status"] == "failed")
        #expect(record["attempts"] == .int(Int64(Limits.pipelineAttempts)))
        #expect(record["error"]?["code"]?.string == "pipeline.source-failed")
        #expect(record["error"]?["message"]?.string?.contains("the source has gone away") == true)
        let kept = target.kept.withLock { $0 }
        #expect(kept.committed.isEmpty)
        #expect(kept.abortCount == kept.requests.count)
    }

    @Test func `as long as commits come, failures are forgiven`() async throws {
        let source = RecordBox(Self.large())
        let target = RecordBox(
            Self.large {
                $0.breaksAfter = 5
                $0.breakCount = 12
            })
        let record = try await run(pipeline(), source, target)
        #expect(record["status"] == "completed")
        #expect((record["attempts"]?.int ?? 0) > Int64(Limits.pipelineAttempts))
        #expect(target.kept.withLock { $0.committed.map { $0["id"] ?? .null } } == Self.ids)
    }

    @Test func `what a person has to change is not tried again`() async throws {
        let failure = CallFailure(.unauthenticated, "the password is wrong.")
        let source = RecordBox(RecordBox.Plan(failsAfter: 2, failure: failure))
        let record = try await run(pipeline(), source, RecordBox())
        #expect(record["status"] == "failed")
        #expect(record["attempts"] == 1)
        #expect(source.kept.withLock { $0.positions } == [0])
    }

    @Test(arguments: ["aggregate", "overwrite", "no checkpoints"])
    func `where nothing is committed before the end a new attempt begins at the beginning`(_ kind: String)
        async throws
    {
        let sum: JSON = [
            "name": "Sum", "type": "transform", "order": 2,
            "transformations": [["type": "aggregate", "aggregation": ["operation": "sum", "field": "id"]]],
        ]
        let source = RecordBox(
            Self.large {
                $0.failsAfter = 30
                $0.failureCount = 2
                $0.hasCheckpoints = kind != "no checkpoints"
            })
        let target = RecordBox()
        let body = pipeline(
            middle: kind == "aggregate" ? [sum] : [], mode: kind == "overwrite" ? "overwrite" : "append")
        let record = try await run(body, source, target)
        #expect(record["status"] == "completed")
        #expect(record["attempts"] == 3)
        #expect(source.kept.withLock { $0.positions } == [0, 0, 0])
        let kept = target.kept.withLock { $0 }
        #expect(kept.commits == [1])
        #expect(kept.committed.count == (kind == "aggregate" ? 1 : 4000))
    }

    @Test func `a target that keeps no sequence gets at least every row, and the execution says so`()
        async throws
    {
        let source = RecordBox(
            Self.large {
                $0.failsAfter = 33
                $0.failureCount = 1
            })
        let target = RecordBox(Self.large { $0.guarantee = .atLeastOnce })
        let record = try await run(pipeline(), source, target)
        #expect(record["status"] == "completed")
        #expect(record["guarantee"] == "atLeastOnce")
        #expect(source.kept.withLock { $0.positions.last ?? 0 } > 0)
        let ids = target.kept.withLock { $0.committed.compactMap { $0["id"]?.int } }
        #expect(Set(ids).count == 4000)
    }

    // MARK: Hosts that end

    @Test(arguments: [1, 4, 12])
    func `after a crash of the host the same execution goes on from the last commit`(_ commitCount: Int)
        async throws
    {
        let directory = TemporaryDirectory()
        let target = RecordBox()
        let body = pipeline()
        let id = try await crash(body, RecordBox(Self.large()), target, after: commitCount, in: directory)
        let source = RecordBox(Self.large())
        let host = try EngineHost(["source": source, "target": target], in: directory)
        #expect(await host.host.whenFinished(id, within: .seconds(20)))
        let record = try host.host.execution(id).json
        #expect(record["status"] == "completed", "\(record["error"] ?? .null)")
        #expect(record["attempts"] == 2)
        #expect(record["recordsProcessed"] == 4000)
        #expect(record["stages"]?.array?.map { $0["written"]?.int } == [4000, 4000])
        #expect(source.kept.withLock { $0.positions.first ?? 0 } > 0)
        #expect(target.kept.withLock { $0.committed.map { $0["id"] ?? .null } } == Self.ids)
    }

    @Test func `now() is when the execution began, also after a crash of the host`() async throws {
        let directory = TemporaryDirectory()
        let target = RecordBox()
        let derive: JSON = [
            "name": "Stamp", "type": "transform", "order": 1,
            // With the long text, so that there is more than one commit.
            "transformations": [
                [
                    "type": "map",
                    "mapping": ["id": "id", "status": "status", "at": "{{now().toMillis()}}"],
                ]
            ],
        ]
        let body = pipeline(middle: [derive])
        let id = try await crash(body, RecordBox(Self.large()), target, after: 1, in: directory)
        let host = try EngineHost(["source": RecordBox(Self.large()), "target": target], in: directory)
        #expect(await host.host.whenFinished(id, within: .seconds(20)))
        let record = try host.host.execution(id)
        #expect(record.json["attempts"] == 2)
        let began = record.createdAt.microseconds / 1000
        let times = target.kept.withLock { $0.committed.map { $0["at"]?.int } }
        #expect(times == Array(repeating: began, count: 4000))
    }

    @Test func `an execution goes on with the definition that it began with`() async throws {
        let directory = TemporaryDirectory()
        let target = RecordBox()
        let id = try await crash(pipeline(), RecordBox(Self.large()), target, after: 2, in: directory)
        // Nothing of this may reach the target.
        let filter: JSON = [
            "name": "None", "type": "transform", "order": 1,
            "transformations": [
                ["type": "filter", "condition": ["field": "id", "operator": "lessThan", "value": 0]]
            ],
        ]
        do {
            let between = try EngineHost(["target": target], in: directory, startsNothing: true)
            let saved = try between.host.pipelines(project: nil)
            _ = try between.host.savePipeline(pipeline(middle: [filter]), id: #require(saved.first).id)
            between.crash()
        }
        let host = try EngineHost(["source": RecordBox(Self.large()), "target": target], in: directory)
        #expect(await host.host.whenFinished(id, within: .seconds(20)))
        #expect(try host.host.execution(id).definitionVersion == 1)
        #expect(target.kept.withLock { $0.committed.map { $0["id"] ?? .null } } == Self.ids)
    }

    @Test
    func `instances that were replaced meanwhile, or a target that has lost commits, end it with a reason`()
        async throws
    {
        for kind in ["replaced", "lost"] {
            let directory = TemporaryDirectory()
            let target = RecordBox()
            let id = try await crash(pipeline(), RecordBox(Self.large()), target, after: 5, in: directory)
            if kind == "lost" { target.kept.withLock { $0.saysSequence = 2 } }
            let host = try EngineHost(
                ["source": RecordBox(Self.large()), "target": target], in: directory,
                generation: kind == "replaced" ? 2 : 1)
            #expect(await host.host.whenFinished(id, within: .seconds(20)))
            let record = try host.host.execution(id)
            #expect(record.status == "failed")
            #expect(record.error?["code"]?.string == "pipeline.interrupted")
            let word = kind == "replaced" ? "deployed anew" : "has committed 2"
            #expect(record.error?["message"]?.string?.contains(word) == true)
        }
    }

    @Test func `a pipeline that ends its host each time is given up`() async throws {
        let directory = TemporaryDirectory()
        let source = RecordBox(RecordBox.Plan(blocksAfter: 3))
        let target = RecordBox()
        var id: ExecutionID?
        for start in 0..<Limits.pipelineStalls {
            let host = try EngineHost(["source": source, "target": target], in: directory)
            if start == 0 {
                id = try host.host.executePipeline(host.host.savePipeline(pipeline(), id: nil).id)
            }
            #expect(try await EngineHost.wait { source.kept.withLock { $0.positions.count } == start + 1 })
            host.crash()
        }
        let host = try EngineHost(["source": source, "target": target], in: directory)
        let execution = try #require(id)
        #expect(await host.host.whenFinished(execution, within: .seconds(5)))
        #expect(try host.host.execution(execution).error?["code"]?.string == "pipeline.interrupted")
        #expect(source.kept.withLock { $0.positions.count } == Limits.pipelineStalls)
    }
}
