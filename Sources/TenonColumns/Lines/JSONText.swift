internal import TenonBatches

/// Text as JSON strings.
enum JSONText {
    /// The text of a string token.
    static func string(_ token: JSONScanner.Token, in scanner: JSONScanner) throws(JSONScanError) -> String {
        guard token.isComplex else { return String(decoding: scanner.bytes(of: token), as: UTF8.self) }
        var text: [UInt8] = []
        try scanner.unescape(token, into: &text)
        return String(decoding: text, as: UTF8.self)
    }

    static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        var text = text
        text.withUTF8 { appendQuoted(UnsafeRawBufferPointer($0), to: &bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends `text` as a JSON string, quotes included.
    static func appendQuoted(_ text: UnsafeRawBufferPointer, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var plainStart = 0
        for index in 0..<text.count {
            let byte = text[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            bytes.append(contentsOf: text[plainStart..<index])
            plainStart = index + 1
            appendEscaped(byte, to: &bytes)
        }
        bytes.append(contentsOf: text[plainStart...])
        bytes.append(UInt8(ascii: "\""))
    }

    private static func appendEscaped(_ byte: UInt8, to bytes: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
        case 0x0A: bytes.append(contentsOf: "\\n".utf8)
        case 0x0D: bytes.append(contentsOf: "\\r".utf8)
        case 0x09: bytes.append(contentsOf: "\\t".utf8)
        default:
            bytes.append(contentsOf: byte < 16 ? "\\u000".utf8 : "\\u001".utf8)
            bytes.append(contentsOf: String(byte & 15, radix: 16).utf8)
        }
    }
}
