/// Text as JSON strings.
public enum JSONText {
    /// The most bytes that `writeQuoted` may touch for a text of that size.
    @inlinable
    @inline(__always)
    public static func room(_ byteCount: Int) -> Int { byteCount &* 6 &+ 32 }

    /// Writes `text` (valid UTF-8) between quotes, escaped where it must be, and answers how many bytes that
    /// are. There must be `room(text.count)` bytes at `target`.
    @inlinable
    @inline(__always)
    public static func writeQuoted(_ text: UnsafeRawBufferPointer, to target: UnsafeMutablePointer<UInt8>)
        -> Int
    {
        target.pointee = UInt8(ascii: "\"")
        var count = 0
        if let base = text.baseAddress?.assumingMemoryBound(to: UInt8.self) {
            count = Int(tenon_json_copy(target + 1, base, text.count))
            if count < text.count { return writeEscaped(text, from: count, to: target) }
        }
        target[count &+ 1] = UInt8(ascii: "\"")
        return count &+ 2
    }

    /// Goes on at the first byte that must be escaped.
    @inlinable
    @inline(never)
    static func writeEscaped(
        _ text: UnsafeRawBufferPointer, from start: Int, to target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        guard let base = text.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return 0 }
        var read = start
        var written = start + 1
        while read < text.count {
            written += escape(base[read], to: target + written)
            read += 1
            let plain = Int(tenon_json_copy(target + written, base + read, text.count - read))
            read += plain
            written += plain
        }
        target[written] = UInt8(ascii: "\"")
        return written + 1
    }

    @inlinable
    static func escape(_ byte: UInt8, to target: UnsafeMutablePointer<UInt8>) -> Int {
        target[0] = UInt8(ascii: "\\")
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): target[1] = byte
        case 0x08: target[1] = UInt8(ascii: "b")
        case 0x0A: target[1] = UInt8(ascii: "n")
        case 0x0C: target[1] = UInt8(ascii: "f")
        case 0x0D: target[1] = UInt8(ascii: "r")
        case 0x09: target[1] = UInt8(ascii: "t")
        default:
            let digit = byte & 15
            target[1] = UInt8(ascii: "u")
            target[2] = UInt8(ascii: "0")
            target[3] = UInt8(ascii: "0")
            target[4] = UInt8(ascii: "0") + byte >> 4
            target[5] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            return 6
        }
        return 2
    }

    /// Writes the text of a string token with its escapes resolved and answers how many bytes that are, at
    /// most `content.count`. `content` stands between the quotes of a string that was scanned.
    @inlinable
    public static func writeUnescaped(
        _ content: UnsafeRawBufferPointer, to target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        var read = 0
        var written = 0
        let scanner = JSONScanner(content)
        while read < content.count {
            let next = ByteSearch.first(UInt8(ascii: "\\"), in: content, from: read) ?? content.count
            if next > read, let base = content.baseAddress {
                UnsafeMutableRawPointer(target + written).copyMemory(
                    from: base + read, byteCount: next - read)
            }
            written += next - read
            read = next
            guard read + 1 < content.count else { break }
            if content[read + 1] == UInt8(ascii: "u") {
                // The scan has checked the escape; a wrong one is left out.
                guard let (scalar, length) = try? scanner.unicodeEscape(at: read) else { break }
                written += write(scalar: scalar, to: target + written)
                read += length
            } else {
                target[written] = unescaped(content[read + 1])
                written += 1
                read += 2
            }
        }
        return written
    }

    @inlinable
    static func unescaped(_ escape: UInt8) -> UInt8 {
        switch escape {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: escape
        }
    }

    @inlinable
    static func write(scalar: UInt32, to target: UnsafeMutablePointer<UInt8>) -> Int {
        func part(_ shift: UInt32, _ mark: UInt32, _ mask: UInt32) -> UInt8 {
            UInt8(truncatingIfNeeded: scalar >> shift & mask | mark)
        }
        switch scalar {
        case 0..<0x80:
            target[0] = part(0, 0, 0x7F)
            return 1
        case 0x80..<0x800:
            target[0] = part(6, 0xC0, 0x1F)
            target[1] = part(0, 0x80, 0x3F)
            return 2
        case 0x800..<0x10000:
            target[0] = part(12, 0xE0, 0x0F)
            target[1] = part(6, 0x80, 0x3F)
            target[2] = part(0, 0x80, 0x3F)
            return 3
        default:
            target[0] = part(18, 0xF0, 0x07)
            target[1] = part(12, 0x80, 0x3F)
            target[2] = part(6, 0x80, 0x3F)
            target[3] = part(0, 0x80, 0x3F)
            return 4
        }
    }

    // MARK: Strings

    /// The text as a JSON string, quotes included.
    public static func quoted(_ text: String) -> String {
        var text = text
        return text.withUTF8 { bytes in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: room(bytes.count)) { target in
                guard let base = target.baseAddress else { return "" }
                let count = writeQuoted(UnsafeRawBufferPointer(bytes), to: base)
                return String(decoding: target[0..<count], as: UTF8.self)
            }
        }
    }

    /// The text of a string token.
    public static func string(_ token: JSONScanner.Token, in scanner: JSONScanner) throws(JSONScanError)
        -> String
    {
        guard token.isComplex else { return String(decoding: scanner.bytes(of: token), as: UTF8.self) }
        var text: [UInt8] = []
        try scanner.unescape(token, into: &text)
        return String(decoding: text, as: UTF8.self)
    }
}
