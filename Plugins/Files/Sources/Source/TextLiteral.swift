/// A text of at most 16 bytes as words, for comparisons in loops.
struct ShortText: BitwiseCopyable, Sendable, Equatable {
    let count: Int
    private let low: UInt64
    private let high: UInt64
    private let lowMask: UInt64
    private let highMask: UInt64

    /// Of a longer text it holds the first 16 bytes.
    init(_ bytes: [UInt8]) {
        func word(_ from: Int) -> (value: UInt64, mask: UInt64) {
            var value: UInt64 = 0
            var mask: UInt64 = 0
            for index in from..<max(from, min(from + 8, bytes.count)) {
                value |= UInt64(bytes[index]) << UInt64(8 * (index - from))
                mask |= 0xFF << UInt64(8 * (index - from))
            }
            return (value, mask)
        }
        count = bytes.count
        (low, lowMask) = word(0)
        (high, highMask) = word(8)
    }

    /// Whether the text begins like this one; 16 bytes can be read at `text`.
    @inline(__always)
    func begins(_ text: UnsafePointer<UInt8>) -> Bool {
        let text = UnsafeRawPointer(text)
        let first = text.loadUnaligned(as: UInt64.self) ^ low
        let second = text.loadUnaligned(fromByteOffset: 8, as: UInt64.self) ^ high
        return first & lowMask | second & highMask == 0
    }

    /// 1 where `count` bytes are this text, which has no more than 16; without a branch.
    @inline(__always)
    func equality(_ text: UnsafePointer<UInt8>, _ count: Int) -> Int {
        (count == self.count ? 1 : 0) & (begins(text) ? 1 : 0)
    }
}

/// A text that fields are compared with.
struct TextLiteral: Sendable, Equatable {
    let bytes: [UInt8]
    let short: ShortText
    static let maxShortBytes = 16

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        short = ShortText(bytes)
    }

    var count: Int { bytes.count }

    /// Whether `count` bytes are this text; 16 bytes can be read at `text`.
    @inline(__always)
    func equals(_ text: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        guard count == short.count, short.begins(text) else { return false }
        return count <= Self.maxShortBytes || restEquals(text)
    }

    @inline(never)
    private func restEquals(_ text: UnsafePointer<UInt8>) -> Bool {
        for index in Self.maxShortBytes..<bytes.count where text[index] != bytes[index] { return false }
        return true
    }
}
