import Synchronization
import TenonConnectors
import TenonJSON
import TenonModel
import TenonSchedule
import TenonStore
import TenonTestKit
import Testing

@testable import TenonRuntime

@Suite(.timeLimit(.minutes(1)))
struct TriggerFiringTests {
    @Test func `a tick starts one execution that knows what has started it`() async throws {
        let seen = Seen()
        let rig = try TriggerRig(
            [
                "there": InProcessConnection { request in
                    seen.add(request.input)
                    return .now(.success([]))
                }
            ])
        let step: JSON = [
            "name": "one", "type": "api-call",
            "parameters": [
                "integrationId": "there", "action": "do",
                "input": [
                    "tick": "{{trigger.tick}}", "type": "{{trigger.type}}", "id": "{{trigger.id}}",
                    "region": "{{region}}",
                ],
            ],
        ]
        let id = try rig.save(
            "0 2 * * *", ["timezone": "Europe/Berlin", "context": ["region": "north"]],
            workflow: ["steps": [step]])
        rig.set("2026-03-10T00:59:59Z")
        #expect(try rig.executions.isEmpty)
        rig.set("2026-03-10T01:00:00Z")
        rig.look()
        try await rig.settle()
        let execution = try #require(try rig.executions.first)
        #expect(try rig.executions.count == 1)
        #expect(execution.status == "completed")
        #expect(execution.context["trigger"]?["tick"]?.string == "2026-03-10T02:00:00+01:00")
        let expected: JSON = [
            "tick": "2026-03-10T02:00:00+01:00", "type": "schedule", "id": .string(id.rawValue),
            "region": "north",
        ]
        #expect(seen.inputs == [expected.text])
        let row = try #require(try rig.host.triggerLedger(LedgerFilter()).rows.first)
        #expect(row["executionId"]?.string == execution.id.rawValue)
        #expect(row["tick"]?.string == "2026-03-10T02:00:00+01:00")
        #expect(try rig.ledger() == ["03-10T02:00 fired"])
    }

    @Test func `the host's own thread fires when the clock is moved`() async throws {
        let rig = try TriggerRig()
        try rig.save("@every 1m")
        rig.time.advance(by: .seconds(60))
        rig.host.clockMoved()
        #expect(try await EngineHost.wait { try rig.ledger() == ["03-10T00:01 fired"] })
    }

    @Test func `a pipeline's schedule starts it`() async throws {
        let target = RecordBox()
        let rig = try TriggerRig(["source": RecordBox(), "target": target])
        let body: JSON = [
            "projectId": "project", "name": "p", "sourceIntegrationId": "source",
            "targetIntegrationId": "target", "schedule": "0 */6 * * *",
            "stages": [
                ["name": "Extract", "type": "extract", "order": 0],
                ["name": "Load", "type": "load", "order": 1],
            ],
        ]
        let saved = try rig.host.savePipeline(body, id: nil)
        #expect(saved.warnings.isEmpty)
        rig.set("2026-03-10T06:00:00Z")
        #expect(try await EngineHost.wait { try rig.executions.first?.isFinished ?? false })
        #expect(try rig.executions.first?.status == "completed")
        #expect(target.kept.withLock { $0.committed.count } == 1000)
        let trigger = TriggerID("pipeline:\(saved.id):schedule")
        #expect(try rig.ledger(trigger) == ["03-10T06:00 fired"])
        #expect(try rig.executions.first?.context["trigger"]?["id"]?.string == trigger.rawValue)
    }

    @Test(arguments: [
        (
            "last",
            [
                "03-10T01:00 fired", "03-10T02:00 skipped misfire (catch-up)",
                "03-10T03:00 skipped misfire (catch-up)", "03-10T04:00 fired (catch-up)",
            ]
        ),
        (
            "skip",
            [
                "03-10T01:00 fired", "03-10T02:00 skipped misfire (catch-up)",
                "03-10T03:00 skipped misfire (catch-up)", "03-10T04:00 skipped misfire (catch-up)",
            ]
        ),
        (
            "all",
            [
                "03-10T01:00 fired", "03-10T02:00 fired (catch-up)", "03-10T03:00 fired (catch-up)",
                "03-10T04:00 fired (catch-up)",
            ]
        ),
    ])
    func `ticks that were missed while the host was away follow the misfire policy`(
        _ policy: String, _ expected: [String]
    ) async throws {
        let rig = try TriggerRig()
        try rig.save("0 * * * *", ["misfire": .string(policy)])
        rig.set("2026-03-10T01:00:00Z")
        try await rig.settle()
        try rig.restart(after: .seconds(3 * 3600 + 600))
        try await rig.settle()
        #expect(try rig.ledger() == expected)
        #expect(try rig.executions.count == expected.count { $0.contains("fired") })
        try rig.restart()
        #expect(try rig.ledger() == expected)
    }

    @Test func `what was missed longer ago than the catch-up window is skipped, very much of it in one row`()
        async throws
    {
        let rig = try TriggerRig()
        try rig.save("* * * * *", ["misfire": "all", "catchUpWindow": "2m"])
        try rig.restart(after: .seconds(86_400 * 3 + 30))
        try await rig.settle()
        let rows = try rig.ledger()
        #expect(
            rows.suffix(2).map { String($0.dropFirst(12)) } == [
                "fired (catch-up)", "fired",
            ])
        #expect(rows.first?.contains("skipped catch-up (catch-up) x") ?? false)
        #expect(rows.count < 300)
        #expect(try rig.executions.count == 2)
    }

    @Test func `a clock that is set back fires no tick twice, and the ticks after that come in their time`()
        async throws
    {
        let rig = try TriggerRig()
        try rig.save("0 * * * *")
        for hour in 1...3 {
            rig.set("2026-03-10T0\(hour):00:00Z")
            try await rig.settle()
        }
        rig.set("2026-03-10T00:30:00Z")
        for hour in 1...4 {
            rig.set("2026-03-10T0\(hour):00:10Z")
            try await rig.settle()
        }
        #expect(
            try rig.ledger() == [
                "03-10T01:00 fired", "03-10T02:00 fired", "03-10T03:00 fired", "03-10T04:00 fired",
            ])
        #expect(try rig.executions.count == 4)
    }

    @Test func `a clock that was years ahead does not silence a schedule when it is put right`() async throws
    {
        let rig = try TriggerRig()
        try rig.save("0 2 * * *")
        rig.set("2030-01-01T12:00:00Z")
        try await rig.settle()
        rig.set("2026-03-10T01:00:00Z")
        rig.set("2026-03-10T02:00:00Z")
        try await rig.settle()
        #expect(try rig.ledger().last == "03-10T02:00 fired")
        #expect(try rig.executions.count == 2)
    }

    @Test func `jitter delays each tick by its own time, the same each time it is asked`() async throws {
        let rig = try TriggerRig()
        let id = try rig.save("0 * * * *", ["jitter": "30m", "overlap": "allow"])
        let delays = (1...3).map { hour in
            rig.host.triggerLoop.book.withLock { book in
                let tick = TriggerRig.moment("2026-03-10T0\(hour):00:00Z")
                return book.triggers[id]?.schedule?.jitterDelay(tick, triggerID: id.rawValue) ?? .zero
            }
        }
        #expect(Set(delays).count == 3)
        for (hour, delay) in zip(1...3, delays) {
            rig.set("2026-03-10T0\(hour):00:00Z")
            rig.advance(delay - .microseconds(1))
            #expect(try rig.ledger().count == hour - 1)
            rig.advance(.microseconds(1))
            #expect(try rig.ledger().count == hour)
            try await rig.settle()
        }
    }

    @Test func `with a jitter longer than the interval every tick fires`() async throws {
        let rig = try TriggerRig()
        try rig.save("*/5 * * * *", ["jitter": "30m"])
        for _ in 0..<120 {
            rig.advance(.seconds(30))
            try await rig.settle()
        }
        let ledger = try rig.ledger()
        #expect(ledger.count >= 11 && ledger.allSatisfy { $0.hasSuffix(" fired") }, "\(ledger)")
    }

    @Test func `ticks of the last minute are not missed ones`() async throws {
        let rig = try TriggerRig()
        try rig.save("*/10 * * * * *", ["overlap": "allow", "misfire": "skip"])
        rig.advance(.seconds(35))
        try await rig.settle()
        #expect(try rig.ledger() == Array(repeating: "03-10T00:00 fired", count: 3))
    }

    @Test func `a tick that was missed by more than its delay is a missed one`() async throws {
        let rig = try TriggerRig()
        let id = try rig.save("0 1 * * *", ["jitter": "1h", "misfire": "skip"])
        let tick = TriggerRig.moment("2026-03-10T01:00:00Z")
        let delay = rig.host.triggerLoop.book.withLock { book in
            book.triggers[id]?.schedule?.jitterDelay(tick, triggerID: id.rawValue) ?? .zero
        }
        try rig.restart(after: tick + delay - rig.time.now() + .seconds(61))
        try await rig.settle()
        #expect(try rig.ledger() == ["03-10T01:00 skipped misfire (catch-up)"])
    }

    @Test func `a schedule begins at its start, ends at its end and says so`() async throws {
        let rig = try TriggerRig()
        let id = try rig.save("0 * * * *", ["start": "2026-03-10T02:00:00Z", "end": "2026-03-10T03:00:00Z"])
        #expect(try rig.host.trigger(id)["status"]?.string == "active")
        for hour in 1...5 {
            rig.set("2026-03-10T0\(hour):00:00Z")
            try await rig.settle()
        }
        #expect(try rig.ledger() == ["03-10T02:00 fired", "03-10T03:00 fired"])
        #expect(try rig.host.trigger(id)["status"]?.string == "ended")
        #expect(try rig.host.trigger(id)["nextTicks"] == [])
    }
}
