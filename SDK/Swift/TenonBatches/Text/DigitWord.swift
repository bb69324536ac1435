/// Eight decimal digits at once, in the bytes of a word, the first digit in the lowest byte.
@usableFromInline
enum DigitWord {
    @usableFromInline static let zeros: UInt64 = 0x3030_3030_3030_3030

    /// The first `count` bytes, 1 to 8 of them, and zero bytes above.
    @inlinable
    @inline(__always)
    static func load(_ bytes: UnsafeRawPointer, _ count: Int) -> UInt64 {
        if count >= 8 { return bytes.loadUnaligned(as: UInt64.self) }
        if count >= 4 {
            // The two halves overlap in equal bytes.
            let low = UInt64(bytes.loadUnaligned(as: UInt32.self))
            let high = UInt64(bytes.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self))
            return low | high &<< UInt64(truncatingIfNeeded: (count &- 4) &* 8)
        }
        let first = UInt64(bytes.load(as: UInt8.self))
        let middle = UInt64(bytes.load(fromByteOffset: count >> 1, as: UInt8.self))
        let last = UInt64(bytes.load(fromByteOffset: count &- 1, as: UInt8.self))
        return first | middle &<< UInt64(truncatingIfNeeded: (count >> 1) &* 8)
            | last &<< UInt64(truncatingIfNeeded: (count &- 1) &* 8)
    }

    /// Moves `count` digits, 1 to 8, behind zeros, so that all eight bytes are digits.
    @inlinable
    @inline(__always)
    static func padded(_ word: UInt64, _ count: Int) -> UInt64 {
        let shift = UInt64(truncatingIfNeeded: (8 &- count) &* 8)
        return word &<< shift | zeros & (1 &<< shift &- 1)
    }

    @inlinable
    @inline(__always)
    static func isAllDigits(_ word: UInt64) -> Bool {
        let digits = word ^ zeros
        return (digits | (digits &+ 0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080 == 0
    }

    /// The number of eight digits.
    @inlinable
    @inline(__always)
    static func value(_ word: UInt64) -> UInt64 {
        let digits = word ^ zeros
        let pairs = digits &* 10 &+ (digits >> 8)
        let mask: UInt64 = 0x0000_00FF_0000_00FF
        let high = (pairs & mask) &* (100 &+ 1_000_000 << 32)
        let low = ((pairs >> 16) & mask) &* (1 &+ 10_000 << 32)
        return (high &+ low) >> 32
    }

    /// The numbers of two digits each.
    @inlinable
    @inline(__always)
    static func pairs(_ word: UInt64) -> (first: UInt32, second: UInt32, third: UInt32, fourth: UInt32) {
        let digits = word ^ zeros
        let pairs = digits &* 10 &+ (digits >> 8)
        func pair(_ shift: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: pairs >> shift & 0xFF) }
        return (pair(0), pair(16), pair(32), pair(48))
    }

    /// The digits of a number below 10^8, as values 0 to 9.
    @inlinable
    @inline(__always)
    static func digits(_ value: UInt64) -> UInt64 {
        // Halves of four digits, quarters of two, then single digits: a multiplication and a shift each time
        // divide all parts at once.
        let top = value / 10_000
        let halves = top | (value &- top &* 10_000) << 32
        let hundreds = (halves &* 10486) >> 20 & 0x0000_007F_0000_007F
        let quarters = hundreds | (halves &- hundreds &* 100) << 16
        let tens = (quarters &* 103) >> 10 & 0x000F_000F_000F_000F
        return tens | (quarters &- tens &* 10) << 8
    }
}
