/// A set of the numbers 0 to 63.
struct CronSet: Hashable, Sendable {
    var bits: UInt64 = 0

    func contains(_ value: Int) -> Bool { (0...63).contains(value) && bits & (1 << UInt64(value)) != 0 }

    mutating func insert(_ value: Int) {
        if (0...63).contains(value) { bits |= 1 << UInt64(value) }
    }

    /// The smallest number from `value` on.
    func first(from value: Int) -> Int? {
        guard value < 64 else { return nil }
        let rest = bits & (UInt64.max << UInt64(max(0, value)))
        return rest == 0 ? nil : rest.trailingZeroBitCount
    }

    /// The largest number up to `value`.
    func last(upTo value: Int) -> Int? {
        guard value >= 0 else { return nil }
        let rest = bits & (UInt64.max >> UInt64(63 - min(63, value)))
        return rest == 0 ? nil : 63 - rest.leadingZeroBitCount
    }

    /// From the smallest number to the largest.
    func forEach(_ body: (Int) -> Void) {
        var rest = bits
        while rest != 0 {
            body(rest.trailingZeroBitCount)
            rest &= rest - 1
        }
    }

    var values: [Int] { (0...63).filter(contains) }
}
