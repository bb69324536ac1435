/// Dates and times of RFC 3339.
extension TextScanner {
    mutating func takeDateTime() -> Bool { takeDate() && take("Tt") && takeTime() }

    mutating func takeDate() -> Bool {
        guard let year = takeNumber(digits: 4), take("-"), let month = takeNumber(digits: 2), take("-"),
            let day = takeNumber(digits: 2), (1...12).contains(month)
        else { return false }
        let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...days[month - 1]).contains(day)
    }

    mutating func takeTime() -> Bool {
        guard let hour = takeNumber(digits: 2), take(":"), let minute = takeNumber(digits: 2), take(":"),
            let second = takeNumber(digits: 2), hour < 24, minute < 60, second <= 60
        else { return false }
        if take(".") {
            guard takeAll(where: \.isDigit) > 0 else { return false }
        }
        guard let offset = takeOffset() else { return false }
        // A leap second is the last of a day in UTC.
        let minuteInUTC = (hour * 60 + minute - offset + 2 * 1440) % 1440
        return second < 60 || minuteInUTC == 1439
    }

    /// In minutes east.
    private mutating func takeOffset() -> Int? {
        if take("Zz") { return 0 }
        let isWest = next == UInt8(ascii: "-")
        guard take("+-"), let hours = takeNumber(digits: 2), take(":"), let minutes = takeNumber(digits: 2),
            hours < 24, minutes < 60
        else { return nil }
        return (isWest ? -1 : 1) * (hours * 60 + minutes)
    }

    /// RFC 3339, appendix A: units in order without gaps, or weeks alone.
    mutating func takeDuration() -> Bool {
        guard take("P") else { return false }
        let hasDate = next?.isDigit == true
        if hasDate {
            guard let unit = takeUnits("YMDW") else { return false }
            if unit == UInt8(ascii: "W") { return isAtEnd }
        }
        guard take("T") else { return hasDate }
        return takeUnits("HMS") != nil
    }

    /// Goes past numbers with these units, each the one after that of the number before; the first unit.
    private mutating func takeUnits(_ units: String) -> UInt8? {
        let all = Array(units.utf8)
        var first: UInt8?
        var last: Int?
        while next?.isDigit == true {
            _ = takeAll(where: \.isDigit)
            guard let unit = next, let place = all.firstIndex(of: unit), take(where: { _ in true }) else {
                return nil
            }
            if let last {
                guard place == last + 1, unit != UInt8(ascii: "W") else { return nil }
            }
            first = first ?? unit
            last = place
        }
        return first
    }
}
