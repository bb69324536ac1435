internal import TenonModel
internal import TenonTime

/// Which days a cron expression means: the two day fields and the months.
struct CronDays: Hashable, Sendable {
    var months: CronSet
    var ofMonth: CronField
    var ofWeek: CronField

    /// The days of a month as bits 1 to 31.
    ///
    /// As in classic cron, a day must suit both fields where one of them begins with a star, else either.
    func set(year: Int, month: Int) -> CronSet {
        let shape = MonthShape(year: year, month: month)
        let monthly = shape.days(ofMonth: ofMonth)
        let weekly = shape.days(ofWeek: ofWeek)
        let both = ofMonth.beginsWithStar || ofWeek.beginsWithStar
        return CronSet(bits: both ? monthly & weekly : monthly | weekly)
    }

    func contains(_ date: CivilDate) -> Bool {
        months.contains(Int(date.month))
            && set(year: Int(date.year), month: Int(date.month)).contains(Int(date.day))
    }

    /// The first day after a date, not looking further than `years` from it.
    func first(after date: CivilDate, years: Int) -> Int64? {
        var year = Int(date.year)
        var month = Int(date.month)
        var day = Int(date.day) + 1
        let end = year + years
        while year <= end {
            if months.contains(month), let found = set(year: year, month: month).first(from: day) {
                return CivilDate(year: Int64(year), month: Int64(month), day: Int64(found)).daysSinceEpoch
            }
            day = 1
            if let next = months.first(from: month + 1) {
                month = next
            } else {
                year += 1
                month = months.first(from: 1) ?? 13
            }
        }
        return nil
    }

    /// The last day before a date, not looking further than `years` from it.
    func last(before date: CivilDate, years: Int) -> Int64? {
        var year = Int(date.year)
        var month = Int(date.month)
        var day = Int(date.day) - 1
        let end = year - years
        while year >= end {
            if months.contains(month), let found = set(year: year, month: month).last(upTo: day) {
                return CivilDate(year: Int64(year), month: Int64(month), day: Int64(found)).daysSinceEpoch
            }
            day = 31
            if let next = months.last(upTo: month - 1) {
                month = next
            } else {
                year -= 1
                month = months.last(upTo: 12) ?? 0
            }
        }
        return nil
    }
}

/// How long a month is and on which weekday it begins.
private struct MonthShape {
    var length: Int
    var firstWeekday: Int
    /// Bits 1 to `length`.
    var all: UInt64

    init(year: Int, month: Int) {
        length = MonthLength.of(month: month, year: year)
        let first = CivilDate(year: Int64(year), month: Int64(month), day: 1).daysSinceEpoch
        firstWeekday = Weekday.of(daysSinceEpoch: first)
        all = (1 << UInt64(length + 1)) - 2
    }

    func days(ofMonth field: CronField) -> UInt64 {
        var days = field.numbers
        if !field.special.isEmpty {
            for before in field.special.beforeLast.values where before < length {
                days.insert(length - before)
            }
            if field.special.lastWorkday { days.insert(workday(nearest: length)) }
            for day in field.special.nearestWorkdays.values where day <= length {
                days.insert(workday(nearest: day))
            }
        }
        return days.bits & all
    }

    func days(ofWeek field: CronField) -> UInt64 {
        // The week's bits, turned so that bit 0 is the weekday of the first, then repeated every 7 bits.
        let week = field.numbers.bits & 0x7F
        let turned = (week >> UInt64(firstWeekday) | week << UInt64(7 - firstWeekday)) & 0x7F
        var days = CronSet(bits: (turned &* 0x1020_4081 & 0x7_FFFF_FFFF) << 1)
        if !field.special.isEmpty {
            for weekday in field.special.lastWeekdays.values {
                let first = self.first(weekday)
                days.insert(first + (length - first) / 7 * 7)
            }
            for code in field.special.numberedWeekdays.values {
                days.insert(first(code / 8) + (code % 8 - 1) * 7)
            }
        }
        return days.bits & all
    }

    /// The first day of the month that is such a weekday.
    private func first(_ weekday: Int) -> Int { 1 + (weekday - firstWeekday + 7) % 7 }

    /// The day itself from Monday to Friday, else the one next to it, in the month.
    private func workday(nearest day: Int) -> Int {
        switch (firstWeekday + day - 1) % 7 {
        case 6: day == 1 ? 3 : day - 1
        case 0: day == length ? day - 2 : day + 1
        default: day
        }
    }
}
