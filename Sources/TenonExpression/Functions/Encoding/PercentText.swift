/// Percent-encoding (RFC 3986) of texts for URLs.
enum PercentText {
    /// Nil where a percent sign is not followed by two hexadecimal digits, or the bytes are no UTF-8.
    static func decode(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var position = 0
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "%") else {
                result.append(bytes[position])
                position += 1
                continue
            }
            guard position + 2 < bytes.count, let high = HexText.value(of: bytes[position + 1]),
                let low = HexText.value(of: bytes[position + 2])
            else { return nil }
            result.append(high << 4 | low)
            position += 3
        }
        return String(validating: result, as: UTF8.self)
    }
}
