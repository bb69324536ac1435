/// A point in time of the years 0001 to 9999 to the nanosecond, as CEL's `timestamp`.
package struct Instant: Hashable, Comparable, Sendable {
    /// Since 1970-01-01T00:00:00Z.
    package let seconds: Int64
    /// 0 to 999 999 999, after `seconds`.
    package let nanoseconds: Int32

    static let secondRange: ClosedRange<Int64> = -62_135_596_800...253_402_300_799
    static let nanosecondsPerSecond: Int64 = 1_000_000_000

    /// Nil outside the years 0001 to 9999.
    package init?(seconds: Int64, nanoseconds: Int32 = 0) {
        guard Self.secondRange.contains(seconds), (0..<1_000_000_000).contains(nanoseconds) else {
            return nil
        }
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    package static func < (left: Self, right: Self) -> Bool {
        left.seconds == right.seconds ? left.nanoseconds < right.nanoseconds : left.seconds < right.seconds
    }

    /// This point moved by so many nanoseconds; nil outside the years 0001 to 9999.
    func moved(byNanoseconds shift: Int128) -> Instant? {
        let total = sinceEpoch + shift
        let second = Int128(Self.nanosecondsPerSecond)
        var seconds = total / second
        var rest = total % second
        if rest < 0 {
            seconds -= 1
            rest += second
        }
        return Int64(exactly: seconds).flatMap { Instant(seconds: $0, nanoseconds: Int32(rest)) }
    }

    /// Nanoseconds from `other` to this; nil where they do not fit 64 bits.
    func nanoseconds(since other: Instant) -> Int64? { Int64(exactly: sinceEpoch - other.sinceEpoch) }

    /// In nanoseconds.
    private var sinceEpoch: Int128 {
        Int128(seconds) * Int128(Self.nanosecondsPerSecond) + Int128(nanoseconds)
    }
}
