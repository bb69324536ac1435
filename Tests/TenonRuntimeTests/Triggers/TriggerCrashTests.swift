import GRDB
import Glibc
import TenonJSON
import TenonModel
import TenonStore
import TenonTestKit
import Testing

@testable import TenonRuntime

/// Kills a host with SIGKILL, again and again, in the moments in which it fires.
@Suite(.timeLimit(.minutes(2)))
struct TriggerCrashTests {
    private static let killCount = 8

    @Test func `a host that is killed while it fires loses no tick and starts none twice`() throws {
        let directory = TemporaryDirectory()
        let data = directory.file("data")
        var random = SeededGenerator(seed: UInt64.random(in: 0...UInt64.max))
        for _ in 0..<Self.killCount {
            let host = try CrashHostProcess([data, Fixtures.cellPath, "", "", "triggers"])
            #expect(host.waitUntilReady())
            var now = timespec()
            clock_gettime(CLOCK_REALTIME, &now)
            // Into the next second, when all triggers fire at once.
            usleep(UInt32(1_000_000 - now.tv_nsec / 1000) + UInt32.random(in: 0...25_000, using: &random))
            host.kill()
        }
        let store = try Store.open(directory: data, time: SystemTime())
        defer { try? store.close() }
        let (rows, executions, waiting) = try store.read { database in
            (
                try Row.fetchAll(
                    database,
                    sql: "SELECT * FROM trigger_ledger ORDER BY trigger_id, first_tick, tick_count DESC"),
                try Row.fetchAll(database, sql: "SELECT id, context FROM executions"),
                try Row.fetchAll(database, sql: "SELECT * FROM trigger_queue ORDER BY trigger_id, tick")
            )
        }
        try check(rows, executions)
        checkGaps(rows, waiting)
        let fired = rows.count { $0["outcome"] == "fired" }
        print(
            "trigger crash test: \(fired) ticks, \(executions.count) executions, \(waiting.count) waiting,",
            "skipped: \(Set(rows.compactMap { $0["reason"] as String? }).sorted())")
        #expect(fired > 20 * Self.killCount / 2)
    }

    /// Every second has its row, is in the queue, or both had their turn: none is missing, and none waits that
    /// has fired.
    private func checkGaps(_ rows: [Row], _ waiting: [Row]) {
        let queues = Dictionary(grouping: waiting, by: { $0["trigger_id"] as String })
        for (trigger, rows) in Dictionary(grouping: rows, by: { $0["trigger_id"] as String }) {
            var seconds = rows.flatMap { row in
                let (first, last): (Int64, Int64) = (row["first_tick"], row["tick"])
                return Array(stride(from: first, through: last, by: 1_000_000))
            }
            seconds += queues[trigger, default: []].map { $0["tick"] as Int64 }
            seconds.sort()
            #expect(zip(seconds, seconds.dropFirst()).allSatisfy { $1 - $0 == 1_000_000 }, "\(trigger)")
            // Only what is missed while the host is away, or comes too close, starts nothing.
            let mayMiss = trigger.hasSuffix("-last")
            let reasons = Set(rows.compactMap { $0["reason"] as String? })
            let allowed: Set<String> =
                trigger.contains(":t") ? [] : (mayMiss ? ["misfire", "overlap"] : ["overlap"])
            #expect(reasons.isSubset(of: allowed), "\(trigger) \(reasons)")
        }
        #expect(queues.keys.contains { $0.contains(":queue-") })
    }

    private func check(_ rows: [Row], _ executions: [Row]) throws {
        var started: [String: String] = [:]
        for execution in executions {
            let context = try JSONParser.parse(execution["context"] as String)
            let trigger = try #require(context["trigger"]?["id"]?.string)
            started[execution["id"]] = "\(trigger) \(context["trigger"]?["tick"]?.string ?? "")"
        }
        var recorded: [String: String] = [:]
        for (trigger, rows) in Dictionary(grouping: rows, by: { $0["trigger_id"] as String }) {
            for row in rows where row["outcome"] == "fired" {
                let tick = Timestamp(microseconds: row["tick"]).iso8601.replacing(".000Z", with: "Z")
                recorded[row["execution_id"]] = "\(trigger) \(tick)"
            }
        }
        #expect(recorded == started)
        #expect(Set(started.values).count == started.count)
    }
}
