import Testing

@testable import TenonTime

struct LocalTimeTests {
    @Test func `Every day of eight centuries is one after the day before`() throws {
        var before = try #require(LocalTime(year: 1599, month: 12, day: 31))
        for day in before.daysSinceEpoch + 1...before.daysSinceEpoch + 292_194 {
            let local = LocalTime(secondsFromEpochAsIfUTC: day * 86_400)
            let isNextDay = local.day == before.day + 1 && local.month == before.month
            let isNewMonth =
                local.day == 1 && before.day == MonthLength.of(month: before.month, year: before.year)
            guard isNextDay || isNewMonth, local.weekday == (before.weekday + 1) % 7,
                local.daysSinceEpoch == day, local > before
            else {
                Issue.record("\(before) is followed by \(local)")
                return
            }
            before = local
        }
        #expect(before == LocalTime(year: 2399, month: 12, day: 31))
    }

    @Test func `The parts of a local time are those of a clock with that offset`() throws {
        let local = LocalTime(unixSeconds: 1_234_567_890, offset: 3600)
        #expect(local == LocalTime(year: 2009, month: 2, day: 14, hour: 0, minute: 31, second: 30))
        #expect(local.weekday == 6 && local.dayOfYear == 45)
        #expect(local.secondsFromEpochAsIfUTC == 1_234_571_490)
        #expect(LocalTime(unixSeconds: -1, offset: 0).second == 59)
        #expect(LocalTime(year: 2024, month: 12, day: 31)?.dayOfYear == 366)
    }

    @Test func `What is on no calendar or clock is no local time`() {
        #expect(LocalTime(year: 2023, month: 2, day: 29) == nil)
        #expect(LocalTime(year: 2023, month: 13, day: 1) == nil)
        #expect(LocalTime(year: 2023, month: 1, day: 0) == nil)
        #expect(LocalTime(year: 2023, month: 1, day: 1, hour: 24) == nil)
        #expect(LocalTime(year: 2023, month: 1, day: 1, second: 60) == nil)
        #expect(LocalTime(year: .max, month: 1, day: 1) == nil)
    }

    @Test func `The first and the last moment there is have a local time`() {
        #expect(LocalTime(unixSeconds: .max, offset: 3600).year > 100_000_000_000)
        #expect(LocalTime(unixSeconds: .min, offset: -3600).year < -100_000_000_000)
    }
}
