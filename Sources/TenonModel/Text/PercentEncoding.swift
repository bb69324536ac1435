/// Percent-encoding of texts for URLs (RFC 3986, section 2.1).
package enum PercentEncoding {
    /// Everything but RFC 3986's unreserved characters as `%41`: fit for a segment of a path and a value of a
    /// query. With `keepsSlashes`, for a whole path.
    package static func encode(_ text: String, keepsSlashes: Bool = false) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if isUnreserved(byte) || keepsSlashes && byte == UInt8(ascii: "/") {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                bytes.append(HexText.digit(byte >> 4, isUppercase: true))
                bytes.append(HexText.digit(byte, isUppercase: true))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The text, or nil where a percent sign is not followed by two hexadecimal digits or the bytes are no
    /// UTF-8.
    package static func decode(_ text: some StringProtocol) -> String? {
        bytes(of: text).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// As `decode`, of whatever bytes were encoded.
    package static func bytes(of text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.next().flatMap(HexText.value(of:)),
                let low = rest.next().flatMap(HexText.value(of:))
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
