/// Numbers out of text and into text, exact.
public enum NumberText {
    // MARK: Integers

    /// The integer of `-?[0-9]+`; nil for other text and beyond the range.
    @inlinable
    @inline(__always)
    public static func int64(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard let base = text.baseAddress, text.count > 0 else { return nil }
        let isNegative = base.load(as: UInt8.self) == UInt8(ascii: "-")
        let sign = isNegative ? 1 : 0
        guard let magnitude = digits(base + sign, text.count &- sign) else { return nil }
        if magnitude < 1 << 63 {
            let value = Int64(truncatingIfNeeded: magnitude)
            return isNegative ? 0 &- value : value
        }
        return isNegative && magnitude == 1 << 63 ? Int64.min : nil
    }

    /// The integer of `[0-9]+`; nil for other text and beyond the range.
    @inlinable
    @inline(__always)
    public static func uint64(_ text: UnsafeRawBufferPointer) -> UInt64? {
        guard let base = text.baseAddress else { return nil }
        return digits(base, text.count)
    }

    @inlinable
    @inline(__always)
    static func digits(_ bytes: UnsafeRawPointer, _ count: Int) -> UInt64? {
        if count &- 1 < 8, count > 0 {
            let word = DigitWord.padded(DigitWord.load(bytes, count), count)
            return DigitWord.isAllDigits(word) ? DigitWord.value(word) : nil
        }
        return longDigits(bytes, count)
    }

    @inlinable
    static func longDigits(_ bytes: UnsafeRawPointer, _ count: Int) -> UInt64? {
        guard count > 8 else { return nil }
        // First what is left over by eights.
        var start = count & 7
        var value: UInt64 = 0
        if start > 0 {
            let word = DigitWord.padded(DigitWord.load(bytes, start), start)
            guard DigitWord.isAllDigits(word) else { return nil }
            value = DigitWord.value(word)
        }
        while start < count {
            let word = bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)
            guard DigitWord.isAllDigits(word) else { return nil }
            let (product, isLarge) = value.multipliedReportingOverflow(by: 100_000_000)
            let (sum, isLarger) = product.addingReportingOverflow(DigitWord.value(word))
            guard !isLarge, !isLarger else { return nil }
            value = sum
            start &+= 8
        }
        return value
    }

    // MARK: Writing integers

    /// What must be writable where an integer is written, though it has at most 20 bytes.
    @inlinable public static var integerRoom: Int { 32 }

    /// Writes the integer and answers how many bytes it has.
    @inlinable
    @inline(__always)
    public static func write(_ value: Int64, to target: UnsafeMutablePointer<UInt8>) -> Int {
        target.pointee = UInt8(ascii: "-")
        let sign = value < 0 ? 1 : 0
        return sign &+ write(value.magnitude, to: target + sign)
    }

    /// Writes the integer and answers how many bytes it has.
    @inlinable
    @inline(__always)
    public static func write(_ value: UInt64, to target: UnsafeMutablePointer<UInt8>) -> Int {
        if value < 100_000_000 { return writeFirst(value, to: target) }
        return writeLong(value, to: target)
    }

    @inlinable
    static func writeLong(_ value: UInt64, to target: UnsafeMutablePointer<UInt8>) -> Int {
        let high = value / 100_000_000
        let count = high < 100_000_000 ? writeFirst(high, to: target) : writeLong(high, to: target)
        let low = DigitWord.digits(value &- high &* 100_000_000)
        UnsafeMutableRawPointer(target).storeBytes(
            of: low | DigitWord.zeros, toByteOffset: count, as: UInt64.self)
        return count &+ 8
    }

    /// Writes a number below 10^8 without leading zeros, always in eight bytes.
    @inlinable
    @inline(__always)
    static func writeFirst(_ value: UInt64, to target: UnsafeMutablePointer<UInt8>) -> Int {
        let digits = DigitWord.digits(value)
        let leading = min(digits.trailingZeroBitCount >> 3, 7)
        UnsafeMutableRawPointer(target).storeBytes(
            of: (digits | DigitWord.zeros) &>> UInt64(truncatingIfNeeded: leading &* 8), as: UInt64.self)
        return 8 &- leading
    }
}
