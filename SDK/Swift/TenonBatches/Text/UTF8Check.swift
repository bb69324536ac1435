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
            if position == bytes.count { return true }
            guard let next = UTF8Automaton.run(bytes, from: position) else { return false }
            position = next
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
}

/// An automaton over bytes without branches: a row of the table holds the next state for each state, so a
/// step is a load and a shift (Per Vognsen, "Shift-based DFA"). States are multiples of 6.
@usableFromInline
enum UTF8Automaton {
    private static let stateCount: UInt64 = 9
    @usableFromInline static let start: UInt64 = 0
    @usableFromInline static let error: UInt64 = 6

    @usableFromInline
    static let table: [UInt64] = (0..<256).map { byte in
        (0..<stateCount).reduce(0) { row, state in row | next(state, UInt8(byte)) * 6 << (state * 6) }
    }

    /// 0 start, 1 error, 2 to 4 one to three more bytes of any kind, 5 to 8 after E0, ED, F0, F4.
    private static func next(_ state: UInt64, _ byte: UInt8) -> UInt64 {
        let isContinuation = (0x80...0xBF).contains(byte)
        switch state {
        case 0:
            switch byte {
            case 0x00...0x7F: return 0
            case 0xC2...0xDF: return 2
            case 0xE0: return 5
            case 0xED: return 6
            case 0xE1...0xEF: return 3
            case 0xF0: return 7
            case 0xF1...0xF3: return 4
            case 0xF4: return 8
            default: return 1
            }
        case 2: return isContinuation ? 0 : 1
        case 3: return isContinuation ? 2 : 1
        case 4: return isContinuation ? 3 : 1
        case 5: return (0xA0...0xBF).contains(byte) ? 2 : 1
        case 6: return (0x80...0x9F).contains(byte) ? 2 : 1
        case 7: return (0x90...0xBF).contains(byte) ? 3 : 1
        case 8: return (0x80...0x8F).contains(byte) ? 3 : 1
        default: return 1
        }
    }

    /// Where to go on after some characters from `start` on, or nil where they are not valid.
    @inlinable
    static func run(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        table.withUnsafeBufferPointer { table in
            var state = Self.start
            var position = start
            let blockEnd = min(bytes.count, start + 256)
            while position < blockEnd {
                state = table[Int(bytes[position])] &>> (state & 63)
                position &+= 1
            }
            // A character may lie across the end of the block.
            while state & 63 != Self.start, state & 63 != Self.error, position < bytes.count {
                state = table[Int(bytes[position])] &>> (state & 63)
                position &+= 1
            }
            return state & 63 == Self.start ? position : nil
        }
    }
}
