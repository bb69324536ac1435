internal import TenonModel

/// Which days a cron expression means: the two day fields and the months.
struct CronDays: Hashable, Sendable {
    let months: CronSet
    let ofMonth: CronField
    let ofWeek: CronField
    /// The months that have such a day, as bits 1 to 12, of each kind of year.
    private let monthsByKind: [CronSet]

    init(months: CronSet, ofMonth: CronField, ofWeek: CronField) {
        self.months = months
        self.ofMonth = ofMonth
        self.ofWeek = ofWeek
        monthsByKind = YearKind.all.map { kind in
            var found = CronSet()
            for month in 1...12 where months.contains(month) {
                let days = Self.days(MonthShape(kind, month: month), ofMonth, ofWeek)
                if days.bits != 0 { found.insert(month) }
            }
            return found
        }
    }

    /// Whether there is a date that it means.
    var areAny: Bool { monthsByKind.contains { $0.bits != 0 } }

    /// The days of a month as bits 1 to 31.
    func set(year: Int, month: Int) -> CronSet {
        guard months.contains(month) else { return CronSet() }
        return Self.days(MonthShape(YearKind(year), month: month), ofMonth, ofWeek)
    }

    /// As in classic cron, a day must suit both fields where one of them begins with a star, else either.
    private static func days(_ shape: MonthShape, _ ofMonth: CronField, _ ofWeek: CronField) -> CronSet {
        let monthly = shape.days(ofMonth: ofMonth)
        let weekly = shape.days(ofWeek: ofWeek)
        let both = ofMonth.beginsWithStar || ofWeek.beginsWithStar
        return CronSet(bits: both ? monthly & weekly : monthly | weekly)
    }

    func contains(_ date: CivilDate) -> Bool {
        set(year: Int(date.year), month: Int(date.month)).contains(Int(date.day))
    }

    /// The first day after a date.
    func first(after date: CivilDate) -> Int64? {
        var (year, month) = (Int(date.year), Int(date.month))
        if let day = set(year: year, month: month).first(from: Int(date.day) + 1) {
            return Self.daysSinceEpoch(year, month, day)
        }
        guard areAny else { return nil }
        var kind = YearKind(year)
        for _ in 0...YearKind.farthest {
            if let found = monthsByKind[kind.index].first(from: month + 1) {
                let days = Self.days(MonthShape(kind, month: found), ofMonth, ofWeek)
                return days.first(from: 1).map { Self.daysSinceEpoch(year, found, $0) }
            }
            year += 1
            kind = kind.ofYear(after: year - 1)
            month = 0
        }
        return nil
    }

    /// The last day before a date.
    func last(before date: CivilDate) -> Int64? {
        var (year, month) = (Int(date.year), Int(date.month))
        if let day = set(year: year, month: month).last(upTo: Int(date.day) - 1) {
            return Self.daysSinceEpoch(year, month, day)
        }
        guard areAny else { return nil }
        for _ in 0...YearKind.farthest {
            let kind = YearKind(year)
            if let found = monthsByKind[kind.index].last(upTo: month - 1) {
                let days = Self.days(MonthShape(kind, month: found), ofMonth, ofWeek)
                return days.last(upTo: 31).map { Self.daysSinceEpoch(year, found, $0) }
            }
            year -= 1
            month = 13
        }
        return nil
    }

    private static func daysSinceEpoch(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
        CivilDate(year: Int64(year), month: Int64(month), day: Int64(day)).daysSinceEpoch
    }
}

/// How long a month is and on which weekday it begins.
private struct MonthShape {
    var length: Int
    var firstWeekday: Int
    /// Bits 1 to `length`.
    var all: UInt64

    init(_ year: YearKind, month: Int) {
        length = year.length(ofMonth: month)
        firstWeekday = year.firstWeekday(ofMonth: month)
        all = (1 << UInt64(length + 1)) - 2
    }

    func days(ofMonth field: CronField) -> UInt64 {
        var days = field.numbers
        if !field.special.isEmpty {
            field.special.beforeLast.forEach { if $0 < length { days.insert(length - $0) } }
            if field.special.lastWorkday { days.insert(workday(nearest: length)) }
            field.special.nearestWorkdays.forEach { if $0 <= length { days.insert(workday(nearest: $0)) } }
        }
        return days.bits & all
    }

    func days(ofWeek field: CronField) -> UInt64 {
        // The week's bits, turned so that bit 0 is the weekday of the first, then repeated every 7 bits.
        let week = field.numbers.bits & 0x7F
        let turned = (week >> UInt64(firstWeekday) | week << UInt64(7 - firstWeekday)) & 0x7F
        var days = CronSet(bits: (turned &* 0x1020_4081 & 0x7_FFFF_FFFF) << 1)
        if !field.special.isEmpty {
            field.special.lastWeekdays.forEach { weekday in
                let first = first(weekday)
                days.insert(first + (length - first) / 7 * 7)
            }
            field.special.numberedWeekdays.forEach { days.insert(first($0 / 8) + ($0 % 8 - 1) * 7) }
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
