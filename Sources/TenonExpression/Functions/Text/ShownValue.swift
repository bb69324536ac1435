internal import TenonJSON

/// Any value as people read it: `[a, 3.14, {key: true}]`, texts without quotes, maps in the order of keys.
struct ShownValue {
    private static let maxDepth = ExpressionLimits.outputDepth
    private let maxBytes: Int
    private var bytesLeft: Int

    init(maxBytes: Int) {
        self.maxBytes = maxBytes
        bytesLeft = maxBytes
    }

    mutating func text(of value: Value) throws(FunctionMistake) -> String {
        do throws(FunctionMistake) {
            return try text(of: value, depthLeft: Self.maxDepth)
        } catch {
            var error = error
            error.work += maxBytes - bytesLeft
            throw error
        }
    }

    private mutating func text(of value: Value, depthLeft: Int) throws(FunctionMistake) -> String {
        guard depthLeft > 0 else { throw FunctionMistake("a value is too deep to be shown") }
        switch value {
        case .list, .jsonList:
            try take(2)
            var parts: [String] = []
            for element in value.elements ?? [] {
                parts.append(try text(of: element, depthLeft: depthLeft - 1))
            }
            try take(2 * parts.count)
            return "[" + parts.joined(separator: ", ") + "]"
        case .map, .jsonObject: return try map(value, depthLeft)
        default:
            let text = try scalar(value)
            try take(text.utf8.count)
            return text
        }
    }

    private mutating func map(_ value: Value, _ depthLeft: Int) throws(FunctionMistake) -> String {
        try take(2)
        var parts: [(key: String, value: String)] = []
        for entry in value.entries ?? [] {
            let shown = try text(of: entry.value, depthLeft: depthLeft - 1)
            let key = try scalar(entry.key)
            try take(key.utf8.count)
            parts.append((key, shown))
        }
        try take(4 * parts.count)
        parts.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        return "{" + parts.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
    }

    private func scalar(_ value: Value) throws(FunctionMistake) -> String {
        switch value {
        case .missing, .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .int(let value): String(value)
        case .uint(let value): String(value)
        case .double(let value): NumberFormat.plain(value)
        case .number(let text), .string(let text): text
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        case .timestamp(let instant): instant.text
        case .duration(let nanoseconds): DurationText.print(nanoseconds)
        case .type(let type): type.name
        case .custom(let value): value.text
        case .list, .jsonList, .map, .jsonObject, .optional:
            throw FunctionMistake("\"%s\" cannot show a value of type \(value.typeName)")
        }
    }

    private mutating func take(_ byteCount: Int) throws(FunctionMistake) {
        bytesLeft -= byteCount
        guard bytesLeft >= 0 else { throw FunctionMistake.tooLarge }
    }
}

/// A text as it is written in an expression: in quotes, with escapes for what cannot be seen.
enum QuotedText {
    static func quote(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\u{07}": result += "\\a"
            case "\u{08}": result += "\\b"
            case "\u{0C}": result += "\\f"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{0B}": result += "\\v"
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
