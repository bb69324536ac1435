package import TenonModel

/// One field of a cron expression, read.
package struct CronField: Hashable, Sendable {
    var numbers = CronSet()
    /// What days there are besides `numbers`.
    var special = SpecialDays()
    /// Whether it holds an unlimited `*` or `?`.
    package var isUnrestricted = false
    /// Whether its text begins with `*` or `?`; for days, classic cron asks this.
    var beginsWithStar = false
    /// Whether it holds `*`, `5/15` or `H/15`: a rhythm rather than certain values.
    var isRhythm = false

    package var values: [Int] { numbers.values }

    /// Days whose number depends on the month.
    struct SpecialDays: Hashable, Sendable {
        /// `L`, `L-3`: days before the last of the month.
        var beforeLast = CronSet()
        /// `LW`: the last Monday to Friday.
        var lastWorkday = false
        /// `15W`: the Monday to Friday nearest to the day, in its month.
        var nearestWorkdays = CronSet()
        /// `5L`: the last of that weekday.
        var lastWeekdays = CronSet()
        /// `5#2`: the second of that weekday; 8 × weekday + number.
        var numberedWeekdays = CronSet()

        var isEmpty: Bool { self == SpecialDays() }
    }

    /// Reads one field; throws `schedule.invalid`. `seed` decides what `H` stands for; without one it is
    /// refused.
    package static func parse(
        _ text: String, _ kind: CronFieldKind, seed: String? = nil
    ) throws(TenonError) -> CronField {
        var reader = CronFieldReader(kind: kind, seed: seed)
        return try reader.read(text)
    }
}
