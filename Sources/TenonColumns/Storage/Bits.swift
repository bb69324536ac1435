/// Bitmaps in Arrow's order: bit i is bit i % 8 of byte i / 8.
package enum Bits {
    @inline(__always)
    package static func byteCount(_ bitCount: Int) -> Int { (bitCount + 7) >> 3 }

    @inline(__always)
    static func isSet(_ bits: UnsafeRawPointer, _ index: Int) -> Bool {
        bits.load(fromByteOffset: index >> 3, as: UInt8.self) >> UInt8(truncatingIfNeeded: index & 7) & 1 == 1
    }

    @inline(__always)
    static func set(_ bits: UnsafeMutableRawPointer, _ index: Int) {
        let byte = bits.load(fromByteOffset: index >> 3, as: UInt8.self)
        bits.storeBytes(
            of: byte | 1 << UInt8(truncatingIfNeeded: index & 7), toByteOffset: index >> 3, as: UInt8.self)
    }

    /// How many of the first `bitCount` bits are set.
    static func countSet(_ bits: UnsafeRawPointer, bitCount: Int) -> Int {
        var total = 0
        var bit = 0
        while bit + 64 <= bitCount {
            total &+= bits.loadUnaligned(fromByteOffset: bit >> 3, as: UInt64.self).nonzeroBitCount
            bit &+= 64
        }
        while bit < bitCount {
            let rest = bitCount - bit
            var byte = bits.load(fromByteOffset: bit >> 3, as: UInt8.self)
            if rest < 8 { byte &= UInt8(1 << rest) &- 1 }
            total &+= byte.nonzeroBitCount
            bit &+= 8
        }
        return total
    }

    /// Copies `bitCount` bits from bit `offset` on to the start of `target`; the bits after them become zero.
    static func copy(
        _ source: UnsafeRawPointer, offset: Int, bitCount: Int, to target: UnsafeMutableRawPointer
    ) {
        let count = byteCount(bitCount)
        guard count > 0 else { return }
        let shift = UInt8(truncatingIfNeeded: offset & 7)
        let first = source + (offset >> 3)
        if shift == 0 {
            target.copyMemory(from: first, byteCount: count)
        } else {
            let lastSource = (Int(shift) + bitCount - 1) >> 3
            for index in 0..<count {
                let low = first.load(fromByteOffset: index, as: UInt8.self) >> shift
                let high =
                    index < lastSource
                    ? first.load(fromByteOffset: index + 1, as: UInt8.self) << (8 - shift) : 0
                target.storeBytes(of: low | high, toByteOffset: index, as: UInt8.self)
            }
        }
        let used = bitCount & 7
        if used != 0 {
            let last = target.load(fromByteOffset: count - 1, as: UInt8.self)
            target.storeBytes(of: last & (UInt8(1 << used) &- 1), toByteOffset: count - 1, as: UInt8.self)
        }
    }
}
