import Synchronization
import TenonConnectors
import TenonJSON
import TenonModel
import TenonStore
import TenonTestKit
import Testing

@testable import TenonRuntime

/// A backfill and the ticks of the schedule that come while it runs.
@Suite(.timeLimit(.minutes(1)))
struct TriggerBackfillTests {
    private let slow = InProcessConnection { _ in .later }

    /// A rig whose trigger fills up the ticks since `from`, the first of which runs.
    private func filling(_ overlap: String, from: String) async throws -> (TriggerRig, TriggerID) {
        let rig = try TriggerRig(["there": slow])
        let id = try rig.save("0 * * * *", ["overlap": .string(overlap)])
        let from = TriggerRig.moment(from)
        _ = try rig.host.backfill(id, from: from, to: rig.time.now(), isDryRun: false)
        #expect(try await EngineHost.wait { slow.keptCount == 1 })
        return (rig, id)
    }

    /// Lets what runs end, until all that waits has fired.
    private func finish(_ rig: TriggerRig) async throws {
        #expect(
            try await EngineHost.wait {
                slow.release()
                rig.look()
                return rig.host.triggerLoop.book.withLock { book in
                    book.triggers.values.allSatisfy { $0.queue.isEmpty && $0.running.isEmpty }
                }
            })
    }

    @Test(arguments: ["queue", "skip", "cancel"])
    func `a tick that comes while a backfill runs waits for it and goes before the rest`(_ overlap: String)
        async throws
    {
        let (rig, _) = try await filling(overlap, from: "2026-03-09T20:00:00Z")
        rig.set("2026-03-10T01:00:00Z")
        #expect(try rig.ledger() == ["03-09T20:00 fired (backfill)"])
        try await finish(rig)
        let rows = try rig.ledger()
        #expect(rows.prefix(2) == ["03-09T20:00 fired (backfill)", "03-10T01:00 fired"])
        #expect(rows.count == 5 && rows.allSatisfy { $0.contains("fired") })
        #expect(try rig.executions.allSatisfy { $0.status == "completed" })
    }

    @Test func `with cancel, only the newest tick waits for a backfill`() async throws {
        let (rig, _) = try await filling("cancel", from: "2026-03-09T23:00:00Z")
        rig.set("2026-03-10T01:00:00Z")
        rig.set("2026-03-10T02:00:00Z")
        try await finish(rig)
        #expect(
            try rig.ledger() == [
                "03-09T23:00 fired (backfill)", "03-10T01:00 skipped overlap", "03-10T02:00 fired",
            ])
        #expect(try rig.executions.map(\.status) == ["completed", "completed"])
    }

    @Test func `very many ticks of a backfill that wait leave room for those of the schedule`() async throws {
        let (rig, id) = try await filling("queue", from: "2026-01-20T00:00:00Z")
        let waiting = try rig.host.trigger(id)["queuedTicks"]?.int ?? 0
        #expect(waiting > Int64(Limits.queuedTicksPerTrigger))
        rig.set("2026-03-10T01:00:00Z")
        #expect(try rig.host.trigger(id)["queuedTicks"]?.int == waiting + 1)
        #expect(try rig.ledger().count == 1)
    }
}
