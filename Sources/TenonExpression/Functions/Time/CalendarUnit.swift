internal import TenonModel
internal import TenonTime

/// A part of the calendar that times can be cut to.
enum CalendarUnit: String, CaseIterable {
    case year, quarter, month, week, day, hour, minute, second

    static let names = allCases.map(\.rawValue).joined(separator: ", ")

    /// The beginning of the unit that `time` lies in; weeks begin on Monday. Nil where the calendar ends.
    func start(of time: LocalTime) -> LocalTime? {
        let midnight = LocalTime(secondsFromEpochAsIfUTC: time.daysSinceEpoch * 86_400)
        switch self {
        case .year: return LocalTime(year: time.year, month: 1, day: 1)
        case .quarter: return LocalTime(year: time.year, month: (time.month - 1) / 3 * 3 + 1, day: 1)
        case .month: return LocalTime(year: time.year, month: time.month, day: 1)
        case .week:
            let daysSinceMonday = Int64((time.weekday + 6) % 7)
            return LocalTime(secondsFromEpochAsIfUTC: (time.daysSinceEpoch - daysSinceMonday) * 86_400)
        case .day: return midnight
        case .hour:
            return LocalTime(
                secondsFromEpochAsIfUTC: time.secondsFromEpochAsIfUTC.flooredDivision(by: 3600) * 3600)
        case .minute:
            return LocalTime(
                secondsFromEpochAsIfUTC: time.secondsFromEpochAsIfUTC.flooredDivision(by: 60) * 60)
        case .second: return time
        }
    }
}

/// Moving local times by months and days.
enum CalendarShift {
    /// The same day so many months later, or the last of that month where it has no such day. Nil where the
    /// calendar ends.
    static func months(_ count: Int, from time: LocalTime) -> LocalTime? {
        let (total, overflow) = (time.year * 12 + time.month - 1).addingReportingOverflow(count)
        guard !overflow else { return nil }
        let year = Int((Double(total) / 12).rounded(.down))
        guard LocalTime.years.contains(year) else { return nil }
        let month = total - year * 12 + 1
        let day = min(time.day, MonthLength.of(month: month, year: year))
        return LocalTime(
            year: year, month: month, day: day, hour: time.hour, minute: time.minute, second: time.second)
    }

    static func days(_ count: Int, from time: LocalTime) -> LocalTime? {
        guard count.magnitude < 10_000_000 else { return nil }
        return LocalTime(secondsFromEpochAsIfUTC: time.secondsFromEpochAsIfUTC + Int64(count) * 86_400)
    }
}
