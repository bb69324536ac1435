internal import TenonModel

/// Days of the week, 0 is Sunday.
package enum Weekday {
    /// The weekday of a day counted from 1970-01-01, a Thursday.
    package static func of(daysSinceEpoch days: Int64) -> Int {
        let week = days.flooredDivision(by: 7)
        return (Int(days - week * 7) + 4) % 7
    }
}
