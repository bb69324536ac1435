internal import TenonModel

/// A rule for clocks as POSIX writes it: `CET-1CEST,M3.5.0,M10.5.0/3` (RFC 9636 section 3.3.1 for the
/// extensions: signed hours up to 167, names in angle brackets).
struct ZoneRule: Equatable {
    /// Seconds east of UTC outside of summer time.
    var standard: Int
    var summer: Summer?

    struct Summer: Equatable {
        /// Seconds east of UTC.
        var offset: Int
        var start: Day
        var end: Day
    }

    /// A day of each year with the seconds from its midnight, on the clock that ends then.
    struct Day: Equatable {
        var date: Date
        var time: Int
    }

    enum Date: Equatable {
        /// 1 to 365; 29 February is never counted.
        case julian(Int)
        /// 0 to 365; 29 February is counted.
        case zeroBased(Int)
        /// Weekday `weekday` (0 is Sunday) of week 1 to 5 of the month; 5 is the last.
        case weekday(month: Int, week: Int, weekday: Int)
    }

    /// The changes of one year in order; where summer time lasts all year, the change into it stands.
    func changes(in year: Int) -> [ZoneChange] {
        guard let summer else { return [] }
        let start = ZoneChange(
            at: summer.start.seconds(in: year) - Int64(standard), offset: summer.offset)
        let end = ZoneChange(at: summer.end.seconds(in: year) - Int64(summer.offset), offset: standard)
        // Summer time that ends where the next year's begins never ends.
        let next = summer.start.seconds(in: year + 1) - Int64(standard)
        if end.at >= next { return [start] }
        return start.at < end.at ? [start, end] : [end, start]
    }
}

extension ZoneRule.Day {
    /// Seconds since the epoch as a clock there shows them.
    func seconds(in year: Int) -> Int64 {
        let newYear = CivilDate(year: Int64(year), month: 1, day: 1).daysSinceEpoch
        return (newYear + dayOfYear(year)) * 86_400 + Int64(time)
    }

    /// 0 is the first of January.
    private func dayOfYear(_ year: Int) -> Int64 {
        switch date {
        case .julian(let day): return Int64(day - 1 + (MonthLength.isLeap(year) && day >= 60 ? 1 : 0))
        case .zeroBased(let day): return Int64(day)
        case .weekday(let month, let week, let weekday):
            let newYear = CivilDate(year: Int64(year), month: 1, day: 1).daysSinceEpoch
            let first = CivilDate(year: Int64(year), month: Int64(month), day: 1).daysSinceEpoch
            let ahead = (weekday - Weekday.of(daysSinceEpoch: first) + 7) % 7
            var day = ahead + (week - 1) * 7
            if day >= MonthLength.of(month: month, year: year) { day -= 7 }
            return first - newYear + Int64(day)
        }
    }
}
