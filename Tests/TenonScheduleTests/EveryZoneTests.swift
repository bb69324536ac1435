import TenonModel
import TenonTime
import Testing

@testable import TenonSchedule

/// Ten years in every zone there is.
struct EveryZoneTests {
    /// Zones that differ in something, each under one name.
    private func zones(from: Int64, to: Int64) throws -> [TimeZoneRules] {
        var seen: Set<[Int64]> = []
        return try TimeZoneRules.known.map { try TimeZoneRules.named($0) }.filter { zone in
            var changes: [Int64] = [Int64(zone.offset(at: from))]
            var at = from
            while let next = zone.nextTransition(after: at), next < to {
                changes += [next, Int64(zone.offset(at: next))]
                at = next
            }
            return seen.insert(changes).inserted
        }
    }

    /// What is wrong with a daily schedule in a zone: each day that exists has one tick, in order.
    private func problem(_ text: String, _ zone: TimeZoneRules, from: Int64, to: Int64) throws -> String? {
        let cron = try CronExpression(text)
        var tick = try #require(cron.next(after: from, in: zone))
        while tick < to {
            let next = try #require(cron.next(after: tick, in: zone))
            guard next > tick else { return "\(next) follows \(tick)" }
            let day = zone.local(at: tick).daysSinceEpoch
            let nextDay = zone.local(at: next).daysSinceEpoch
            let isNextDay = nextDay == day + 1
            let isAfterLeftOutDay = nextDay == day + 2 && !exists(day + 1, zone)
            guard isNextDay || isAfterLeftOutDay else { return "day \(nextDay) follows \(day)" }
            guard cron.previous(before: next, in: zone) == tick else { return "backwards from \(next)" }
            tick = next
        }
        return nil
    }

    private func exists(_ day: Int64, _ zone: TimeZoneRules) -> Bool {
        let noon = LocalTime(secondsFromEpochAsIfUTC: day * 86_400 + 43_200)
        if case .none = zone.instants(noon) { return false }
        return true
    }

    @Test(arguments: ["0 0 * * *", "30 2 * * *", "0 */24 * * *", "30 2/22 * * *"])
    func `A daily job runs exactly once a day for ten years in every zone`(text: String) throws {
        let from = try seconds("2024-06-01T00:00:00Z")
        let to = try seconds("2034-06-01T00:00:00Z")
        let zones = try zones(from: from, to: to)
        #expect(zones.count > 50)
        for zone in zones {
            let problem = try problem(text, zone, from: from, to: to)
            #expect(problem == nil, "\(zone.name)")
        }
    }

    @Test func `A daily job ran once a day in the years when Samoa left one out`() throws {
        for name in [
            "Pacific/Apia", "Pacific/Fakaofo", "America/Sao_Paulo", "Asia/Pyongyang", "Europe/Moscow",
        ] {
            let from = try seconds("2008-06-01T00:00:00Z")
            let to = try seconds("2018-06-01T00:00:00Z")
            let problem = try problem("15 0 * * *", TimeZoneRules.named(name), from: from, to: to)
            #expect(problem == nil, "\(name)")
        }
    }

    @Test(arguments: ["*/15 * * * *", "7 */3 * * *", "0,30 1-3 * * *", "59 23 L * *", "*/10 0-4 * * 0,6"])
    func `Ticks are in order and the same backwards around every change of clocks`(text: String) throws {
        let cron = try CronExpression(text)
        let from = try seconds("2024-06-01T00:00:00Z")
        let to = try seconds("2034-06-01T00:00:00Z")
        for zone in try zones(from: from, to: to) {
            var change = from
            while let next = zone.nextTransition(after: change), next < to {
                change = next
                let problem = try orderProblem(cron, zone, from: change - 7200, to: change + 10_800)
                #expect(problem == nil, "\(zone.name) at \(change)")
            }
        }
    }

    private func orderProblem(
        _ cron: CronExpression, _ zone: TimeZoneRules, from: Int64, to: Int64
    ) throws -> String? {
        var tick = try #require(cron.next(after: from, in: zone))
        while tick < to {
            let next = try #require(cron.next(after: tick, in: zone))
            guard next > tick, cron.previous(before: next, in: zone) == tick else {
                return "\(tick), \(next)"
            }
            tick = next
        }
        return nil
    }
}
