import TenonJSON
import TenonModel
import TenonTime
import Testing

@testable import TenonSchedule

struct ScheduleTicksTests {
    private func schedule(_ json: JSON) throws -> Schedule { try Schedule.parse(json, id: "t") }

    @Test func `Ticks are strictly after, and inside of start and end, both included`() throws {
        let schedule = try schedule([
            "schedule": "0 2 * * *", "start": "2026-01-02T02:00:00Z", "end": "2026-01-04T02:00:00Z",
        ])
        let first = try timestamp("2026-01-02T02:00:00Z")
        let last = try timestamp("2026-01-04T02:00:00Z")
        #expect(schedule.nextTick(after: try timestamp("2020-01-01T00:00:00Z")) == first)
        #expect(schedule.nextTick(after: first + .microseconds(-1)) == first)
        #expect(schedule.nextTick(after: first) == (try timestamp("2026-01-03T02:00:00Z")))
        #expect(schedule.nextTick(after: last + .microseconds(-1)) == last)
        #expect(schedule.nextTick(after: last) == nil)
        #expect(schedule.previousTick(before: try timestamp("2030-01-01T00:00:00Z")) == last)
        #expect(schedule.previousTick(before: last + .microseconds(1)) == last)
        #expect(schedule.previousTick(before: first + .microseconds(1)) == first)
        #expect(schedule.previousTick(before: first) == nil)
    }

    @Test func `The ticks of a time include its beginning and not its end`() throws {
        let schedule = try schedule("0 * * * *")
        let from = try timestamp("2026-01-02T02:00:00Z")
        let ticks = schedule.ticks(from: from, to: from + .seconds(7200), limit: 100)
        #expect(ticks == [from, from + .seconds(3600)])
        #expect(schedule.ticks(from: from, to: from + .seconds(720_000), limit: 5).count == 5)
        #expect(schedule.ticks(from: from, to: from, limit: 5).isEmpty)
    }

    @Test func `The next ticks are told on the clocks of the zone`() throws {
        let schedule = try schedule(["schedule": "0 2 * * *", "timezone": "Europe/Berlin"])
        #expect(
            schedule.nextTicksText(3, after: try timestamp("2026-10-24T00:00:00Z")) == [
                "2026-10-25T02:00:00+02:00", "2026-10-26T02:00:00+01:00", "2026-10-27T02:00:00+01:00",
            ])
    }

    @Test func `A period is counted from the start, else from 1970, however long nobody looked`() throws {
        let every = try schedule("@every 7m")
        let now = try timestamp("2026-01-01T00:00:00Z")
        let tick = try #require(every.nextTick(after: now))
        #expect(tick > now && tick.microseconds % 420_000_000 == 0)
        #expect(every.nextTick(after: tick) == tick + .seconds(420))
        #expect(every.previousTick(before: tick) == tick + .seconds(-420))
        #expect(every.previousTick(before: tick + .microseconds(1)) == tick)

        let started = try schedule(["schedule": "@every 90s", "start": "2026-01-01T00:00:00.5Z"])
        let first = try timestamp("2026-01-01T00:00:01Z")
        #expect(started.nextTick(after: try timestamp("2020-01-01T00:00:00Z")) == first)
        #expect(started.nextTick(after: first) == first + .seconds(90))
        #expect(started.previousTick(before: first) == nil)
    }

    @Test func `Moments at the ends of time are survived`() throws {
        for text: JSON in [
            "0 2 * * *", "@every 7m", ["schedule": "@every 1s", "start": "0001-01-01T00:00:00Z"],
        ] {
            let schedule = try schedule(text)
            for moment in [Int64.min, .min + 1, -1, 0, 1, .max - 1, .max] {
                let at = Timestamp(microseconds: moment)
                if let tick = schedule.nextTick(after: at) { #expect(tick > at) }
                if let tick = schedule.previousTick(before: at) { #expect(tick < at) }
            }
        }
    }

    @Test func `A delay is the same each time, different per trigger and tick, and below the jitter`() throws
    {
        let schedule = try schedule(["schedule": "@hourly", "jitter": "10m"])
        let ticks = schedule.ticks(
            from: try timestamp("2026-01-01T00:00:00Z"), to: try timestamp("2026-02-01T00:00:00Z"), limit: 500
        )
        let delays = ticks.map { schedule.jitterDelay($0, triggerID: "a") }
        #expect(delays == ticks.map { schedule.jitterDelay($0, triggerID: "a") })
        #expect(delays != ticks.map { schedule.jitterDelay($0, triggerID: "b") })
        #expect(delays.allSatisfy { $0 >= .zero && $0 < .seconds(600) })
        // Spread over the whole of it.
        #expect(Set(delays.map { $0.components.seconds / 60 }).count == 10)
        #expect(try self.schedule("@hourly").jitterDelay(ticks[0], triggerID: "a") == .zero)
    }

    @Test func `H follows from the id, so that two schedules differ and one stays as it is`() throws {
        let now = try timestamp("2026-01-01T00:00:00Z")
        let ticks = try (0..<50).map {
            try Schedule.parse("H H * * *", id: "trigger \($0)").nextTick(after: now)
        }
        #expect(Set(ticks).count > 40)
        #expect(try Schedule.parse("H H * * *", id: "trigger 7").nextTick(after: now) == ticks[7])
    }
}
