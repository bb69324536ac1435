import TenonModel
import Testing

@testable import TenonTime

struct TimeZoneTests {
    private func seconds(_ text: String) throws -> Int64 { try #require(RFC3339.parse(text)).seconds }

    @Test(arguments: [
        ("Europe/Berlin", "2026-01-15T12:00:00Z", 3600), ("Europe/Berlin", "2026-07-15T12:00:00Z", 7200),
        ("America/New_York", "2026-03-08T06:59:59Z", -18_000),
        ("America/New_York", "2026-03-08T07:00:00Z", -14_400),
        ("Asia/Kolkata", "2026-07-15T12:00:00Z", 19_800),
        ("Asia/Kathmandu", "2026-07-15T12:00:00Z", 20_700),
        ("Australia/Lord_Howe", "2026-01-15T00:00:00Z", 39_600),
        ("Australia/Lord_Howe", "2026-07-15T00:00:00Z", 37_800), ("Europe/Dublin", "2026-01-15T00:00:00Z", 0),
        ("Europe/Dublin", "2026-07-15T00:00:00Z", 3600), ("Africa/Casablanca", "2087-01-15T00:00:00Z", 3600),
        ("Pacific/Apia", "2011-12-30T09:59:59Z", -36_000), ("Pacific/Apia", "2011-12-30T10:00:00Z", 50_400),
        ("UTC", "2026-07-15T12:00:00Z", 0),
        ("+02:00", "2026-07-15T12:00:00Z", 7200), ("-09:30", "2026-07-15T12:00:00Z", -34_200),
        ("02:00", "2026-07-15T12:00:00Z", 7200), ("Etc/GMT+5", "2026-07-15T12:00:00Z", -18_000),
        // Far beyond the changes that files list.
        ("Europe/Berlin", "2500-07-15T12:00:00Z", 7200), ("Europe/Berlin", "2500-01-15T12:00:00Z", 3600),
        ("Europe/Berlin", "9999-07-15T12:00:00Z", 7200),
        ("America/New_York", "9999-01-15T12:00:00Z", -18_000),
    ])
    func `The offset is that of the place at the time`(zone: String, at: String, offset: Int) throws {
        #expect(try TimeZoneRules.named(zone).offset(at: try seconds(at)) == offset)
    }

    @Test func `A local time is one moment, two where clocks go back, none where they go forward`() throws {
        let zone = try TimeZoneRules.named("Europe/Berlin")
        let noon = try #require(LocalTime(year: 2026, month: 3, day: 29, hour: 12))
        #expect(zone.instants(noon) == .one(try seconds("2026-03-29T12:00:00+02:00")))
        let gap = try #require(LocalTime(year: 2026, month: 3, day: 29, hour: 2, minute: 30))
        #expect(
            zone.instants(gap)
                == .none(
                    before: try seconds("2026-03-29T02:30:00+01:00"),
                    transition: try seconds("2026-03-29T03:00:00+02:00")))
        let fold = try #require(LocalTime(year: 2026, month: 10, day: 25, hour: 2, minute: 30))
        #expect(
            zone.instants(fold)
                == .two(
                    first: try seconds("2026-10-25T02:30:00+02:00"),
                    second: try seconds("2026-10-25T02:30:00+01:00")))
    }

    @Test func `A day that a place left out has no moments`() throws {
        let apia = try TimeZoneRules.named("Pacific/Apia")
        let skipped = try #require(LocalTime(year: 2011, month: 12, day: 30, hour: 12))
        guard case .none(_, let transition) = apia.instants(skipped) else {
            Issue.record("30 December 2011 was in Samoa")
            return
        }
        #expect(transition == (try seconds("2011-12-31T00:00:00+14:00")))
    }

    @Test func `Every zone there is can be read, and its segments follow each other without a hole`() throws {
        let names = TimeZoneRules.known
        try #require(names.count > 300, "This machine has no zone files; install the package tzdata.")
        for name in names {
            let zone = try TimeZoneRules.named(name)
            var segment = zone.segment(at: try seconds("1800-01-01T00:00:00Z"))
            var count = 0
            while segment.end < (try seconds("2600-01-01T00:00:00Z")) {
                let next = zone.segment(at: segment.end)
                #expect(next.start == segment.end && next.end > next.start, "\(name)")
                #expect(next.offsetBefore == segment.offset && segment.offsetAfter == next.offset, "\(name)")
                #expect(next.offset != segment.offset && abs(next.offset) <= 15 * 3600 + 1800, "\(name)")
                #expect(zone.nextTransition(after: segment.end - 1) == segment.end, "\(name)")
                segment = next
                count += 1
                try #require(count < 5000, "\(name)")
            }
        }
    }

    @Test func `Local times of every zone lead back to their moment`() throws {
        var random = SystemRandomNumberGenerator()
        for name in TimeZoneRules.known {
            let zone = try TimeZoneRules.named(name)
            for _ in 0..<20 {
                let instant = Int64.random(in: -4_000_000_000...8_000_000_000, using: &random)
                switch zone.instants(zone.local(at: instant)) {
                case .one(let found): #expect(found == instant, "\(name) at \(instant)")
                case .two(let first, let second):
                    #expect(
                        first < second && (first == instant || second == instant), "\(name) at \(instant)")
                case .none: Issue.record("\(name) at \(instant)")
                }
            }
        }
    }

    @Test(arguments: [
        "Europe/Berlinn", "europe/berlin", "Mars/Olympus", "", "../etc/passwd", "/etc/passwd",
        "Europe/../UTC",
        "Europe", "right/UTC", "posix/UTC", "zone.tab", "tzdata.zi", "leapseconds", "+25:00", "+2:00",
        "+02:60", "a\u{0}b", String(repeating: "x", count: 10_000),
    ])
    func `A name of no zone is refused`(name: String) {
        #expect(throws: TenonError.self) { try TimeZoneRules.named(name) }
    }

    @Test func `The message for an unknown zone names the one that was probably meant`() {
        let error = #expect(throws: TenonError.self) { try TimeZoneRules.named("Europe/Berln") }
        #expect(error?.code == .timeUnknownZone)
        #expect(error?.message.contains("Did you mean \"Europe/Berlin\"?") == true)
    }

    @Test func `The first and the last moment there is have an offset`() throws {
        for name in ["UTC", "Europe/Berlin", "+02:00"] {
            let zone = try TimeZoneRules.named(name)
            #expect(abs(zone.offset(at: .max)) < 90_000 && abs(zone.offset(at: .min)) < 90_000)
            _ = zone.instants(LocalTime(unixSeconds: .max, offset: 0))
            _ = zone.instants(LocalTime(unixSeconds: .min, offset: 0))
        }
    }
}
