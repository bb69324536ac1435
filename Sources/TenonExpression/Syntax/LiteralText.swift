/// Writes constants as expressions have them.
enum LiteralText {
    static func print(_ value: Value) -> String {
        switch value {
        case .string(let text): "\"" + escaped(text) + "\""
        case .bytes(let bytes): "b\"" + escaped(bytes) + "\""
        case .uint(let value): "\(value)u"
        case .double(let value): "\(value)"
        case .bool(let value): value ? "true" : "false"
        case .int(let value): "\(value)"
        case .type(let type): name(of: type)
        default: "null"
        }
    }

    /// As host mode knows it beside `type(x)`.
    private static func name(of type: ValueType) -> String {
        switch type.name {
        case "google.protobuf.Timestamp": "timestamp"
        case "google.protobuf.Duration": "duration"
        default: type.name
        }
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    result += "\\u" + hex(scalar.value, 4)
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }

    private static func escaped(_ bytes: [UInt8]) -> String {
        var result = ""
        for byte in bytes {
            if (0x20..<0x7F).contains(byte), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                result += "\\x" + hex(UInt32(byte), 2)
            }
        }
        return result
    }

    private static func hex(_ value: UInt32, _ digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
}
