/// A text with the escapes of one or more encodings undone, which knows where each of its bytes came from.
///
/// Encoders differ in what they escape and how; what comes out of undoing it does not.
struct TextReading {
    /// Encodings stand in each other: JSON in a text of a JSON document, a URL in it.
    private static let maxDepth = 3
    /// Bounds the work for a text that is made to be read in many ways.
    private static let maxCount = 16

    private(set) var bytes: [UInt8]
    /// Where each byte begins in the text, and the end of the text; nil where nothing was undone.
    private var starts: [UInt32]?

    /// The text as it is, and every other way to read it.
    static func all(of bytes: [UInt8]) -> [TextReading] {
        var readings = [TextReading(bytes: bytes)]
        // Longer texts than any that is recorded; their bytes could not be numbered.
        guard bytes.count < Int(UInt32.max) else { return readings }
        var level = readings
        for _ in 0..<maxDepth {
            level = level.flatMap { reading in Escapes.all.compactMap { reading.undoing($0) } }
            level.removeLast(max(0, readings.count + level.count - maxCount))
            guard !level.isEmpty else { break }
            readings += level
        }
        return readings
    }

    func source(of range: Range<Int>) -> Range<Int> {
        guard let starts else { return range }
        return Int(starts[range.lowerBound])..<Int(starts[range.upperBound])
    }

    /// Nil where there is nothing to undo.
    private func undoing(_ escapes: Escapes) -> TextReading? {
        guard let first = bytes.firstIndex(of: escapes.mark) else { return nil }
        var result = TextReading(bytes: Array(bytes[..<first]))
        result.bytes.reserveCapacity(bytes.count)
        var origins = (0..<first).map { start(of: $0) }
        var position = first
        while position < bytes.count {
            let origin = start(of: position)
            if bytes[position] == escapes.mark, let (value, length) = escapes.read(bytes, position) {
                result.bytes += value
                origins += Array(repeating: origin, count: value.count)
                position += length
            } else {
                result.bytes.append(bytes[position])
                origins.append(origin)
                position += 1
            }
        }
        guard result.bytes.count < bytes.count else { return nil }
        origins.append(start(of: bytes.count))
        result.starts = origins
        return result
    }

    private func start(of position: Int) -> UInt32 {
        starts.map { $0[position] } ?? UInt32(truncatingIfNeeded: position)
    }
}

extension TextReading {
    private init(bytes: [UInt8]) {
        self.bytes = bytes
        starts = nil
    }
}

/// How an encoding writes a byte or a character in another way; every way is longer than what it stands for.
private struct Escapes {
    /// What each begins with.
    let mark: UInt8
    /// What stands at a position, and the length of the escape; nil where there is none.
    let read: (_ bytes: [UInt8], _ position: Int) -> ([UInt8], Int)?

    static var all: [Escapes] { [json, percent, pointer] }

    private static var percent: Escapes {
        Escapes(mark: UInt8(ascii: "%")) { bytes, position in
            number(bytes, position + 1, digits: 2).map { ([UInt8(truncatingIfNeeded: $0)], 3) }
        }
    }

    private static var pointer: Escapes {
        Escapes(mark: UInt8(ascii: "~")) { bytes, position in
            guard position + 1 < bytes.count else { return nil }
            switch bytes[position + 1] {
            case UInt8(ascii: "0"): return ([UInt8(ascii: "~")], 2)
            case UInt8(ascii: "1"): return ([UInt8(ascii: "/")], 2)
            default: return nil
            }
        }
    }

    private static var json: Escapes {
        Escapes(mark: UInt8(ascii: "\\")) { bytes, position in
            guard position + 1 < bytes.count else { return nil }
            switch bytes[position + 1] {
            case UInt8(ascii: "b"): return ([0x08], 2)
            case UInt8(ascii: "t"): return ([0x09], 2)
            case UInt8(ascii: "n"): return ([0x0A], 2)
            case UInt8(ascii: "f"): return ([0x0C], 2)
            case UInt8(ascii: "r"): return ([0x0D], 2)
            case UInt8(ascii: "u"): return character(bytes, position)
            case let byte where byte < 0x80 && !isLetterOrDigit(byte): return ([byte], 2)
            default: return nil
            }
        }
    }

    /// `\uXXXX`, or two of them for one character.
    private static func character(_ bytes: [UInt8], _ position: Int) -> ([UInt8], Int)? {
        guard let unit = number(bytes, position + 2, digits: 4) else { return nil }
        if let scalar = Unicode.Scalar(unit) { return (Array(Character(scalar).utf8), 6) }
        guard (0xD800..<0xDC00).contains(unit), position + 7 < bytes.count,
            bytes[position + 6] == UInt8(ascii: "\\"), bytes[position + 7] == UInt8(ascii: "u"),
            let low = number(bytes, position + 8, digits: 4), (0xDC00..<0xE000).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        else { return nil }
        return (Array(Character(scalar).utf8), 12)
    }

    /// A number of so many hexadecimal digits.
    private static func number(_ bytes: [UInt8], _ position: Int, digits: Int) -> UInt32? {
        guard position + digits <= bytes.count else { return nil }
        var number: UInt32 = 0
        for byte in bytes[position..<position + digits] {
            switch byte {
            case 0x30...0x39: number = number << 4 | UInt32(byte - 0x30)
            case 0x41...0x46: number = number << 4 | UInt32(byte - 0x41 + 10)
            case 0x61...0x66: number = number << 4 | UInt32(byte - 0x61 + 10)
            default: return nil
            }
        }
        return number
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
