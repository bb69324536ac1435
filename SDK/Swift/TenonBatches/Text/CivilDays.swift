/// Days of the proleptic Gregorian calendar since 1970-01-01. A year begins in March here, so that the day
/// that may lack is its last.
@usableFromInline
enum CivilDays {
    private static let daysOf400Years: Int64 = 146_097
    /// From 0000-03-01 to 1970-01-01.
    private static let epoch: Int64 = 719_468

    /// The days of a date of the years 0 to 9999; nil where the calendar lacks it.
    @inline(__always)
    static func days(year: UInt32, month: UInt32, day: UInt32) -> Int64? {
        guard month &- 1 < 12, day &- 1 < 31, day <= 28 || day <= length(year: year, month: month) else {
            return nil
        }
        let isEarly = month <= 2
        // 400 years later, so that no year is negative.
        let shifted = year &+ (isEarly ? 399 : 400)
        let century = shifted / 100
        let days = 365 &* shifted &+ shifted / 4 &- century &+ century / 4
        let dayOfYear = (153 &* (isEarly ? month &+ 9 : month &- 3) &+ 2) / 5 &+ day &- 1
        return Int64(days &+ dayOfYear) &- daysOf400Years &- epoch
    }

    private static func length(year: UInt32, month: UInt32) -> UInt32 {
        if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
        return 30 + (month + month / 8) % 2
    }

    /// The date of a day. Algorithm: Neri and Schneider, "Euclidean affine functions and their application to
    /// calendar algorithms": multiplications whose high halves are quotients and whose low halves remainders.
    @inline(__always)
    static func date(_ days: Int64) -> (year: Int64, month: UInt32, day: UInt32) {
        var shifted = days &+ epoch
        var firstYear: Int64 = 0
        if shifted < 0 || shifted >= 1 << 29 {
            let era = (shifted >= 0 ? shifted : shifted &- daysOf400Years &+ 1) / daysOf400Years
            shifted = shifted &- era &* daysOf400Years
            firstYear = era &* 400
        }
        let quarters = 4 &* UInt32(truncatingIfNeeded: shifted) &+ 3
        let century = quarters / 146_097
        let ofCentury = (quarters &- century &* 146_097) | 3
        let product = 2_939_745 &* UInt64(ofCentury)
        let dayOfYear = UInt32(truncatingIfNeeded: product) / 2_939_745 / 4
        let months = 2141 &* dayOfYear &+ 197_913
        let isEarly = dayOfYear >= 306
        let year = Int64(century) &* 100 &+ Int64(product >> 32) &+ (isEarly ? 1 : 0)
        return (
            firstYear &+ year, isEarly ? months >> 16 &- 12 : months >> 16, (months & 0xFFFF) / 2141 &+ 1
        )
    }
}
