import TenonModel
import TenonTime
import Testing

@testable import TenonSchedule

/// Unix seconds of a text.
func seconds(_ text: String) throws -> Int64 { try #require(RFC3339.parse(text)).seconds }

struct CronExpressionTests {
    private static let start = "2026-01-01T00:00:00Z"

    /// The first ticks from 2026 on, in UTC.
    private func ticks(_ text: String, _ count: Int) throws -> [String] {
        let cron = try CronExpression(text)
        var after = try seconds(Self.start) - 1
        var ticks: [String] = []
        while ticks.count < count, let tick = cron.next(after: after, in: .utc) {
            ticks.append(String(RFC3339.print(seconds: tick).dropLast(4)))
            after = tick
        }
        return ticks
    }

    @Test(arguments: [
        ("0 2 * * *", ["2026-01-01T02:00", "2026-01-02T02:00"]),
        ("*/20 * * * *", ["2026-01-01T00:00", "2026-01-01T00:20"]),
        ("@yearly", ["2026-01-01T00:00", "2027-01-01T00:00"]),
        ("@monthly", ["2026-01-01T00:00", "2026-02-01T00:00"]),
        ("@weekly", ["2026-01-04T00:00", "2026-01-11T00:00"]),
        ("@Daily", ["2026-01-01T00:00", "2026-01-02T00:00"]),
        ("@hourly", ["2026-01-01T00:00", "2026-01-01T01:00"]),
        // Either day field, where both are given.
        ("0 0 13 * fri", ["2026-01-02T00:00", "2026-01-09T00:00", "2026-01-13T00:00"]),
        // Both, where one begins with a star.
        ("0 0 */2 * fri", ["2026-01-09T00:00", "2026-01-23T00:00"]),
        ("0 0 ? * mon-fri", ["2026-01-01T00:00", "2026-01-02T00:00", "2026-01-05T00:00"]),
        ("0 0 L * *", ["2026-01-31T00:00", "2026-02-28T00:00", "2026-03-31T00:00"]),
        ("0 0 L-2 * *", ["2026-01-29T00:00", "2026-02-26T00:00"]),
        ("0 0 L-30 * *", ["2026-01-01T00:00", "2026-03-01T00:00"]),
        ("0 0 LW * *", ["2026-01-30T00:00", "2026-02-27T00:00", "2026-03-31T00:00"]),
        // The 15th of February and of March 2026 are Sundays, the first of August a Saturday.
        ("0 0 15W * *", ["2026-01-15T00:00", "2026-02-16T00:00", "2026-03-16T00:00"]),
        ("0 0 1W 2,8 *", ["2026-02-02T00:00", "2026-08-03T00:00"]),
        ("0 0 31W 1,5 *", ["2026-01-30T00:00", "2026-05-29T00:00"]),
        ("0 0 ? * 5L", ["2026-01-30T00:00", "2026-02-27T00:00"]),
        ("0 0 * * friL", ["2026-01-30T00:00", "2026-02-27T00:00"]),
        ("0 0 * * mon#1", ["2026-01-05T00:00", "2026-02-02T00:00"]),
        ("0 0 * * 4#5", ["2026-01-29T00:00", "2026-04-30T00:00"]),
        ("0 0 * * 7#2", ["2026-01-11T00:00", "2026-02-08T00:00"]),
        ("0 0 1,L * *", ["2026-01-01T00:00", "2026-01-31T00:00", "2026-02-01T00:00"]),
        ("0 0 29 2 *", ["2028-02-29T00:00", "2032-02-29T00:00"]),
        // Whole leap days on Mondays only, where a star asks for both.
        ("0 0 29 2 */7", ["2032-02-29T00:00", "2060-02-29T00:00"]),
        ("0 12 1 jan-mar/2 *", ["2026-01-01T12:00", "2026-03-01T12:00", "2027-01-01T12:00"]),
    ])
    func `An expression has these ticks`(text: String, expected: [String]) throws {
        #expect(try ticks(text, expected.count) == expected)
    }

    @Test func `With six fields, seconds come first`() throws {
        let cron = try CronExpression("*/30 59 23 * * *")
        let first = try #require(cron.next(after: try seconds(Self.start), in: .utc))
        #expect(RFC3339.print(seconds: first) == "2026-01-01T23:59:00Z")
        #expect(cron.next(after: first, in: .utc) == first + 30)
        #expect(cron.next(after: first + 30, in: .utc) == first + 86_400)
    }

    @Test(arguments: [
        "", " ", "*", "* * * *", "* * * * * * *", "@never", "@", "0 2 * * * TZ", "\n0 2 * * *", "a b c d e",
        "61 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8",
        String(repeating: "1,", count: 4000),
        "0 0 1 1 * " + String(repeating: "x", count: 1000),
    ])
    func `What is no expression is refused`(text: String) {
        let error = #expect(throws: TenonError.self) { try CronExpression(text) }
        #expect(error?.code == .scheduleInvalid)
    }

    @Test func `The number of fields can be fixed`() {
        #expect(throws: TenonError.self) {
            try CronExpression("0 0 2 * * *", options: CronOptions(fields: 5...5))
        }
        #expect(throws: Never.self) {
            try CronExpression("0 2 * * *", options: CronOptions(fields: 5...5))
        }
    }

    @Test(arguments: ["0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 31W 2 *", "0 0 L-30 2,4 *", "0 0 30 2 ?"])
    func `An expression that never comes has no ticks, and is soon found out`(text: String) throws {
        let cron = try CronExpression(text)
        #expect(!cron.everFires)
        #expect(cron.next(after: 0, in: .utc) == nil && cron.previous(before: 0, in: .utc) == nil)
    }

    @Test func `There are ticks from the year 1 to 9999, and none outside`() throws {
        let cron = try CronExpression("0 0 1 1 *")
        let berlin = try TimeZoneRules.named("Europe/Berlin")
        for zone in [.utc, berlin] {
            #expect(cron.next(after: .max, in: zone) == nil)
            #expect(cron.previous(before: .min, in: zone) == nil)
            let first = try #require(cron.next(after: .min, in: zone))
            let last = try #require(cron.previous(before: .max, in: zone))
            #expect(zone.local(at: first).year <= 2 && zone.local(at: last).year >= 9999)
            #expect(cron.next(after: last, in: zone) == nil && cron.previous(before: first, in: zone) == nil)
        }
    }

    @Test func `A moment matches where it is a tick`() throws {
        let cron = try CronExpression("30 2 * * *")
        #expect(cron.matches(try seconds("2026-05-01T02:30:00Z"), in: .utc))
        #expect(!cron.matches(try seconds("2026-05-01T02:30:01Z"), in: .utc))
        #expect(cron.matches(try #require(LocalTime(year: 2026, month: 5, day: 1, hour: 2, minute: 30))))
    }
}
