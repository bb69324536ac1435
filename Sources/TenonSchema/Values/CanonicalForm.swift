internal import TenonJSON
internal import TenonModel

extension JSON {
    /// Bytes that are the same for values that JSON Schema calls equal: keys in order, numbers by their
    /// value.
    var canonicalForm: [UInt8] {
        var bytes: [UInt8] = []
        appendCanonicalForm(to: &bytes)
        return bytes
    }

    private func appendCanonicalForm(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .int, .uint, .double, .number:
            bytes.append(contentsOf: (ExactDecimal(self)?.canonicalText ?? "nan").utf8)
        case .string(let text): JSONWriter.appendQuoted(text, to: &bytes)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for element in elements {
                element.appendCanonicalForm(to: &bytes)
                bytes.append(UInt8(ascii: ","))
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let object):
            bytes.append(UInt8(ascii: "{"))
            for member in object.members.sorted(by: { $0.key.utf8Precedes($1.key) }) {
                JSONWriter.appendQuoted(member.key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.appendCanonicalForm(to: &bytes)
                bytes.append(UInt8(ascii: ","))
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }
}
