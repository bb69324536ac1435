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
            ExactDecimal(self)?.appendCanonicalForm(to: &bytes)
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

extension ExactDecimal {
    /// The same for equal numbers however they are written.
    fileprivate func appendCanonicalForm(to bytes: inout [UInt8]) {
        if isNegative { bytes.append(UInt8(ascii: "-")) }
        for digit in digits { bytes.append(digit + UInt8(ascii: "0")) }
        bytes.append(contentsOf: "e\(exponent)".utf8)
    }
}
