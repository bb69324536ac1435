import TenonModel
import TenonTestKit
import TenonTime
import Testing

@testable import TenonSchedule

/// Which days an expression means, against a model that looks at one day after the other.
struct CronDaysTests {
    /// One way to mean days, as text and as a rule.
    private struct Term {
        var text: String
        var means: (LocalTime) -> Bool
    }

    private static func length(_ day: LocalTime) -> Int { MonthLength.of(month: day.month, year: day.year) }

    /// Whether a day is the Monday to Friday nearest to another of its month.
    private static func isWorkday(_ day: LocalTime, nearest target: Int) -> Bool {
        guard target <= length(day) else { return false }
        let weekday = (day.weekday + target - day.day + 35) % 7
        let nearest =
            switch weekday {
            case 6: target > 1 ? target - 1 : 3
            case 0: target < length(day) ? target + 1 : target - 2
            default: target
            }
        return day.day == nearest
    }

    private func ofMonth(_ random: inout some RandomNumberGenerator) -> Term {
        let number = Int.random(in: 1...31, using: &random)
        switch Int.random(in: 0..<8, using: &random) {
        case 0: return Term(text: "*") { _ in true }
        case 1: return Term(text: "*/\(number)") { ($0.day - 1) % number == 0 }
        case 2: return Term(text: "L") { $0.day == Self.length($0) }
        case 3: return Term(text: "L-\(number - 1)") { $0.day == Self.length($0) - number + 1 }
        case 4: return Term(text: "LW") { Self.isWorkday($0, nearest: Self.length($0)) }
        case 5: return Term(text: "\(number)W") { Self.isWorkday($0, nearest: number) }
        default: return Term(text: "\(number)") { $0.day == number }
        }
    }

    private func ofWeek(_ random: inout some RandomNumberGenerator) -> Term {
        let weekday = Int.random(in: 0...6, using: &random)
        let number = Int.random(in: 1...5, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return Term(text: "*") { _ in true }
        case 1: return Term(text: "*/7") { $0.weekday == 0 }
        case 2: return Term(text: "\(weekday)L") { $0.weekday == weekday && $0.day + 7 > Self.length($0) }
        case 3:
            return Term(text: "\(weekday)#\(number)") { $0.weekday == weekday && ($0.day + 6) / 7 == number }
        default: return Term(text: "\(weekday)") { $0.weekday == weekday }
        }
    }

    /// Whether an expression means a day, by the rules of classic cron.
    private func rule(_ day: Term, _ week: Term, month: Int?) -> (LocalTime) -> Bool {
        let needsBoth = day.text.hasPrefix("*") || week.text.hasPrefix("*")
        return { date in
            guard month == nil || date.month == month else { return false }
            let (isDay, isWeekday) = (day.means(date), week.means(date))
            return needsBoth ? isDay && isWeekday : isDay || isWeekday
        }
    }

    @Test func `Random days come where a look at every day finds them, however far away`() throws {
        var random = SeededGenerator(seed: 1)
        // As far as two leap years of one kind may be apart, and a bit more.
        let span = Int64(45 * 366)
        var farthest: Int64 = 0
        for round in 0..<600 {
            var (day, week) = (ofMonth(&random), ofWeek(&random))
            var month = Bool.random(using: &random) ? Int.random(in: 1...12, using: &random) : nil
            if round % 10 == 0 {
                // The fifth of a weekday in February: only in leap years that begin on one weekday.
                let weekday = Int.random(in: 0...6, using: &random)
                day = Term(text: "*") { _ in true }
                week = Term(text: "\(weekday)#5") { $0.weekday == weekday && $0.day > 28 }
                month = 2
            }
            let text = "0 0 \(day.text) \(month.map(String.init) ?? "*") \(week.text)"
            let cron = try CronExpression(text)
            let means = rule(day, week, month: month)
            let start = Int64.random(in: -100_000...200_000, using: &random)
            func find(_ days: some Sequence<Int64>) -> Int64? {
                days.first { means(LocalTime(secondsFromEpochAsIfUTC: $0 * 86_400)) }
            }
            let date = CivilDate(daysSinceEpoch: start)
            let next = find(start + 1...start + span)
            #expect(cron.days.first(after: date) == next, "\(text) after \(date)")
            let last = find((start - span...start - 1).reversed())
            #expect(cron.days.last(before: date) == last, "\(text) before \(date)")
            #expect(cron.everFires == (next != nil), "\(text)")
            farthest = max(farthest, (next ?? start) - start)
        }
        #expect(farthest > 20 * 366)
    }

    @Test func `A 29 February on each weekday comes within forty years, over 1900 and 2100 as well`() throws {
        for weekday in 0...6 {
            let cron = try CronExpression("0 0 * 2 \(weekday)#5")
            var farthest = 0
            for year in 1880...2120 {
                let start = CivilDate(year: Int64(year), month: 2, day: 2)
                let leapDays = (year...year + 40).lazy.compactMap { LocalTime(year: $0, month: 2, day: 29) }
                let day = try #require(leapDays.first { $0.weekday == weekday })
                #expect(cron.days.first(after: start) == day.daysSinceEpoch, "\(weekday) \(year)")
                farthest = max(farthest, day.year - year)
            }
            #expect(farthest == 39, "\(weekday)")
        }
    }

    @Test func `Each kind of year has the months of its years`() throws {
        for year in 1890...2110 {
            let kind = YearKind(year)
            #expect(YearKind.all[kind.index] == kind)
            #expect(kind.ofYear(after: year) == YearKind(year + 1))
            for month in 1...12 {
                let first = try #require(LocalTime(year: year, month: month, day: 1))
                #expect(kind.firstWeekday(ofMonth: month) == first.weekday)
                #expect(kind.length(ofMonth: month) == MonthLength.of(month: month, year: year))
            }
        }
        // From any year on, each kind comes as soon as is promised.
        for year in 1600..<2000 {
            let kinds = Set((year...year + YearKind.farthest - 1).map { YearKind($0) })
            #expect(kinds.count == 14, "\(year)")
        }
    }

    @Test func `What a rule for clocks leaves out every year never comes, and that is known soon`() throws {
        // The last Sunday of March at 02:30 is in the gap, each year for ever.
        let berlin = try TimeZoneRules.named("Europe/Berlin")
        let start = try seconds("2026-01-01T00:00:00Z")
        let cron = try CronExpression("30 2 * 3 0L")
        #expect(cron.next(after: start, in: berlin, dst: ClockChangeRules(gap: .skip)) == nil)
        #expect(cron.next(after: start, in: berlin) == (try seconds("2026-03-29T01:00:00Z")))
        // On the other days, it comes as far as the calendar goes.
        let last = try seconds("9900-01-01T00:00:00Z")
        let both = try CronExpression("30 2 29 2,3 */7")
        let far = try #require(both.next(after: last, in: berlin, dst: ClockChangeRules(gap: .skip)))
        #expect(LocalTime(unixSeconds: far, offset: 3600).month == 2)
    }
}
