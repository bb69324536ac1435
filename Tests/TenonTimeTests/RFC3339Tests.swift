import Testing

@testable import TenonTime

struct RFC3339Tests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0, 0, 0), ("2009-02-13T23:31:30Z", 1_234_567_890, 0, 0),
        ("2009-02-14T00:31:30.5+01:00", 1_234_567_890, 500_000_000, 3600),
        ("2009-02-13T20:01:30.000000001-03:30", 1_234_567_890, 1, -12_600),
        ("2009-02-13t23:31:30.1234567899z", 1_234_567_890, 123_456_789, 0),
        ("0001-01-01T00:00:00Z", -62_135_596_800, 0, 0), ("9999-12-31T23:59:59Z", 253_402_300_799, 0, 0),
        ("2000-02-29T00:00:00-00:00", 951_782_400, 0, 0),
    ])
    func `A moment is read`(text: String, seconds: Int64, nanoseconds: Int32, offset: Int) throws {
        let moment = try #require(RFC3339.parse(text))
        #expect(moment == (seconds, nanoseconds, offset))
    }

    @Test(arguments: [
        "", "2009-02-13", "2009-02-13T23:31:30", "2009-02-13 23:31:30Z", "2009-2-13T23:31:30Z",
        "2009-02-30T00:00:00Z", "1900-02-29T00:00:00Z", "2009-13-01T00:00:00Z", "2009-02-13T24:00:00Z",
        "2009-02-13T23:60:00Z", "2009-02-13T23:31:61Z", "2009-02-13T23:31:30.Z", "2009-02-13T23:31:30+0100",
        "2009-02-13T23:31:30+24:00", "2009-02-13T23:31:30+01:60", "2009-02-13T23:31:30ZZ",
        "0000-12-31T23:59:59Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
        "２009-02-13T23:31:30Z", "+2009-02-13T23:31:30Z", "2009-02-13T23:59:60Z",
    ])
    func `What is no moment is refused`(text: String) { #expect(RFC3339.parse(text) == nil) }

    @Test func `A leap second is read where asked for, at the end of a day in UTC only`() {
        let end = RFC3339.parse("1998-12-31T23:59:60Z", leapSeconds: true)
        #expect(end?.seconds == RFC3339.parse("1999-01-01T00:00:00Z")?.seconds)
        #expect(RFC3339.parse("1998-12-31T15:59:60-08:00", leapSeconds: true)?.seconds == end?.seconds)
        #expect(RFC3339.parse("1998-12-31T23:58:60Z", leapSeconds: true) == nil)
        #expect(RFC3339.parse("1998-12-31T23:59:60+01:00", leapSeconds: true) == nil)
        #expect(RFC3339.isTime("15:59:60-08:00") && !RFC3339.isTime("15:59:60-07:00"))
    }

    @Test(arguments: [
        "1970-01-01T00:00:00Z", "2026-11-24T02:00:00+01:00", "2026-11-24T02:00:00.250-03:30",
        "2026-11-24T02:00:00.000001Z", "2026-11-24T02:00:00.000000001Z", "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999999Z",
    ])
    func `What is printed is what was read`(text: String) throws {
        let moment = try #require(RFC3339.parse(text))
        #expect(
            RFC3339.print(
                seconds: moment.seconds, nanoseconds: moment.nanoseconds, offset: moment.offset) == text)
    }

    @Test func `Dates and times of day are told from other texts`() {
        #expect(RFC3339.isDate("2024-02-29") && !RFC3339.isDate("2023-02-29"))
        #expect(!RFC3339.isDate("2024-2-29") && !RFC3339.isDate("2024-02-29Z"))
        #expect(RFC3339.day("1970-01-02") == 1)
        #expect(RFC3339.isTime("10:30:00Z") && RFC3339.isTime("10:30:00.5+02:00"))
        #expect(!RFC3339.isTime("10:30:00") && !RFC3339.isTime("24:00:00Z"))
    }
}
