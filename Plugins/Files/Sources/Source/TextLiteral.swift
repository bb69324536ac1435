/// A text that fields are compared with, as words.
struct TextLiteral: Sendable, Equatable {
    let bytes: [UInt8]
    private let low: UInt64
    private let high: UInt64
    private let lowMask: UInt64
    private let highMask: UInt64

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        func word(_ from: Int) -> (value: UInt64, mask: UInt64) {
            var value: UInt64 = 0
            var mask: UInt64 = 0
            for index in from..<max(from, min(from + 8, bytes.count)) {
                value |= UInt64(bytes[index]) << UInt64(8 * (index - from))
                mask |= 0xFF << UInt64(8 * (index - from))
            }
            return (value, mask)
        }
        (low, lowMask) = word(0)
        (high, highMask) = word(8)
    }

    var count: Int { bytes.count }

    /// Whether the first 16 bytes, or all where there are fewer, are these; 16 bytes can be read at `text`.
    @inline(__always)
    func startsLike(_ text: UnsafePointer<UInt8>) -> Bool {
        let text = UnsafeRawPointer(text)
        let first = text.loadUnaligned(as: UInt64.self) ^ low
        let second = text.loadUnaligned(fromByteOffset: 8, as: UInt64.self) ^ high
        return first & lowMask | second & highMask == 0
    }

    /// Whether `count` bytes are this text; 16 bytes can be read at `text`.
    @inline(__always)
    func equals(_ text: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        guard count == bytes.count else { return false }
        guard startsLike(text) else { return false }
        return count <= 16 || restEquals(text)
    }

    @inline(never)
    private func restEquals(_ text: UnsafePointer<UInt8>) -> Bool {
        for index in 16..<bytes.count where text[index] != bytes[index] { return false }
        return true
    }
}
