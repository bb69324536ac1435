import GRDB
import Glibc
import Logging
import Synchronization
import TenonConnectors
import TenonJSON
import TenonModel
import TenonStore
import TenonTestKit
import TenonWorkflow
import Testing

@testable import TenonRuntime

@Suite(.timeLimit(.minutes(1)))
struct EngineTests {
    @Test func `steps run in order and their outputs are recorded`() async throws {
        let seen = Seen()
        let there = InProcessConnection { request in
            seen.add(request.input)
            return .now(.success(Array("{\"n\":\(seen.count)}".utf8)))
        }
        let host = try EngineHost(["there": there])
        let record = try await host.run((0..<5).map { call("step \($0)", order: $0) })
        #expect(record.status == "completed")
        #expect(seen.inputs == (0..<5).map { "{\"step\":\"step \($0)\"}" })
        #expect(record.steps?.array?.map { $0["output"]?["n"]?.int } == [1, 2, 3, 4, 5])
        #expect(record.steps?.array?.allSatisfy { $0["status"]?.string == "completed" } == true)
    }

    @Test func `a transformation sees the execution around its records, whose fields come first`()
        async throws
    {
        let there = InProcessConnection { _ in
            .now(.success(Array("[{\"n\":1},{\"n\":2,\"trigger\":7}]".utf8)))
        }
        let host = try EngineHost(["there": there])
        var map: JSON = [
            "name": "T", "type": "data-transform", "order": 1,
            "parameters": [
                "transformation": [
                    ["type": "filter", "expression": "n <= size(context.Get all)"],
                    [
                        "type": "map",
                        "mapping": [
                            "n": "{{n}}", "first": "{{context.Get all[0].n}}", "trigger": "{{trigger}}",
                        ],
                    ],
                ]
            ],
        ]
        let record = try await host.run([call("Get all", order: 0), map])
        #expect(
            record.steps?[1]?["output"] == [
                ["n": 1, "first": 1, "trigger": ["type": "manual"]], ["n": 2, "first": 1, "trigger": 7],
            ])

        map = [
            "name": "T", "type": "data-transform", "order": 1,
            "parameters": [
                "transformation": [
                    "type": "map", "mapping": ["a": "{{context.Get all"],
                ]
            ],
        ]
        #expect(throws: TenonError.self) { try host.save([call("Get all", order: 0), map]) }
    }

    @Test(arguments: ["strict", "relaxed"])
    func `a step begins only after its intent and its predecessor's result are recorded`(
        _ durability: String
    ) async throws {
        let states = Mutex<[[String]]>([])
        let store = Mutex<Store?>(nil)
        let there = InProcessConnection { _ in
            // What another connection sees is what is committed.
            let rows = try? store.withLock { $0 }?.read { database in
                try String.fetchAll(database, sql: "SELECT status FROM steps ORDER BY step")
            }
            states.withLock { $0.append(rows ?? []) }
            return .now(.success([]))
        }
        let host = try EngineHost(["there": there])
        store.withLock { $0 = host.host.store }
        let record = try await host.run((0..<3).map { call("step \($0)", order: $0) }, durability: durability)
        #expect(record.status == "completed")
        #expect(
            states.withLock { $0 } == [
                ["running"], ["completed", "running"], ["completed", "completed", "running"],
            ])
        store.withLock { $0 = nil }
    }

    @Test func `an ephemeral execution leaves only its final row`() async throws {
        let there = InProcessConnection { _ in .later }
        let host = try EngineHost(["there": there])
        let id = try host.host.executeWorkflow(
            host.save([call("one", order: 0)], durability: "ephemeral"), context: [:])
        #expect(try await EngineHost.wait { there.keptCount == 1 })
        #expect(try host.host.executions(ExecutionFilter()).executions.isEmpty)
        #expect(try host.host.execution(id).status == "running")
        there.release()
        #expect(await host.host.whenFinished(id, within: .seconds(5)))
        #expect(try host.host.executions(ExecutionFilter()).executions.map(\.status) == ["completed"])
    }

    @Test func `steps of one group run side by side, also where their calls block`() async throws {
        let running = Atomic<Int>(0)
        // Each waits for the others, which would be in vain one by one.
        let there = InProcessConnection { _ in
            running.add(1, ordering: .relaxed)
            for _ in 0..<20_000 where running.load(ordering: .relaxed) < 4 { usleep(1000) }
            guard running.load(ordering: .relaxed) == 4 else {
                return .now(.failure(CallFailure(.badData, "It was called alone.")))
            }
            return .now(.success([]))
        }
        let host = try EngineHost(["there": there], threads: 1)
        let record = try await host.run((0..<4).map { call("step \($0)", order: 0) })
        #expect(record.status == "completed")
    }

    @Test func `calls that block do not hold up other executions`() async throws {
        let gate = Atomic<Bool>(false)
        let slow = InProcessConnection { _ in
            while !gate.load(ordering: .relaxed) { usleep(1000) }
            return .now(.success([]))
        }
        let host = try EngineHost(["slow": slow, "there": .noop], threads: 2)
        let blocked: JSON = [
            "name": "blocked", "type": "api-call", "parameters": ["integrationId": "slow", "action": "do"],
        ]
        let slowWorkflow = try host.save([blocked], name: "slow")
        let ids = try (0..<8).map { _ in try host.host.executeWorkflow(slowWorkflow, context: [:]) }
        let record = try await host.run([call("quick", order: 0)])
        #expect(record.status == "completed")
        gate.store(true, ordering: .relaxed)
        for id in ids { #expect(await host.host.whenFinished(id, within: .seconds(5))) }
    }

    @Test func `an integration that is not deployed is a warning when saved and a clear failure when run`()
        async throws
    {
        let host = try EngineHost([:])
        let record = try host.host.saveWorkflow(
            ["projectId": "project", "name": "w", "steps": [call("one", order: 0)]], id: nil)
        #expect(record.warnings.map(\.code).contains("workflow.integration-not-deployed"))
        let id = try host.host.executeWorkflow(record.id, context: [:])
        #expect(await host.host.whenFinished(id, within: .seconds(5)))
        let execution = try host.host.execution(id)
        #expect(execution.status == "failed")
        #expect(execution.error?["code"]?.string == "integration.not-deployed")
    }

    @Test func `a failed step is tried again after a pause`() async throws {
        let attempts = Atomic<Int>(0)
        let there = InProcessConnection { request in
            let attempt = attempts.add(1, ordering: .relaxed).newValue
            guard attempt < 3 else { return .now(.success([])) }
            return .now(.failure(CallFailure(.unavailable, "not yet", effect: .notApplied)))
        }
        let host = try EngineHost(["there": there])
        let retry: JSON = ["maxAttempts": 3, "initialDelay": 20]
        let record = try await host.run([call("one", order: 0, ["retry": retry])])
        #expect(record.status == "completed")
        #expect(record.steps?[0]?["attempts"]?.int == 3)
    }

    @Test func `cancel reaches a call in flight within a second`() async throws {
        let there = InProcessConnection { _ in .later }
        let host = try EngineHost(["there": there])
        let id = try host.host.executeWorkflow(
            host.save([call("one", order: 0), call("two", order: 1)]), context: [:])
        #expect(try await EngineHost.wait { there.keptCount == 1 })
        try host.host.cancel(id)
        #expect(await host.host.whenFinished(id, within: .seconds(1)))
        #expect(try host.host.execution(id).status == "cancelled")
        #expect(there.cancelCount == 1)
        #expect(throws: TenonError.self) { try host.host.cancel(id) }
    }

    @Test func `cancel reaches a connector in the host that blocks the thread of its execution`() async throws
    {
        let directory = TemporaryDirectory()
        let plan = LaunchPlan(
            instanceName: "there", libraryPath: Fixtures.library("misbehave"), isolation: .host,
            cellPath: "/nonexistent", runDirectory: directory.path)
        let there = InstanceConnections.make(
            plan, services: HostServices(state: NoState(), log: { _ in }), time: SystemTime(),
            logger: Logger(label: "test"))
        try there.start()
        defer { there.stop() }
        let host = try EngineHost(["there": there])
        let sleep: JSON = ["integrationId": "there", "action": "sleep", "input": ["ms": 60_000]]
        let id = try host.host.executeWorkflow(
            host.save([call("one", order: 0, ["parameters": sleep])]), context: [:])
        #expect(
            try await EngineHost.wait {
                try host.host.execution(id).steps?[0]?["status"]?.string == "running"
            })
        try host.host.cancel(id)
        #expect(await host.host.whenFinished(id, within: .seconds(5)))
        #expect(try host.host.execution(id).status == "cancelled")
    }

    @Test func `a large output is stored once by digest and comes back whole`() async throws {
        let text = String(repeating: "x", count: 100_000)
        let there = InProcessConnection { _ in .now(.success(Array("\"\(text)\"".utf8))) }
        let host = try EngineHost(["there": there])
        let record = try await host.run([call("one", order: 0), call("two", order: 1)])
        #expect(record.steps?.array?.map { $0["output"]?.string } == [text, text])
        let counts = try host.host.store.read { database in
            try [
                Int.fetchOne(database, sql: "SELECT count(*) FROM blobs"),
                Int.fetchOne(database, sql: "SELECT max(length(output)) FROM steps"),
            ]
        }
        #expect(counts[0] == 1)
        #expect((counts[1] ?? 0) < 100)
    }

    @Test func `an output above the limit fails the step`() async throws {
        let there = InProcessConnection { _ in
            .now(.success(Array(repeating: UInt8(ascii: "1"), count: Limits.stepOutputBytes + 1)))
        }
        let host = try EngineHost(["there": there])
        let record = try await host.run([call("one", order: 0)])
        #expect(record.error?["code"]?.string == "step.output-too-large")
    }

    @Test func `transformations ride along without a commit of their own`() async throws {
        let there = InProcessConnection { _ in .now(.success(Array("{\"id\":7,\"name\":\"wing\"}".utf8))) }
        let host = try EngineHost(["there": there])
        let map: JSON = [
            "name": "map", "type": "data-transform", "order": 1,
            "parameters": ["transformation": ["type": "map", "mapping": ["designId": "id"]]],
        ]
        let record = try await host.run([call("get", order: 0), map])
        #expect(record.status == "completed")
        #expect(record.steps?[1]?["output"]?["designId"]?.int == 7)
    }
}

/// Inputs in the order in which they came.
final class Seen: Sendable {
    private let texts = Mutex<[String]>([])
    var inputs: [String] { texts.withLock { $0 } }
    var count: Int { texts.withLock { $0.count } }
    func add(_ input: [UInt8]) { texts.withLock { $0.append(String(decoding: input, as: UTF8.self)) } }
}

/// No values, as for a connector that keeps none.
private struct NoState: StateStorage {
    func get(instance: String, key: String) throws(CallFailure) -> [UInt8]? { nil }
    func put(instance: String, key: String, value: [UInt8]) throws(CallFailure) {}
    func remove(instance: String, key: String) throws(CallFailure) {}
}
