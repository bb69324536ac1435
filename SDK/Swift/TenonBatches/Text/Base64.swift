/// Base64 (RFC 4648), with the alphabet for texts or the one for URLs.
public enum Base64 {
    public enum Alphabet: Sendable {
        /// Padded to groups of four.
        case standard
        /// `-` and `_` instead of `+` and `/`, without padding.
        case url

        fileprivate var digits: StaticString {
            switch self {
            case .standard: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
            case .url: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
            }
        }

        fileprivate var values: [UInt8] { self == .standard ? Self.standardValues : Self.urlValues }

        private static let standardValues = values(of: .standard)
        private static let urlValues = values(of: .url)

        /// For each byte what it stands for; 255 for those that are no digit.
        private static func values(of alphabet: Alphabet) -> [UInt8] {
            var values = [UInt8](repeating: 0xFF, count: 256)
            for value in 0..<64 {
                values[Int(alphabet.digits.utf8Start[value])] = UInt8(value)
            }
            return values
        }
    }

    public static func encode(_ bytes: [UInt8], _ alphabet: Alphabet = .standard) -> String {
        String(unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4) { text in
            guard let start = text.baseAddress else { return 0 }
            return bytes.withUnsafeBytes { write($0, alphabet, to: start) }
        }
    }

    /// Writes the text of `bytes` and answers how long it is: at most four bytes for each three begun, for which
    /// `target` must have room.
    public static func write(
        _ bytes: UnsafeRawBufferPointer, _ alphabet: Alphabet = .standard,
        to target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        let digits = alphabet.digits.utf8Start
        var count = 0
        var index = 0
        while index + 3 <= bytes.count {
            let word = Int(bytes[index]) << 16 | Int(bytes[index + 1]) << 8 | Int(bytes[index + 2])
            target[count] = digits[word >> 18]
            target[count + 1] = digits[word >> 12 & 63]
            target[count + 2] = digits[word >> 6 & 63]
            target[count + 3] = digits[word & 63]
            count += 4
            index += 3
        }
        let rest = bytes.count - index
        guard rest > 0 else { return count }
        let word = Int(bytes[index]) << 16 | (rest == 2 ? Int(bytes[index + 1]) << 8 : 0)
        for position in 0..<4 where position <= rest || alphabet == .standard {
            target[count] =
                position <= rest ? digits[word >> (18 - 6 * position) & 63] : UInt8(ascii: "=")
            count += 1
        }
        return count
    }

    /// Nil where the text is no Base64. Padding may be left out, but what is there must be right; bits of the
    /// last digit that no byte has do not count.
    public static func decode(_ text: String, _ alphabet: Alphabet = .standard) -> [UInt8]? {
        var text = text
        return text.withUTF8 { utf8 in
            let text = UnsafeRawBufferPointer(utf8)
            let padding = padding(of: text)
            guard padding == 0 || text.count % 4 == 0 else { return nil }
            return bytes(of: UnsafeRawBufferPointer(rebasing: text.dropLast(padding)), alphabet)?.bytes
        }
    }

    /// The bytes of a text in its one right form, padded and with no bit set that no byte has; else nil.
    public static func decodeExact(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        let digits = UnsafeRawBufferPointer(rebasing: text.dropLast(padding(of: text)))
        guard let (bytes, rest) = bytes(of: digits, .standard), rest == 0 else { return nil }
        return bytes
    }

    private static func padding(of text: UnsafeRawBufferPointer) -> Int {
        guard text.last == UInt8(ascii: "=") else { return 0 }
        return text.dropLast().last == UInt8(ascii: "=") ? 2 : 1
    }

    /// What digits without padding stand for, and the bits left over.
    private static func bytes(
        of digits: UnsafeRawBufferPointer, _ alphabet: Alphabet
    ) -> (bytes: [UInt8], rest: UInt32)? {
        guard digits.count % 4 != 1 else { return nil }
        var rest: UInt32 = 0
        var isLegal = true
        let bytes = [UInt8](unsafeUninitializedCapacity: digits.count / 4 * 3 + 2) { target, count in
            alphabet.values.withUnsafeBufferPointer { values in
                var index = 0
                var wrong: UInt8 = 0
                while index < digits.count {
                    let size = min(4, digits.count - index)
                    var word: UInt32 = 0
                    for position in 0..<size {
                        let value = values[Int(digits[index + position])]
                        wrong |= value
                        word = word << 6 | UInt32(value & 63)
                    }
                    word <<= UInt32(6 * (4 - size))
                    for position in 0..<(size - 1) {
                        target[count] = UInt8(truncatingIfNeeded: word >> UInt32(16 - 8 * position))
                        count += 1
                    }
                    rest = size == 4 ? 0 : word << UInt32(8 + 8 * (size - 1))
                    index += 4
                }
                isLegal = wrong < 64
            }
        }
        return isLegal ? (bytes, rest) : nil
    }
}
