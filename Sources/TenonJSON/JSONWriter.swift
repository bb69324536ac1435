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
        case .int(let value): append("\(value)")
        case .uint(let value): append("\(value)")
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
        append("\n" + String(repeating: "  ", count: depth))
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// Appends `text` as a JSON string, quotes included.
    package static func appendQuoted(_ text: String, to bytes: inout [UInt8]) {
        let hexadecimal = Array("0123456789abcdef".utf8)
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case 0..<0x20:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(contentsOf: [hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
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
