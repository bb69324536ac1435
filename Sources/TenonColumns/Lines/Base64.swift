/// Base64 (RFC 4648, section 4), padded.
package enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (value, byte) in alphabet.enumerated() { values[Int(byte)] = UInt8(value) }
        return values
    }()

    /// Writes the text of `bytes` and answers how long it is: four bytes for each three begun.
    static func write(_ bytes: UnsafeRawBufferPointer, to target: UnsafeMutablePointer<UInt8>) -> Int {
        var count = 0
        var index = 0
        while index < bytes.count {
            let rest = min(3, bytes.count - index)
            var word = UInt32(bytes[index]) << 16
            if rest > 1 { word |= UInt32(bytes[index + 1]) << 8 }
            if rest > 2 { word |= UInt32(bytes[index + 2]) }
            for position in 0..<4 {
                let digit = alphabet[Int(word >> UInt32(18 - 6 * position)) & 63]
                target[count] = position <= rest ? digit : UInt8(ascii: "=")
                count += 1
            }
            index += 3
        }
        return count
    }

    /// The bytes, or nil where `text` is not base64.
    package static func decode(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        for start in stride(from: 0, to: text.count, by: 4) {
            let isLast = start + 4 == text.count
            var padding = 0
            if isLast, text[start + 3] == UInt8(ascii: "=") {
                padding = text[start + 2] == UInt8(ascii: "=") ? 2 : 1
            }
            var word: UInt32 = 0
            for position in 0..<4 {
                let value = position >= 4 - padding ? 0 : values[Int(text[start + position])]
                guard value < 64 else { return nil }
                word = word << 6 | UInt32(value)
            }
            guard word & (1 << UInt32(8 * padding) - 1) == 0 else { return nil }
            for position in 0..<3 - padding {
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(16 - 8 * position)))
            }
        }
        return bytes
    }
}
