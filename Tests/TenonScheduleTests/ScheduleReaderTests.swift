import TenonJSON
import TenonModel
import TenonTime
import Testing

@testable import TenonSchedule

func timestamp(_ text: String) throws -> Timestamp { Timestamp(milliseconds: try seconds(text) * 1000) }

struct ScheduleReaderTests {
    private let pointer = JSONPointer(["triggers", "0"])

    private func parse(_ json: JSON) throws -> Schedule { try Schedule.parse(json, at: pointer, id: "t") }

    @Test func `A text alone is a schedule in UTC`() throws {
        let schedule = try parse("0 2 * * *")
        #expect(schedule.zone.name == "UTC" && schedule.text == "0 2 * * *")
        #expect(schedule.misfire == .last && schedule.overlap == .skip && schedule.jitter == .zero)
        #expect(schedule.catchUpWindow == .seconds(86_400))
    }

    @Test func `A trigger says all there is to say`() throws {
        let schedule = try parse([
            "type": "schedule", "schedule": "30 2 * * *", "timezone": "Europe/Berlin", "start": "2026-03-01",
            "end": "2026-03-31", "jitter": "5m", "misfire": "all", "overlap": "queue", "catchUpWindow": "2h",
            "dst": ["gap": "skip", "fold": "both"], "enabled": true, "anything": 1,
        ])
        #expect(
            schedule.zone.name == "Europe/Berlin" && schedule.misfire == .all && schedule.overlap == .queue)
        #expect(schedule.jitter == .seconds(300) && schedule.catchUpWindow == .seconds(7200))
        #expect(schedule.clockChanges == ClockChangeRules(gap: .skip, fold: .both))
        let ticks = schedule.ticks(
            from: try timestamp("2026-01-01T00:00:00Z"), to: try timestamp("2027-01-01T00:00:00Z"), limit: 100
        )
        #expect(ticks.count == 30)
        #expect(ticks.first.map(schedule.tickText) == "2026-03-01T02:30:00+01:00")
        #expect(ticks.last.map(schedule.tickText) == "2026-03-31T02:30:00+02:00")
    }

    @Test func `The zone may stand before the text`() throws {
        #expect(try parse("TZ=Asia/Tokyo  @midnight").zone.name == "Asia/Tokyo")
        #expect(try parse("CRON_TZ=+05:30 0 5 * * * *").zone.name == "+05:30")
        #expect(try parse(["schedule": "TZ=UTC @daily", "timezone": "UTC"]).zone.name == "UTC")
        #expect(throws: TenonError.self) {
            try parse(["schedule": "TZ=UTC @daily", "timezone": "Asia/Tokyo"])
        }
        #expect(throws: TenonError.self) { try parse("TZ=Asia/Tokyo") }
        #expect(try parse(" \tTZ=Asia/Tokyo\t@midnight").zone.name == "Asia/Tokyo")
        #expect(try parse("tz=Asia/Tokyo 0 2 * * *").zone.name == "Asia/Tokyo")
    }

    @Test func `Words are parted by spaces and tabs`() throws {
        guard case .every(let period) = try parse("\t@every\t5m ").rhythm else {
            Issue.record("not a period")
            return
        }
        #expect(period == .seconds(300))
    }

    @Test func `Null is as if it were not there`() throws {
        let schedule = try parse([
            "schedule": "@daily", "timezone": nil, "start": nil, "dst": nil, "misfire": nil,
        ])
        #expect(schedule.start == nil && schedule.misfire == .last)
    }

    @Test(
        arguments: [
            (["schedule": "61 2 * * *"], "/triggers/0/schedule", "61 is not from 0 to 59"),
            (["schedule": "0 0 30 2 *"], "/triggers/0/schedule", "never comes"),
            (["schedule": "0 0 * * 5-3"], "/triggers/0/schedule", "write 5-6,0-3 if"),
            (["schedule": "0 0 * * 7-2"], "/triggers/0/schedule", "write 0-2 if"),
            (["schedule": "0 0 * * H(0-7)"], "/triggers/0/schedule", "goes up to 6"),
            (["schedule": "H(9-3) 0 * * *"], "/triggers/0/schedule", "runs backwards"),
            (["schedule": 5], "/triggers/0/schedule", "must be a text"),
            ([:], "/triggers/0/schedule", "is missing"),
            (["schedule": "@every 5x"], "/triggers/0/schedule", "length of time"),
            (["schedule": "@every 100ms"], "/triggers/0/schedule", "whole seconds"),
            (["schedule": "@every 1.5s"], "/triggers/0/schedule", "whole seconds"),
            (["schedule": "@every -5m"], "/triggers/0/schedule", "length of time"),
            (["schedule": "@every"], "/triggers/0/schedule", "length of time"),
            (["schedule": "@dayly"], "/triggers/0/schedule", "Did you mean \"@daily\"?"),
            (["schedule": "@daily", "timezone": 1], "/triggers/0/timezone", "must be a text"),
            (["schedule": "@daily", "jitter": "x"], "/triggers/0/jitter", "length of time"),
            (["schedule": "@daily", "jitter": -1], "/triggers/0/jitter", "length of time"),
            (["schedule": "@daily", "jitter": "25h"], "/triggers/0/jitter", "up to 24h"),
            (["schedule": "@daily", "catchUpWindow": []], "/triggers/0/catchUpWindow", "length of time"),
            (["schedule": "@daily", "misfire": "fire"], "/triggers/0/misfire", "last, skip, all"),
            (["schedule": "@daily", "overlap": "Queue"], "/triggers/0/overlap", "Did you mean \"queue\"?"),
            (["schedule": "@daily", "dst": "skip"], "/triggers/0/dst", "must be an object"),
            (["schedule": "@daily", "dst": ["gap": 1]], "/triggers/0/dst/gap", "after, skip"),
            (["schedule": "@daily", "dst": ["fall": 1]], "/triggers/0/dst/fall", "is not known"),
            (["schedule": "@daily", "start": "tomorrow"], "/triggers/0/start", "must be a date"),
            (["schedule": "@daily", "start": "2026-02-30"], "/triggers/0/start", "must be a date"),
            (
                ["schedule": "@daily", "start": "2026-02-02", "end": "2026-02-01"], "/triggers/0/end",
                "before the start"
            ),
            (
                ["schedule": "@yearly", "start": "2026-02-02", "end": "2026-02-03"], "/triggers/0/schedule",
                "no tick"
            ),
        ] as [(JSON, String, String)])
    func `A mistake is told with its place`(json: JSON, place: String, message: String) throws {
        let error = try #require(throws: TenonError.self) { try parse(json) }
        #expect(error.code == .scheduleInvalid)
        let field = try #require(error.fields.first { $0.pointer == place }, "\(error)")
        #expect(field.message.contains(message), "\(field.message)")
    }

    @Test func `Every mistake is told at once`() throws {
        let error = try #require(throws: TenonError.self) {
            try parse(["schedule": "x", "timezone": "Nowhere/City", "misfire": "no", "jitter": true])
        }
        #expect(
            Set(error.fields.map(\.pointer)) == [
                "/triggers/0/schedule", "/triggers/0/timezone", "/triggers/0/misfire", "/triggers/0/jitter",
            ])
    }

    @Test func `Where only the zone is wrong, the code says so`() throws {
        let error = try #require(throws: TenonError.self) {
            try parse(["schedule": "@daily", "timezone": "Europe/Berln"])
        }
        #expect(error.code == .timeUnknownZone)
        #expect(error.fields.first?.message.contains("Europe/Berlin") == true)
        #expect(throws: TenonError.self) { try parse(true) }
    }

    @Test
    func `A bound without an offset is on the clocks of the zone, and a date as the end includes its day`()
        throws
    {
        let berlin = try parse([
            "schedule": "0 * * * *", "timezone": "Europe/Berlin", "start": "2026-07-01T08:00",
            "end": "2026-07-01",
        ])
        #expect(berlin.start == (try timestamp("2026-07-01T06:00:00Z")))
        #expect(berlin.end == (try timestamp("2026-07-01T22:00:00Z")) + .microseconds(-1))
        let exact = try parse(["schedule": "@daily", "start": "2026-07-01T08:00:00.5+02:00"])
        #expect(exact.start == (try timestamp("2026-07-01T06:00:00Z")) + .milliseconds(500))
    }

    @Test func `A bound that clocks show never or twice is the moment they are set, or the first`() throws {
        let zone = try TimeZoneRules.named("Europe/Berlin")
        func moment(_ text: String) -> Timestamp? { BoundText.moment(text, in: zone, isEnd: false) }
        #expect(moment("2026-03-29T02:30") == (try timestamp("2026-03-29T01:00:00Z")))
        #expect(
            moment("2026-10-25T02:30:00.25") == (try timestamp("2026-10-25T00:30:00Z")) + .milliseconds(250))
        #expect(
            moment("2026-10-25T02:30:00.25Z") == (try timestamp("2026-10-25T02:30:00Z")) + .milliseconds(250))
        #expect(moment("2026-12-31T18:00+02:00") == (try timestamp("2026-12-31T16:00:00Z")))
        #expect(moment("2026-12-31T18:00Z") == (try timestamp("2026-12-31T18:00:00Z")))
        #expect(moment("2026-12-31T18:00:00:00Z") == nil && moment("2026-12-31T18:0é") == nil)
        #expect(moment("noon") == nil && moment("") == nil && moment("2026-10-25T25:00") == nil)
    }

    @Test func `Lengths of time have units`() {
        #expect(SpanText.duration("1h30m") == .seconds(5400) && SpanText.duration("1.5h") == .seconds(5400))
        #expect(
            SpanText.duration("250ms") == .milliseconds(250) && SpanText.duration("2d") == .seconds(172_800))
        #expect(SpanText.duration(JSON.int(1500)) == .milliseconds(1500))
        for text in [
            "", "5", "m", "5m5", "1e400d", "nans", "infs", "0x5s", "5PT", "-5m", "1.m", ".5m", "1..5m", "5 m",
            "١m", "99999999999d",
        ] {
            #expect(SpanText.duration(text) == nil, "\(text)")
        }
    }
}
