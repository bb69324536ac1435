import TenonModel
import TenonTime
import Testing

@testable import TenonSchedule

/// Berlin sets its clocks on 2026-03-29 from 2:00 to 3:00 and on 2026-10-25 from 3:00 back to 2:00.
struct ClockChangeTests {
    private func ticks(
        _ text: String, _ zoneName: String = "Europe/Berlin", from: String, to: String,
        dst: ClockChangeRules = ClockChangeRules()
    ) throws -> [String] {
        let cron = try CronExpression(text)
        let zone = try TimeZoneRules.named(zoneName)
        var ticks: [Int64] = []
        var after = try seconds(from) - 1
        while let tick = cron.next(after: after, in: zone, dst: dst), tick < (try seconds(to)) {
            ticks.append(tick)
            after = tick
        }
        var backwards: [Int64] = []
        var before = try seconds(to)
        while let tick = cron.previous(before: before, in: zone, dst: dst), tick >= (try seconds(from)) {
            backwards.append(tick)
            before = tick
        }
        #expect(backwards.reversed() == ticks, "backwards is the same as forwards")
        return ticks.map { RFC3339.print(seconds: $0, offset: zone.offset(at: $0)) }
    }

    private func spring(_ text: String, dst: ClockChangeRules = ClockChangeRules()) throws -> [String] {
        try ticks(text, from: "2026-03-28T23:00:00Z", to: "2026-03-29T22:00:00Z", dst: dst)
    }

    private func autumn(_ text: String, dst: ClockChangeRules = ClockChangeRules()) throws -> [String] {
        try ticks(text, from: "2026-10-24T22:00:00Z", to: "2026-10-25T23:00:00Z", dst: dst)
    }

    @Test func `A daily job in the gap runs just after it, once`() throws {
        #expect(try spring("30 2 * * *") == ["2026-03-29T03:00:00+02:00"])
        #expect(try spring("0 2 * * *") == ["2026-03-29T03:00:00+02:00"])
        #expect(try spring("0,15,30 2 * * *") == ["2026-03-29T03:00:00+02:00"])
        #expect(try spring("*/20 2 * * *") == ["2026-03-29T03:00:00+02:00"])
        #expect(try spring("0 2,3 * * *") == ["2026-03-29T03:00:00+02:00"])
        #expect(try spring("30 2,3 * * *") == ["2026-03-29T03:00:00+02:00", "2026-03-29T03:30:00+02:00"])
        #expect(try spring("30 2 30 * *") == [])
    }

    @Test func `A daily job in the fold runs the first time only`() throws {
        #expect(try autumn("30 2 * * *") == ["2026-10-25T02:30:00+02:00"])
        #expect(try autumn("0 3 * * *") == ["2026-10-25T03:00:00+01:00"])
        #expect(
            try autumn("0,30 2 * * *") == ["2026-10-25T02:00:00+02:00", "2026-10-25T02:30:00+02:00"])
    }

    @Test func `A rhythm follows the clock: nothing in the gap, twice in the fold`() throws {
        #expect(try spring("*/15 * * * *").count == 23 * 4)
        #expect(try autumn("*/15 * * * *").count == 25 * 4)
        #expect(
            try spring("0 */2 * * *").prefix(2) == ["2026-03-29T00:00:00+01:00", "2026-03-29T04:00:00+02:00"])
        #expect(
            try autumn("30 */2 * * *").prefix(3) == [
                "2026-10-25T00:30:00+02:00", "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00",
            ])
        #expect(try spring("0 0-23 * * *").count == 23)
    }

    @Test func `Options say otherwise`() throws {
        #expect(try spring("30 2 * * *", dst: ClockChangeRules(gap: .skip)) == [])
        #expect(
            try spring("30 */2 * * *", dst: ClockChangeRules(gap: .after)).prefix(2) == [
                "2026-03-29T00:30:00+01:00", "2026-03-29T03:00:00+02:00",
            ])
        #expect(
            try autumn("30 2 * * *", dst: ClockChangeRules(fold: .last)) == ["2026-10-25T02:30:00+01:00"])
        #expect(
            try autumn("30 2 * * *", dst: ClockChangeRules(fold: .both)) == [
                "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00",
            ])
        #expect(try autumn("0 * * * *", dst: ClockChangeRules(fold: .first)).count == 24)
        #expect(try autumn("0 * * * *", dst: ClockChangeRules(fold: .last)).count == 24)
    }

    @Test func `Where midnight is left out, a job at midnight runs just after`() throws {
        #expect(
            try ticks(
                "0 0 * * *", "America/Sao_Paulo", from: "2018-11-03T12:00:00Z", to: "2018-11-05T12:00:00Z")
                == ["2018-11-04T01:00:00-02:00", "2018-11-05T00:00:00-02:00"])
    }

    @Test func `A day that a place left out has no tick, the days beside it have one each`() throws {
        for text in ["0 0 * * *", "30 12 * * *"] {
            let found = try ticks(
                text, "Pacific/Apia", from: "2011-12-29T10:00:00Z", to: "2012-01-01T10:00:00Z")
            #expect(found.map { $0.prefix(10) } == ["2011-12-29", "2011-12-31", "2012-01-01"])
        }
    }

    @Test func `Clocks may be set by half an hour`() throws {
        // Lord Howe: 2026-10-04 from 2:00 to 2:30, 2026-04-05 from 2:00 back to 1:30.
        #expect(
            try ticks(
                "15 2 * * *", "Australia/Lord_Howe", from: "2026-10-03T14:00:00Z", to: "2026-10-04T12:00:00Z")
                == ["2026-10-04T02:30:00+11:00"])
        #expect(
            try ticks(
                "45 1 * * *", "Australia/Lord_Howe", from: "2026-04-04T13:00:00Z", to: "2026-04-05T12:00:00Z")
                == ["2026-04-05T01:45:00+11:00"])
    }
}
