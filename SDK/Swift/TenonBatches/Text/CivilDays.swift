/// Days of the proleptic Gregorian calendar since 1970-01-01. Algorithms: Howard Hinnant, "chrono-Compatible
/// Low-Level Date Algorithms"; a year begins in March, so that the day that may lack is its last.
@usableFromInline
enum CivilDays {
    private static let daysOf400Years: Int64 = 146_097
    /// From 0000-03-01 to 1970-01-01.
    private static let epoch: Int64 = 719_468

    /// The days of a date from year 0 on; nil where the calendar lacks it.
    @usableFromInline
    static func days(year: Int64, month: Int64, day: Int64) -> Int64? {
        guard month &- 1 < 12, month > 0, day > 0, day <= length(year: year, month: month) else { return nil }
        let shifted = month <= 2 ? year + 399 : year + 400
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return (era - 1) * daysOf400Years + dayOfEra - epoch
    }

    private static func length(year: Int64, month: Int64) -> Int64 {
        if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
        return 30 + (month + month / 8) % 2
    }

    @usableFromInline
    static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + epoch
        let era = (shifted >= 0 ? shifted : shifted - daysOf400Years + 1) / daysOf400Years
        let dayOfEra = shifted - era * daysOf400Years
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
            dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        )
    }
}
