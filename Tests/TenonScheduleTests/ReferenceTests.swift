import TenonModel
import TenonTime
import Testing

@testable import TenonSchedule

/// Random expressions against a model that looks at every minute and knows nothing of months' masks or
/// stretches of constant offset.
struct ReferenceTests {
    /// One random field, as text and as the values that it means.
    private struct Field {
        var text: String
        var values: Set<Int>
    }

    private func field(_ range: ClosedRange<Int>, random: inout some RandomNumberGenerator) -> Field {
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return Field(text: "*", values: Set(range))
        case 1:
            let step = Int.random(in: 1...range.count, using: &random)
            return Field(
                text: "*/\(step)",
                values: Set(stride(from: range.lowerBound, through: range.upperBound, by: step)))
        case 2:
            let values = (0..<3).map { _ in Int.random(in: range, using: &random) }
            return Field(text: values.map(String.init).joined(separator: ","), values: Set(values))
        case 3:
            let first = Int.random(in: range, using: &random)
            let last = Int.random(in: first...range.upperBound, using: &random)
            return Field(text: "\(first)-\(last)", values: Set(first...last))
        default:
            let value = Int.random(in: range, using: &random)
            return Field(text: "\(value)", values: [value])
        }
    }

    /// Whether wall clocks show a time of the schedule, by the rules of classic cron.
    private func means(_ fields: [Field], _ local: LocalTime) -> Bool {
        let isDay = fields[2].values.contains(local.day)
        let isWeekday = fields[4].values.contains(local.weekday)
        let needsBoth = fields[2].text.hasPrefix("*") || fields[4].text.hasPrefix("*")
        return local.second == 0 && fields[0].values.contains(local.minute)
            && fields[1].values.contains(local.hour)
            && fields[3].values.contains(local.month) && (needsBoth ? isDay && isWeekday : isDay || isWeekday)
    }

    /// Ticks by looking at every minute, and at every minute that a gap left out.
    private func ticks(
        _ fields: [Field], _ zone: TimeZoneRules, minutes: Range<Int64>, dst: ClockChangeRules
    ) -> [Int64] {
        var ticks: [Int64] = []
        for minute in minutes {
            let instant = minute * 60
            let local = zone.local(at: instant)
            let offset = zone.offset(at: instant)
            var isTick = means(fields, local)
            if isTick, case .two(let first, let second) = zone.instants(local) {
                isTick = dst.fold == .both || instant == (dst.fold == .last ? second : first)
            }
            let offsetBefore = zone.offset(at: instant - 1)
            if !isTick, dst.gap == .after, offset > offsetBefore {
                let shown = instant + Int64(offsetBefore)
                isTick = stride(from: shown, to: shown + Int64(offset - offsetBefore), by: 60).contains {
                    means(fields, LocalTime(secondsFromEpochAsIfUTC: $0))
                }
            }
            if isTick { ticks.append(instant) }
        }
        return ticks
    }

    private func found(
        _ cron: CronExpression, _ zone: TimeZoneRules, minutes: Range<Int64>, dst: ClockChangeRules
    ) -> [Int64] {
        var ticks: [Int64] = []
        var after = minutes.lowerBound * 60 - 1
        while let tick = cron.next(after: after, in: zone, dst: dst), tick < minutes.upperBound * 60 {
            ticks.append(tick)
            after = tick
        }
        return ticks
    }

    @Test func `Random expressions have the ticks that a look at every minute finds`() throws {
        var random = SystemRandomNumberGenerator()
        let names = [
            "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/St_Johns",
            "Africa/Cairo",
        ]
        var dueCount = 0
        for round in 0..<300 {
            let ranges = [0...59, 0...23, 1...31, 1...12, 0...6]
            var fields: [Field] = []
            for range in ranges { fields.append(field(range, random: &random)) }
            // Mostly expressions that are due in the days looked at.
            if round % 4 > 0 { fields[3] = Field(text: "*", values: Set(1...12)) }
            let text = fields.map(\.text).joined(separator: " ")
            let zone = try TimeZoneRules.named(names[round % names.count])
            // Three days, mostly around a change of clocks in the month that the expression likes.
            let month = fields[3].values.contains(10) ? "2026-10-20" : "2026-03-25"
            let start = try seconds("\(month)T00:00:00Z")
            let change = zone.nextTransition(after: start) ?? start
            let first = (change - 86_400) / 60
            let minutes = first..<first + 2880
            let gaps = ClockChangeRules.Gap.allCases
            let folds = ClockChangeRules.Fold.allCases
            let dst = ClockChangeRules(
                gap: gaps.randomElement(using: &random), fold: folds.randomElement(using: &random))
            let cron = try CronExpression(text)
            let expected = ticks(fields, zone, minutes: minutes, dst: dst)
            if !expected.isEmpty { dueCount += 1 }
            #expect(
                found(cron, zone, minutes: minutes, dst: dst) == expected, "\(text) in \(zone.name), \(dst)")
        }
        #expect(dueCount > 60)
    }

    @Test func `Backwards, random expressions have the same ticks as forwards`() throws {
        var random = SystemRandomNumberGenerator()
        for name in ["UTC", "Europe/Berlin", "America/Havana", "Pacific/Apia"] {
            let zone = try TimeZoneRules.named(name)
            for _ in 0..<100 {
                var texts: [String] = []
                for range in [0...59, 0...23, 1...31, 1...12, 0...6] {
                    texts.append(field(range, random: &random).text)
                }
                let cron = try CronExpression(texts.joined(separator: " "))
                var after = Int64.random(in: 1_000_000_000...2_000_000_000, using: &random)
                for _ in 0..<10 {
                    guard let tick = cron.next(after: after, in: zone) else { break }
                    #expect(cron.next(after: tick - 1, in: zone) == tick, "\(cron) in \(name)")
                    #expect(cron.previous(before: tick + 1, in: zone) == tick, "\(cron) in \(name)")
                    let earlier = cron.previous(before: tick, in: zone)
                    #expect(earlier.map { $0 <= after } ?? true, "\(cron) in \(name)")
                    after = tick
                }
            }
        }
    }

    @Test func `Texts at random are read or refused, and what is read has ticks in order`() throws {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("0123456789*/-,?LWH#()@ adefijlmnorstuwy")
        for _ in 0..<3000 {
            let count = Int.random(in: 0...24, using: &random)
            var text = String((0..<count).map { _ in alphabet.randomElement(using: &random) ?? " " })
            if Bool.random(using: &random) { text += " * * * *" }
            // A text that is no schedule is as good here.
            guard let cron = try? CronExpression(text, options: CronOptions(seed: "x")) else { continue }
            guard let tick = cron.next(after: 0, in: .utc) else { continue }
            #expect(tick > 0 && cron.previous(before: tick + 1, in: .utc) == tick, "\(text)")
        }
    }
}
