/// A hash of keys that nobody can foresee: its seed is random, so that no data can be made to fall into one
/// slot.
struct KeyHash: Sendable {
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64

    init() {
        var generator = SystemRandomNumberGenerator()
        first = generator.next()
        second = generator.next()
        third = generator.next() | 1
    }

    /// Of a key of at most 16 bytes.
    @inline(__always)
    func callAsFunction(_ low: UInt64, _ high: UInt64, _ tag: UInt32) -> UInt64 {
        let mixed = Self.fold(low ^ first, high ^ second ^ (UInt64(tag) << 32))
        return Self.fold(mixed ^ second, third)
    }

    /// Of a key of any length.
    func callAsFunction(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        guard let base = bytes.baseAddress else { return self(0, 0, 0) }
        var state = first ^ UInt64(truncatingIfNeeded: bytes.count)
        var index = 0
        while index &+ 16 <= bytes.count {
            let low = base.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let high = base.loadUnaligned(fromByteOffset: index &+ 8, as: UInt64.self)
            state = Self.fold(low ^ second ^ state, high ^ first) ^ third
            index &+= 16
        }
        let (low, high) = ShortBytes.loadSlowly(base + index, bytes.count &- index)
        state = Self.fold(low ^ second ^ state, high ^ first)
        return Self.fold(state ^ second, third)
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (high, low) = left.multipliedFullWidth(by: right)
        return high ^ low
    }
}

/// At most 16 bytes as two words; bytes beyond the end are zero.
enum ShortBytes {
    static let maxCount = 16

    /// 16 bytes must be readable at `source`, whatever the count.
    @inline(__always)
    static func load(_ source: UnsafeRawPointer, _ count: Int) -> (UInt64, UInt64) {
        let low = source.loadUnaligned(as: UInt64.self)
        let high = source.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        return (low & mask(count), high & mask(count &- 8))
    }

    /// Which bits of two words belong to `count` bytes.
    static func masks(_ count: Int) -> (UInt64, UInt64) { (mask(count), mask(count - 8)) }

    @inline(never)
    static func loadSlowly(_ source: UnsafeRawPointer, _ count: Int) -> (UInt64, UInt64) {
        var low: UInt64 = 0
        var high: UInt64 = 0
        for index in 0..<min(count, 8) {
            low |= UInt64(source.load(fromByteOffset: index, as: UInt8.self)) << (8 * index)
        }
        for index in 8..<max(8, count) {
            high |= UInt64(source.load(fromByteOffset: index, as: UInt8.self)) << (8 * (index - 8))
        }
        return (low, high)
    }

    /// The first `count` bytes of a word, where that is less than 8.
    @inline(__always)
    private static func mask(_ count: Int) -> UInt64 {
        if count >= 8 { return .max }
        return count <= 0 ? 0 : .max &>> UInt64(truncatingIfNeeded: 64 &- 8 &* count)
    }
}
