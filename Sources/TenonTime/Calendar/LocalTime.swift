internal import TenonModel

/// What a clock on a wall shows: a date and a time of day of the proleptic Gregorian calendar, in no zone.
package struct LocalTime: Hashable, Sendable {
    package let year: Int
    /// 1 to 12.
    package let month: Int
    /// 1 to 31.
    package let day: Int
    package let hour: Int
    package let minute: Int
    package let second: Int

    /// The years that a local time may be made of.
    package static let years = -9999...99_999

    /// Nil where one of the parts is not on a calendar or clock, such as 30 February or 24:00.
    package init?(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        guard Self.years.contains(year), (1...12).contains(month), day >= 1,
            day <= MonthLength.of(month: month, year: year), (0...23).contains(hour),
            (0...59).contains(minute), (0...59).contains(second)
        else { return nil }
        self.init(year, month, day, hour * 3600 + minute * 60 + second)
    }

    /// What a clock shows that is `offset` seconds ahead of UTC.
    package init(unixSeconds: Int64, offset: Int) {
        self.init(secondsFromEpochAsIfUTC: unixSeconds.clampedAdding(Int64(offset)))
    }

    /// The reverse of `secondsFromEpochAsIfUTC`, as far as 140 billion years from now; any later or earlier
    /// time is that one.
    package init(secondsFromEpochAsIfUTC seconds: Int64) {
        let seconds = min(max(seconds, -(1 << 62)), 1 << 62)
        let day = seconds.flooredDivision(by: 86_400)
        let date = CivilDate(daysSinceEpoch: day)
        self.init(Int(date.year), Int(date.month), Int(date.day), Int(seconds - day * 86_400))
    }

    private init(_ year: Int, _ month: Int, _ day: Int, _ secondOfDay: Int) {
        self.year = year
        self.month = month
        self.day = day
        hour = secondOfDay / 3600
        minute = secondOfDay / 60 % 60
        second = secondOfDay % 60
    }

    /// Unix seconds of this time if the clock stood in UTC.
    package var secondsFromEpochAsIfUTC: Int64 {
        daysSinceEpoch * 86_400 + Int64(hour * 3600 + minute * 60 + second)
    }

    /// Days from 1970-01-01 to the date.
    package var daysSinceEpoch: Int64 {
        CivilDate(year: Int64(year), month: Int64(month), day: Int64(day)).daysSinceEpoch
    }

    /// 0 is Sunday, 6 is Saturday.
    package var weekday: Int { Weekday.of(daysSinceEpoch: daysSinceEpoch) }

    /// 1 is the first of January.
    package var dayOfYear: Int {
        Int(daysSinceEpoch - CivilDate(year: Int64(year), month: 1, day: 1).daysSinceEpoch) + 1
    }
}

extension LocalTime: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        (left.year, left.month, left.day, left.hour * 3600 + left.minute * 60 + left.second)
            < (right.year, right.month, right.day, right.hour * 3600 + right.minute * 60 + right.second)
    }
}

extension Int64 {
    /// The sum, or the nearest number there is.
    package func clampedAdding(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}
