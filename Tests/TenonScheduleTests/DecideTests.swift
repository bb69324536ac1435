import TenonJSON
import TenonModel
import TenonTime
import Testing

@testable import TenonSchedule

struct DecideTests {
    private func decisions(_ json: JSON, last: String, now: String) throws -> [TickDecision] {
        try Schedule.parse(json, id: "t").decide(
            lastHandled: try timestamp(last), now: try timestamp(now), triggerID: "t")
    }

    /// "02 fired", "03 misfire ×5" by hour.
    private func shown(_ decisions: [TickDecision]) -> [String] {
        decisions.map { decision in
            let hour = LocalTime(unixSeconds: decision.tick.microseconds / 1_000_000, offset: 0).hour
            let outcome =
                switch decision.outcome {
                case .fire(let isCatchUp): isCatchUp ? "caught up" : "fired"
                case .skip(let reason): reason.rawValue
                }
            return "\(hour) \(outcome)" + (decision.count > 1 ? " ×\(decision.count)" : "")
        }
    }

    @Test func `Nothing is due before the tick, after it was handled, and where the clock was set back`()
        throws
    {
        #expect(try decisions("@hourly", last: "2026-01-01T01:00:00Z", now: "2026-01-01T01:59:59Z").isEmpty)
        #expect(try decisions("@hourly", last: "2026-01-01T01:00:00Z", now: "2026-01-01T01:00:00Z").isEmpty)
        #expect(try decisions("@hourly", last: "2026-01-01T05:00:00Z", now: "2026-01-01T01:30:00Z").isEmpty)
    }

    @Test(arguments: ["last", "skip", "all"])
    func `A tick in time fires`(policy: String) throws {
        let json: JSON = ["schedule": "@hourly", "misfire": .string(policy)]
        let found = try decisions(json, last: "2026-01-01T01:00:00Z", now: "2026-01-01T02:00:01Z")
        #expect(shown(found) == ["2 fired"])
        #expect(found[0].tick == (try timestamp("2026-01-01T02:00:00Z")))
    }

    @Test func `Of missed ticks the last fires, or none, or all`() throws {
        func outcome(_ policy: String) throws -> [String] {
            shown(
                try decisions(
                    ["schedule": "@hourly", "misfire": .string(policy)], last: "2026-01-01T01:00:00Z",
                    now: "2026-01-01T04:30:00Z"))
        }
        #expect(try outcome("last") == ["2 misfire", "3 misfire", "4 caught up"])
        #expect(try outcome("skip") == ["2 misfire", "3 misfire", "4 misfire"])
        #expect(try outcome("all") == ["2 caught up", "3 caught up", "4 caught up"])
    }

    @Test func `What was missed before the catch-up window never fires`() throws {
        func outcome(_ policy: String, _ window: String) throws -> [String] {
            shown(
                try decisions(
                    ["schedule": "@hourly", "misfire": .string(policy), "catchUpWindow": .string(window)],
                    last: "2026-01-01T01:00:00Z", now: "2026-01-01T04:30:00Z"))
        }
        #expect(try outcome("all", "1h45m") == ["2 catch-up", "3 caught up", "4 caught up"])
        #expect(try outcome("last", "10m") == ["2 misfire", "3 misfire", "4 catch-up"])
        #expect(try outcome("all", "0s") == ["2 catch-up", "3 catch-up", "4 catch-up"])
    }

    @Test func `Long runs of skipped ticks are told in one, and every tick is counted`() throws {
        let found = try decisions("* * * * *", last: "2026-01-01T00:00:00Z", now: "2026-01-02T00:00:30Z")
        #expect(found.count == ScheduleLimits.singleSkips + 2)
        #expect(found.map(\.count).reduce(0, +) == 1440)
        #expect(found[0].firstTick == (try timestamp("2026-01-01T00:01:00Z")))
        #expect(found.last?.outcome == .fire(isCatchUp: false))
        for (before, after) in zip(found, found.dropFirst()) {
            #expect(after.firstTick == before.tick + .seconds(60))
        }
    }

    @Test func `However long nobody looked, deciding is bounded`() throws {
        let found = try decisions("* * * * * *", last: "1990-01-01T00:00:00Z", now: "2026-01-01T00:00:00Z")
        #expect(found[0].isCountAtLeast && found[0].count >= ScheduleLimits.countedTicks)
        #expect(found.filter(\.fires).count == 1)
        #expect(found.count <= ScheduleLimits.singleSkips + 3)
    }

    @Test(arguments: [("last", 1), ("skip", 1), ("all", 301)])
    func `After an outage a schedule of every second fires once, unless all that was missed is asked for`(
        misfire: String, count: Int
    ) throws {
        let found = try decisions(
            ["schedule": "* * * * * *", "misfire": .string(misfire)], last: "2026-01-01T00:00:00Z",
            now: "2026-01-01T00:05:01Z")
        #expect(found.filter(\.fires).count == count)
        #expect(found.last?.outcome == .fire(isCatchUp: false))
        #expect(found.map(\.count).reduce(0, +) == 301)
        #expect(found.allSatisfy { $0.fires || $0.outcome == .skip(.misfire) })
    }

    @Test func `At most so many missed ticks fire at once, the newest`() throws {
        let found = try decisions(
            ["schedule": "* * * * * *", "misfire": "all"], last: "2026-01-01T00:00:00Z",
            now: "2026-01-01T01:00:00Z")
        #expect(found.filter(\.fires).count == ScheduleLimits.ticksAtOnce)
        #expect(found[0].outcome == .skip(.limit) && found[0].count == 2600)
        #expect(found.last?.tick == (try timestamp("2026-01-01T01:00:00Z")))
    }

    @Test func `Deciding in two steps decides each tick once`() throws {
        let schedule = try Schedule.parse(["schedule": "*/7 * * * *", "misfire": "all"], id: "t")
        let start = try timestamp("2026-01-01T00:00:00Z")
        let whole = schedule.decide(lastHandled: start, now: start + .seconds(36_000), triggerID: "t").map(
            \.tick)
        let middle = start + .seconds(17_777)
        let first = schedule.decide(lastHandled: start, now: middle, triggerID: "t").map(\.tick)
        let second = schedule.decide(
            lastHandled: first.last ?? start, now: start + .seconds(36_000), triggerID: "t"
        ).map(
            \.tick)
        #expect(first + second == whole && Set(whole).count == whole.count)
    }

    @Test(arguments: Schedule.Misfire.allCases)
    func `Every tick of the last minute fires, whatever the policy for missed ones`(misfire: Schedule.Misfire)
        throws
    {
        let json: JSON = ["schedule": "*/10 * * * * *", "misfire": .string(misfire.rawValue)]
        let found = try decisions(json, last: "2026-01-01T00:00:00Z", now: "2026-01-01T00:00:25Z")
        #expect(found.map(\.outcome) == [.fire(isCatchUp: false), .fire(isCatchUp: false)])
    }

    /// With a host that wakes exactly when something is due.
    @Test(arguments: [
        ("* * * * *", "5m"), ("*/5 * * * *", "10m"), ("0 * * * *", "24h"), ("0 9,10 * * *", "2h"),
        ("@every 7s", "1m"),
    ])
    func `A jitter longer than the interval loses no tick, and each fires before the next is due`(
        text: String, jitter: String
    ) throws {
        let schedule = try Schedule.parse(
            ["schedule": .string(text), "jitter": .string(jitter), "misfire": "skip"], id: "t")
        var now = try timestamp("2026-01-01T00:00:00Z")
        var handled = now
        for _ in 0..<500 {
            let tick = try #require(schedule.nextTick(after: handled))
            let due = tick + schedule.jitterDelay(tick, triggerID: "t")
            #expect(due >= now && due - tick < schedule.jitter)
            let early = due + .microseconds(-1)
            #expect(schedule.decide(lastHandled: handled, now: early, triggerID: "t").isEmpty)
            now = due
            let decisions = schedule.decide(lastHandled: handled, now: now, triggerID: "t")
            #expect(decisions.map(\.tick) == [tick] && decisions.allSatisfy(\.fires))
            handled = tick
            let next = try #require(schedule.nextTick(after: tick))
            #expect(now < next)
        }
    }

    @Test func `How late a tick is counts from the end of its delay, and from the real time`() throws {
        let schedule = try Schedule.parse(
            ["schedule": "0 1 * * *", "jitter": "1h", "misfire": "skip", "catchUpWindow": "10m"], id: "t")
        let tick = try timestamp("2026-01-05T01:00:00Z")
        let due = tick + schedule.jitterDelay(tick, triggerID: "t")
        func outcomes(_ schedule: Schedule, _ lateness: Duration) -> [TickDecision.Outcome] {
            schedule.decide(lastHandled: tick + .seconds(-60), now: due + lateness, triggerID: "t").map(
                \.outcome)
        }
        #expect(outcomes(schedule, .seconds(-1)) == [])
        #expect(outcomes(schedule, .seconds(60)) == [.fire(isCatchUp: false)])
        #expect(outcomes(schedule, .seconds(61)) == [.skip(.misfire)])
        var caughtUp = schedule
        caughtUp.misfire = .last
        #expect(outcomes(caughtUp, .seconds(600)) == [.fire(isCatchUp: true)])
        #expect(outcomes(caughtUp, .seconds(601)) == [.skip(.catchUp)])
    }

    @Test func `After the end nothing is due`() throws {
        let found = try decisions(
            ["schedule": "@hourly", "misfire": "all", "end": "2026-01-01T02:30:00Z"],
            last: "2026-01-01T01:00:00Z",
            now: "2026-01-01T05:30:00Z")
        #expect(shown(found) == ["2 caught up"])
    }
}
