/// Time-ordered unique ids (RFC 9562, version 7): 48 bits of Unix milliseconds, 12 bits of counter, 62 random
/// bits.
package struct UUIDv7: Sendable {
    private var lastMillisecond: UInt64 = 0
    private var counter: UInt16 = 0

    package init() {}

    /// The next id as lower-case text. Ids of one generator grow, also within a millisecond and when the
    /// clock goes back.
    package mutating func next(at time: Timestamp, random: inout some RandomNumberGenerator) -> String {
        let now = UInt64(max(0, time.microseconds / 1000))
        if now > lastMillisecond {
            lastMillisecond = now
            counter = UInt16.random(in: 0..<0x400, using: &random)
        } else if counter < 0xFFF {
            counter += 1
        } else {
            lastMillisecond += 1
            counter = 0
        }
        let high = lastMillisecond << 16 | 0x7000 | UInt64(counter)
        let low = UInt64.random(in: 0..<(1 << 62), using: &random) | (0b10 << 62)
        return Self.text(high, low)
    }

    private static func text(_ high: UInt64, _ low: UInt64) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(36)
        for position in 0..<32 {
            if position == 8 || position == 12 || position == 16 || position == 20 { bytes.append(0x2D) }
            let word = position < 16 ? high : low
            bytes.append(HexText.digit(UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (position % 16)))))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
