internal import TenonModel
internal import TenonTime

/// One of the fourteen calendars that a year may have: the weekday on which it begins, and whether it has a
/// 29 February.
struct YearKind: Hashable, Sendable {
    /// 0 is Sunday.
    let firstWeekday: Int
    let isLeap: Bool

    static let all = (0..<14).map { YearKind(firstWeekday: $0 % 7, isLeap: $0 >= 7) }
    /// After at most so many years there is one of the same kind: leap years of a kind have 28 years between
    /// them, and 40 where a year such as 1900 comes between.
    static let farthest = 40

    private init(firstWeekday: Int, isLeap: Bool) {
        self.firstWeekday = firstWeekday
        self.isLeap = isLeap
    }

    init(_ year: Int) {
        let newYear = CivilDate(year: Int64(year), month: 1, day: 1).daysSinceEpoch
        self.init(firstWeekday: Weekday.of(daysSinceEpoch: newYear), isLeap: MonthLength.isLeap(year))
    }

    /// Its place in `all`.
    var index: Int { isLeap ? firstWeekday + 7 : firstWeekday }

    /// The kind of the next year, where this is that of `year`.
    func ofYear(after year: Int) -> YearKind {
        YearKind(firstWeekday: (firstWeekday + (isLeap ? 2 : 1)) % 7, isLeap: MonthLength.isLeap(year + 1))
    }

    /// `month` is 1 to 12.
    func length(ofMonth month: Int) -> Int { MonthLength.of(month: month, year: isLeap ? 2000 : 2001) }

    func firstWeekday(ofMonth month: Int) -> Int {
        // Days before the month in five-month groups of 153 days, counted from March.
        let days = month > 2 ? (153 * (month - 3) + 2) / 5 + (isLeap ? 60 : 59) : 31 * (month - 1)
        return (firstWeekday + days) % 7
    }
}
