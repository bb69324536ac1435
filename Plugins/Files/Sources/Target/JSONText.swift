internal import TenonConnectorKit

/// Text as JSON wants it.
enum JSONText {
    /// Writes a string with its quotes and answers how many bytes it has, at most 6 for each byte and 2.
    @inline(__always)
    static func quote(_ text: UnsafeRawBufferPointer, to end: UnsafeMutablePointer<UInt8>) -> Int {
        end.pointee = UInt8(ascii: "\"")
        var written = 1
        var read = 0
        if let base = text.baseAddress?.assumingMemoryBound(to: UInt8.self) {
            while true {
                let plain = Int(tenon_json_copy(end + written, base + read, text.count - read))
                written += plain
                read += plain
                guard read < text.count else { break }
                written += escape(base[read], to: end + written)
                read += 1
            }
        }
        end[written] = UInt8(ascii: "\"")
        return written + 1
    }

    private static func escape(_ byte: UInt8, to end: UnsafeMutablePointer<UInt8>) -> Int {
        end[0] = UInt8(ascii: "\\")
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): end[1] = byte
        case 0x0A: end[1] = UInt8(ascii: "n")
        case 0x0D: end[1] = UInt8(ascii: "r")
        case 0x09: end[1] = UInt8(ascii: "t")
        default:
            end[1] = UInt8(ascii: "u")
            end[2] = UInt8(ascii: "0")
            end[3] = UInt8(ascii: "0")
            end[4] = UInt8(ascii: "0") + byte >> 4
            let digit = byte & 15
            end[5] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            return 6
        }
        return 2
    }

    /// Writes a JSON text on one line: line ends can only stand between its tokens.
    static func joined(_ token: UnsafeRawBufferPointer, to end: UnsafeMutablePointer<UInt8>) -> Int {
        if token.isEmpty { return ValueText.word("null", to: end) }
        for (index, byte) in token.enumerated() {
            end[index] = byte == 0x0A || byte == 0x0D ? 0x20 : byte
        }
        return token.count
    }
}
