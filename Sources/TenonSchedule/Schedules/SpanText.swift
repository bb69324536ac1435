package import TenonJSON

/// Lengths of time in definitions: a number of milliseconds, or a text such as `500ms`, `30s`, `1.5m`,
/// `1h30m`, `1d`.
package enum SpanText {
    private static let maxLength = 64
    private static let units: [(suffix: String, microseconds: Int64)] = [
        ("ms", 1000), ("s", 1_000_000), ("m", 60_000_000), ("h", 3_600_000_000), ("d", 86_400_000_000),
    ]
    /// Over 31 years.
    static let mostDays = 11_574

    package static func duration(_ value: JSON) -> Duration? {
        if let text = value.string { return duration(text) }
        guard let milliseconds = value.double else { return nil }
        return span(milliseconds * 1000)
    }

    /// Numbers with units, one after the other.
    static func duration(_ text: String) -> Duration? {
        guard text.utf8.count <= maxLength else { return nil }
        var rest = Substring(text)
        var total = 0.0
        repeat {
            let digits = rest.prefix { $0 == "." || ("0"..."9").contains($0) }
            rest = rest.dropFirst(digits.count)
            guard let first = digits.first, first != ".", digits.last != ".", let count = Double(digits),
                let unit = units.first(where: { rest.hasPrefix($0.suffix) })
            else { return nil }
            total += count * Double(unit.microseconds)
            rest = rest.dropFirst(unit.suffix.count)
        } while !rest.isEmpty
        return span(total)
    }

    private static func span(_ microseconds: Double) -> Duration? {
        guard microseconds.isFinite, microseconds >= 0, microseconds <= Double(mostDays) * 86_400_000_000
        else { return nil }
        return .microseconds(Int64(microseconds.rounded()))
    }
}
