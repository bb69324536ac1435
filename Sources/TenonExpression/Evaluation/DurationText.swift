/// Durations as CEL writes them: `1.5s`, `-2h45m`, `300ms`.
enum DurationText {
    private static let units: [(name: String, nanoseconds: Int128)] = [
        ("ns", 1), ("us", 1000), ("µs", 1000), ("μs", 1000), ("ms", 1_000_000), ("s", 1_000_000_000),
        ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ]

    /// In nanoseconds; nil where the text is no duration or does not fit 64 bits of nanoseconds.
    static func parse(_ text: String) -> Int64? {
        var rest = Array(text.utf8)[...]
        guard rest.count <= 100 else { return nil }
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        if rest.elementsEqual([UInt8(ascii: "0")]) { return 0 }
        guard !rest.isEmpty else { return nil }
        var total: Int128 = 0
        while !rest.isEmpty {
            guard let part = part(&rest) else { return nil }
            total += part
            guard total <= 1 << 63 else { return nil }
        }
        return Int64(exactly: isNegative ? -total : total)
    }

    /// One number with its unit.
    private static func part(_ rest: inout ArraySlice<UInt8>) -> Int128? {
        let whole = rest.prefix(while: \.isDigit)
        rest = rest.dropFirst(whole.count)
        var fraction: ArraySlice<UInt8> = []
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            fraction = rest.prefix(while: \.isDigit)
            rest = rest.dropFirst(fraction.count)
        }
        guard !whole.isEmpty || !fraction.isEmpty, whole.count <= 20 else { return nil }
        let unitBytes = rest.prefix { !$0.isDigit && $0 != UInt8(ascii: ".") }
        rest = rest.dropFirst(unitBytes.count)
        guard let unit = units.first(where: { unitBytes.elementsEqual($0.name.utf8) }) else { return nil }
        let total = whole.reduce(Int128(0)) { $0 * 10 + Int128($1 - 0x30) } * unit.nanoseconds
        var numerator: Int128 = 0
        var divisor: Int128 = 1
        for digit in fraction.prefix(15) {
            numerator = numerator * 10 + Int128(digit - 0x30)
            divisor *= 10
        }
        // What is less than a nanosecond is cut.
        return total + numerator * unit.nanoseconds / divisor
    }

    /// Seconds with as many decimals as are needed, such as `3730.5s`.
    static func print(_ nanoseconds: Int64) -> String {
        let (seconds, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        var text = "\(nanoseconds < 0 ? "-" : "")\(seconds)"
        if rest > 0 {
            var digits = String(rest)
            digits = String(repeating: "0", count: 9 - digits.utf8.count) + digits
            while digits.hasSuffix("0") { digits.removeLast() }
            text += ".\(digits)"
        }
        return text + "s"
    }
}
