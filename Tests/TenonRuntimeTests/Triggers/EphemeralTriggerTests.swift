import Foundation
import Synchronization
import TenonConnectors
import TenonJSON
import TenonModel
import TenonStore
import TenonTestKit
import TenonWorkflow
import Testing

@testable import TenonRuntime

/// Executions that a trigger starts and that record nothing on their way.
@Suite(.timeLimit(.minutes(1)))
struct EphemeralTriggerTests {
    private static let workflow: JSONObject = [
        "durability": "ephemeral", "steps": [call("one", order: 0), call("two", order: 1)],
    ]

    @Test func `one that a crash has ended begins again from its first step, as the same execution`()
        async throws
    {
        let slow = InProcessConnection { _ in .later }
        let rig = try TriggerRig(["there": slow])
        try rig.save("0 * * * *", workflow: Self.workflow)
        rig.set("2026-03-10T01:00:00Z")
        #expect(try await EngineHost.wait { slow.keptCount == 1 })
        slow.release()
        // It is at its second step.
        #expect(try await EngineHost.wait { slow.keptCount == 1 })
        let before = try #require(try rig.executions.first)
        #expect(before.status == "running")
        try rig.restart()
        // The call of the host that is gone, and the first one again.
        #expect(try await EngineHost.wait { slow.keptCount == 2 })
        // Meanwhile it counts as running.
        rig.set("2026-03-10T02:00:00Z")
        #expect(try rig.executions.map(\.id) == [before.id])
        #expect(
            try await EngineHost.wait {
                slow.release()
                return try rig.host.triggerStore.unfinishedExecutions().isEmpty
            })
        let after = try rig.host.execution(before.id)
        #expect(after.status == "completed")
        let steps = try #require(after.steps?.array)
        #expect(steps.map { $0["status"]?.string } == ["completed", "completed"])
        #expect(after.createdAt == before.createdAt)
        #expect(try rig.ledger() == ["03-10T01:00 fired", "03-10T02:00 skipped overlap"])
        // What has ended does not begin again.
        try rig.restart()
        #expect(try rig.host.triggerStore.unfinishedExecutions().isEmpty)
        #expect(try rig.host.execution(before.id).finishedAt == after.finishedAt)
    }

    @Test func `one that ends is recorded once, with its steps`() async throws {
        let rig = try TriggerRig()
        try rig.save("0 * * * *", workflow: Self.workflow)
        rig.set("2026-03-10T01:00:00Z")
        try await rig.settle()
        let execution = try #require(try rig.executions.first)
        #expect(execution.status == "completed")
        #expect(try rig.host.execution(execution.id).steps?.array?.count == 2)
        #expect(try rig.ledger() == ["03-10T01:00 fired"])
    }

    @Test func `one that runs shows its steps as they stand`() async throws {
        let slow = InProcessConnection { _ in .later }
        let rig = try TriggerRig(["there": slow])
        try rig.save("0 * * * *", workflow: Self.workflow)
        rig.set("2026-03-10T01:00:00Z")
        #expect(try await EngineHost.wait { slow.keptCount == 1 })
        slow.release()
        #expect(try await EngineHost.wait { slow.keptCount == 1 })
        let record = try rig.host.execution(try #require(try rig.executions.first).id)
        #expect(record.status == "running")
        #expect(record.steps?.array?.map { $0["status"]?.string } == ["completed", "running"])
        slow.release()
        try await rig.settle()
    }

    @Test func `a write in doubt is not sent again by the next start of the host`() async throws {
        let sent = Atomic<Int>(0)
        let lossy = InProcessConnection { _ in
            guard sent.add(1, ordering: .relaxed).newValue == 1 else { return .now(.success([])) }
            return .now(.failure(CallFailure(.timeout, "No answer.", effect: .unknown)))
        }
        let rig = try TriggerRig(["there": lossy], effect: .write)
        try rig.save("0 * * * *", workflow: Self.workflow)
        rig.set("2026-03-10T01:00:00Z")
        #expect(try await EngineHost.wait { try rig.executions.first?.status == "waiting" })
        let id = try #require(try rig.executions.first).id
        for _ in 0..<Limits.ephemeralBeginnings + 1 {
            try rig.restart()
            let record = try rig.host.execution(id)
            #expect(record.status == "waiting")
            #expect(record.steps?.array?.map { $0["status"]?.string } == ["in-doubt", "pending"])
        }
        #expect(sent.load(ordering: .relaxed) == 1)
        try rig.host.resolve(id, step: "one", .completed(output: .null))
        try await rig.settle()
        #expect(try rig.host.execution(id).status == "completed")
        #expect(sent.load(ordering: .relaxed) == 2)
    }

    @Test func `one that never ends before its host does not begin for ever`() async throws {
        let sent = Atomic<Int>(0)
        let slow = InProcessConnection(heedsCancel: false) { _ in
            sent.add(1, ordering: .relaxed)
            return .later
        }
        let rig = try TriggerRig(["there": slow])
        try rig.save("0 * * * *", workflow: Self.workflow)
        rig.set("2026-03-10T01:00:00Z")
        for beginning in 1...Limits.ephemeralBeginnings {
            #expect(try await EngineHost.wait { sent.load(ordering: .relaxed) == beginning })
            #expect(try rig.executions.map(\.status) == ["running"])
            try rig.restart()
        }
        let execution = try #require(try rig.executions.first)
        #expect(execution.status == "failed")
        #expect(execution.error?["code"]?.string == "execution.unrecoverable")
        #expect(sent.load(ordering: .relaxed) == Limits.ephemeralBeginnings)
        #expect(try rig.host.triggerStore.unfinishedExecutions().isEmpty)
    }

    @Test func `one that is recorded and not begun yet can be cancelled`() throws {
        let rig = try TriggerRig(["there": InProcessConnection { _ in .later }])
        try rig.save("0 * * * *", workflow: Self.workflow)
        let host = rig.host
        let asks = DispatchSemaphore(value: 0)
        let hasAnswer = DispatchSemaphore(value: 0)
        let failure = Mutex<(any Error)?>(nil)
        // As the triggers do it: recorded and begun while the book is taken.
        try host.triggerLoop.book.withLock { book in
            let trigger = try #require(book.triggers.values.first)
            let tick = TriggerRig.moment("2026-03-10T01:00:00Z")
            let start = try host.prepare(TriggeredStart(trigger: trigger, tick: tick, origin: .schedule))
            try host.engine.record(start.changes, start.durability)
            let id = start.run.id
            Thread.detachNewThread {
                asks.signal()
                do { try host.cancel(id) } catch { failure.withLock { $0 = error } }
                hasAnswer.signal()
            }
            asks.wait()
            start.begin()
        }
        hasAnswer.wait()
        #expect(failure.withLock { $0 } == nil)
    }
}
