package import TenonJSON

/// Durations in definitions: a number of milliseconds, or a text such as `500ms`, `30s`, `1.5m`, `2h`, `1d`.
package enum DurationText {
    package static func duration(_ value: JSON) -> Duration? {
        switch value {
        case .int(let milliseconds): .milliseconds(milliseconds)
        case .double(let milliseconds): duration(milliseconds, of: .milliseconds(1))
        case .string(let text): parse(text)
        default: nil
        }
    }

    private static func parse(_ text: String) -> Duration? {
        let units: [(suffix: String, length: Duration)] = [
            ("ms", .milliseconds(1)), ("s", .seconds(1)), ("m", .seconds(60)), ("h", .seconds(3600)),
            ("d", .seconds(86_400)),
        ]
        guard let unit = units.first(where: { text.hasSuffix($0.suffix) }) else { return nil }
        let digits = text.dropLast(unit.suffix.count)
        let isDecimal = digits.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
        guard isDecimal, let count = Double(digits) else { return nil }
        return duration(count, of: unit.length)
    }

    private static func duration(_ count: Double, of length: Duration) -> Duration? {
        let seconds =
            count * Double(length.components.seconds) + count * Double(length.components.attoseconds) / 1e18
        guard seconds.isFinite, seconds.magnitude <= 1e9 else { return nil }
        return .microseconds(Int64((seconds * 1e6).rounded()))
    }
}
