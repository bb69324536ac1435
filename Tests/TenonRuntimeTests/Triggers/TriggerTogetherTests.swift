import Glibc
import Synchronization
import TenonJSON
import TenonModel
import TenonStore
import TenonTestKit
import Testing

@testable import TenonRuntime

/// Ticks of very many triggers at one second.
@Suite(.timeLimit(.minutes(1)))
struct TriggerTogetherTests {
    private func save(_ name: String, _ count: Int, _ rig: TriggerRig, _ more: JSONObject = [:]) throws {
        try save(name, count, rig.host, more)
    }

    private func save(_ name: String, _ count: Int, _ host: TenonHost, _ more: JSONObject = [:]) throws {
        let triggers = (0..<count).map { number -> JSON in
            var trigger: JSONObject = [
                "id": .string("t\(number)"), "type": "schedule", "schedule": "0 * * * *",
            ]
            for (key, value) in more { trigger[key] = value }
            return .object(trigger)
        }
        let body: JSON = [
            "projectId": "project", "name": .string(name), "steps": [call("one", order: 0)],
            "triggers": .array(triggers),
        ]
        _ = try host.saveWorkflow(body, id: nil)
    }

    /// Does something where it is asked which instance an execution calls, which may take long.
    private final class Asked: Sendable {
        private let state = Mutex((count: 0, body: { @Sendable (_: Int) -> Void in }))

        /// `body` gets how many times it was called before.
        func whenAsked(_ body: @escaping @Sendable (Int) -> Void) { state.withLock { $0.body = body } }

        func note() {
            let (before, body) = state.withLock { state in
                defer { state.count += 1 }
                return state
            }
            body(before)
        }

        var count: Int { state.withLock { $0.count } }
    }

    @Test func `what is collected is recorded before it has taken long`() async throws {
        let asked = Asked()
        let time = ManualTime(start: TriggerRig.moment("2026-03-10T00:00:00Z"))
        let running = try EngineHost(["there": .noop], time: time, onTarget: asked.note)
        let store = running.host.triggerStore
        try save("w", 4, running.host)
        let recorded = Mutex<[Int?]>([])
        asked.whenAsked { _ in
            let rows = try? store.ledger(LedgerQuery())
            recorded.withLock { $0.append(rows?.count) }
            let end = monotonicNanoseconds() + UInt64(Limits.triggersTogether.wholeNanoseconds)
            while monotonicNanoseconds() < end { sched_yield() }
        }
        time.advance(by: .seconds(3600))
        running.host.clockMoved()
        #expect(try await EngineHost.wait { asked.count == 4 })
        #expect(recorded.withLock { $0 } == [0, 1, 2, 3])
    }

    @Test func `a host that ends starts none of the others that are due`() async throws {
        let asked = Asked()
        let time = ManualTime(start: TriggerRig.moment("2026-03-10T00:00:00Z"))
        let running = try EngineHost(["there": .noop], time: time, onTarget: asked.note)
        let host = running.host
        try save("w", 4, host)
        let hasEnded = Atomic(false)
        asked.whenAsked { before in
            guard before == 0 else { return }
            _ = startThread {
                host.drain(.zero)
                hasEnded.store(true, ordering: .relaxed)
            }
            // Where it waits for this one first, it is not said in time.
            for _ in 0..<1_000_000 where !host.isDraining.load(ordering: .relaxed) { sched_yield() }
        }
        time.advance(by: .seconds(3600))
        host.clockMoved()
        #expect(try await EngineHost.wait { hasEnded.load(ordering: .relaxed) })
        #expect(asked.count == 1)
    }

    @Test func `each of them fires once, and each that is paused is skipped`() async throws {
        let rig = try TriggerRig()
        for name in ["a", "b", "c"] { try save(name, 70, rig) }
        let paused = try rig.host.triggers(project: nil, definition: nil, status: nil).prefix(5)
        for trigger in paused {
            _ = try rig.host.pauseTrigger(TriggerID(try #require(trigger["id"]?.string)))
        }
        for hour in 1...2 {
            rig.set("2026-03-10T0\(hour):00:00Z")
            try await rig.settle()
        }
        for (outcome, count) in [("fired", 205 * 2), ("skipped", 5 * 2)] {
            var filter = LedgerFilter()
            filter.outcome = outcome
            filter.limit = 500
            let rows = try rig.host.triggerLedger(filter).rows
            #expect(rows.count == count)
            #expect(rows.allSatisfy { $0["reason"]?.string == (outcome == "fired" ? nil : "paused") })
            let keys = Set(rows.map { "\($0["triggerId"]?.text ?? "") \($0["tick"]?.text ?? "")" })
            #expect(keys.count == count)
        }
        let shown = try rig.host.triggers(project: nil, definition: nil, status: "active")
        #expect(shown.count == 205)
        #expect(shown.allSatisfy { $0["lastTick"]?.string == "2026-03-10T02:00:00Z" })
        // What each has recorded about itself is the same after a restart.
        try rig.restart()
        #expect(try rig.host.triggers(project: nil, definition: nil, status: "active") == shown)
    }

    @Test func `one whose tick has fired already keeps nobody else from firing`() async throws {
        let rig = try TriggerRig()
        try save("w", 5, rig)
        let triggers = try rig.host.triggers(project: nil, definition: nil, status: nil)
        let first = TriggerID(try #require(triggers.first?["id"]?.string))
        let trigger = try #require(rig.host.triggerLoop.book.withLock { $0.triggers[first] })
        // As if another host had fired it.
        var row = trigger.row(
            TriggerRig.moment("2026-03-10T01:00:00Z"), origin: .schedule, at: rig.time.now())
        row.outcome = .fired
        row.executionID = ExecutionID("elsewhere")
        try TriggerFiring(host: rig.host).record([.fired(row, replacesSkipped: false)], .written)
        rig.set("2026-03-10T01:00:00Z")
        try await rig.settle()
        #expect(try rig.executions.count == 4)
        #expect(try rig.ledger() == Array(repeating: "03-10T01:00 fired", count: 5))
    }

    @Test func `those that share a second follow their rules for overlaps`() async throws {
        let slow = InProcessConnection { _ in .later }
        let rig = try TriggerRig(["there": slow])
        for overlap in ["skip", "queue", "cancel", "allow"] {
            try save(overlap, 2, rig, ["overlap": .string(overlap)])
        }
        rig.set("2026-03-10T01:00:00Z")
        #expect(try await EngineHost.wait { slow.keptCount == 8 })
        rig.set("2026-03-10T02:00:00Z")
        let queued = try rig.host.triggers(project: nil, definition: nil, status: nil).compactMap {
            $0["queuedTicks"]?.int
        }
        #expect(queued.reduce(0, +) == 2)
        #expect(try rig.ledger().count { $0 == "03-10T02:00 skipped overlap" } == 2)
        #expect(try rig.ledger().count { $0 == "03-10T02:00 fired" } == 4)
        #expect(
            try await EngineHost.wait {
                slow.release()
                rig.look()
                return try rig.host.triggerStore.unfinishedExecutions().isEmpty
            })
        #expect(try rig.executions.count { $0.status == "cancelled" } == 2)
    }
}
