/// Whether bytes are valid UTF-8 (RFC 3629).
public enum UTF8Check {
    /// Whether all bytes are below 0x80.
    @inlinable
    public static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
        asciiPrefix(bytes) == bytes.count
    }

    @inlinable
    public static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var position = 0
        while true {
            position += asciiPrefix(UnsafeRawBufferPointer(rebasing: bytes[position...]))
            // Runs of other scripts are mostly long: stay with them for a while.
            var scalars = 0
            while position < bytes.count, scalars < 16 {
                guard let length = scalarLength(bytes, at: position) else { return false }
                position += length
                scalars += 1
            }
            if position == bytes.count { return true }
        }
    }

    /// How many bytes from the start on are below 0x80; may stop up to 63 bytes early only where one is not.
    @inlinable
    static func asciiPrefix(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard let base = bytes.baseAddress else { return 0 }
        var position = 0
        while position + 128 <= bytes.count {
            let first = base.loadUnaligned(fromByteOffset: position, as: SIMD8<UInt64>.self)
            let second = base.loadUnaligned(fromByteOffset: position + 64, as: SIMD8<UInt64>.self)
            let high = (first | second) & SIMD8(repeating: 0x8080_8080_8080_8080)
            if high != .zero { break }
            position += 128
        }
        while position + 8 <= bytes.count {
            let word = base.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            if word & 0x8080_8080_8080_8080 != 0 { break }
            position += 8
        }
        while position < bytes.count, bytes[position] < 0x80 { position += 1 }
        return position
    }

    /// The length of the scalar at `position`, or nil where there is no valid one.
    @inlinable
    static func scalarLength(_ bytes: UnsafeRawBufferPointer, at position: Int) -> Int? {
        let first = bytes[position]
        if first < 0x80 { return 1 }
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard first >= 0xC2, first <= 0xF4, position + length <= bytes.count else { return nil }
        let second = bytes[position + 1]
        // The second byte's range excludes overlong forms, surrogates and what lies above U+10FFFF.
        let lowest: UInt8 = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80
        let highest: UInt8 = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF
        guard second >= lowest, second <= highest else { return nil }
        for offset in 2..<max(length, 2) where bytes[position + offset] & 0xC0 != 0x80 { return nil }
        return length
    }
}
