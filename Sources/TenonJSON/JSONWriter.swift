/// Writes JSON as UTF-8 text: compact by default, or indented by two spaces.
package struct JSONWriter {
    private var bytes: [UInt8] = []
    private let isIndented: Bool

    private init(isIndented: Bool) { self.isIndented = isIndented }

    package static func bytes(_ value: JSON, isIndented: Bool = false) -> [UInt8] {
        var writer = JSONWriter(isIndented: isIndented)
        writer.write(value, depth: 0)
        return writer.bytes
    }

    private mutating func write(_ value: JSON, depth: Int) {
        switch value {
        case .null: append("null")
        case .bool(let value): append(value ? "true" : "false")
        case .int(let value):
            if value < 0 { bytes.append(UInt8(ascii: "-")) }
            append(digits: value.magnitude)
        case .uint(let value): append(digits: value)
        // JSON has no word for infinity and not-a-number.
        case .double(let value): append(value.isFinite ? "\(value)" : "null")
        case .number(let text): append(text)
        case .string(let text): Self.appendQuoted(text, to: &bytes)
        case .array(let elements):
            writeList(open: "[", close: "]", elements, depth: depth) { $0.write($1, depth: depth + 1) }
        case .object(let object):
            writeList(open: "{", close: "}", object.members, depth: depth) { writer, member in
                Self.appendQuoted(member.key, to: &writer.bytes)
                writer.append(writer.isIndented ? ": " : ":")
                writer.write(member.value, depth: depth + 1)
            }
        }
    }

    private mutating func writeList<Element>(
        open: String, close: String, _ elements: [Element], depth: Int, _ write: (inout Self, Element) -> Void
    ) {
        append(open)
        for (index, element) in elements.enumerated() {
            if index > 0 { append(",") }
            breakLine(depth + 1)
            write(&self, element)
        }
        if !elements.isEmpty { breakLine(depth) }
        append(close)
    }

    private mutating func breakLine(_ depth: Int) {
        guard isIndented else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func append(digits value: UInt64) {
        // 20 digits are the most that 64 bits have.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var rest = value
            var start = digits.count
            repeat {
                start -= 1
                digits[start] = UInt8(truncatingIfNeeded: rest % 10) + 0x30
                rest /= 10
            } while rest > 0
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: digits[start...]))
        }
    }

    /// Appends `text` as a JSON string, quotes included.
    package static func appendQuoted(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            var start = 0
            for (index, byte) in utf8.enumerated()
            where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start..<index]))
                appendEscaped(byte, to: &bytes)
                start = index + 1
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start...]))
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func appendEscaped(_ byte: UInt8, to bytes: inout [UInt8]) {
        func hexadecimal(_ digit: UInt8) -> UInt8 { digit < 10 ? digit + 0x30 : digit + 0x57 }
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0..<0x20:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(hexadecimal(byte >> 4))
            bytes.append(hexadecimal(byte & 15))
        default: bytes.append(byte)
        }
    }
}

extension JSON {
    /// Compact text.
    package var text: String { String(decoding: JSONWriter.bytes(self), as: UTF8.self) }
    /// Indented text.
    package var prettyText: String {
        String(decoding: JSONWriter.bytes(self, isIndented: true), as: UTF8.self)
    }
}
