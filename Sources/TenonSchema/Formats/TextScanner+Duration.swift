/// Durations.
extension TextScanner {
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
