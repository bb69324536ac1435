internal import TenonJSON
internal import TenonModel

extension Evaluator {
    mutating func call(_ function: Function, _ nodes: [Node], at offset: Int) throws(TenonError) -> Value {
        let first = try value(of: nodes[0])
        let second = nodes.count > 1 ? try value(of: nodes[1]) : .null
        if isUnknown(first) || isUnknown(second) { return .missing }
        // Host mode: a function of null is null.
        if isHost, first.isNullOrMissing || (nodes.count > 1 && second.isNullOrMissing) { return .null }
        switch function {
        case .size:
            if case .string(let text) = first { try spend(text.utf8.count / 64) }
            return .int(Int64(try size(of: first, at: offset)))
        case .contains, .startsWith, .endsWith:
            guard case .string(let text) = first, case .string(let part) = second else {
                if isHost, function == .contains, let elements = first.elements {
                    try spendComparing(first)
                    return .bool(elements.contains { Comparison.areEqual($0, second) })
                }
                throw mismatch(function, first, at: offset)
            }
            try spend(text.utf8.count / 64)
            return .bool(TextSearch.holds(function, text, part))
        case .lowerAscii, .upperAscii, .trim:
            guard case .string(let text) = first else { throw mismatch(function, first, at: offset) }
            try spend(text.utf8.count / 64)
            return .string(TextSearch.changed(function, text))
        case .dyn: return first
        case .string, .int, .uint, .double, .bool:
            guard let value = Conversion.convert(first, by: function) else {
                throw failure("cannot make \(function.rawValue) of \(described(first))", at: offset)
            }
            return value
        }
    }

    private func described(_ value: Value) -> String {
        switch value {
        case .string(let text) where text.utf8.count <= 40: "the string \"\(text)\""
        case .int, .uint, .double, .number: "\(value.typeName) \(value.text)"
        default: "a \(value.typeName)"
        }
    }

    private func mismatch(_ function: Function, _ value: Value, at offset: Int) -> TenonError {
        failure("\(function.rawValue)() cannot take a \(value.typeName)", at: offset)
    }

    private func size(of value: Value, at offset: Int) throws(TenonError) -> Int {
        switch value {
        case .string(let text): return text.unicodeScalars.count
        case .bytes(let bytes): return bytes.count
        case .list(let values): return values.count
        case .jsonList(let elements): return elements.count
        case .map(let entries): return entries.count
        case .jsonObject(let object): return object.count
        default: throw mismatch(.size, value, at: offset)
        }
    }
}

/// Searching and changing text by bytes, without any notion of language.
private enum TextSearch {
    static func holds(_ function: Function, _ text: String, _ part: String) -> Bool {
        switch function {
        case .startsWith: text.utf8.starts(with: part.utf8)
        case .endsWith:
            text.utf8.count >= part.utf8.count && text.utf8.suffix(part.utf8.count).elementsEqual(part.utf8)
        default: ByteSearch.contains(Array(text.utf8), Array(part.utf8))
        }
    }

    static func changed(_ function: Function, _ text: String) -> String {
        switch function {
        case .lowerAscii: mapped(text) { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
        case .upperAscii: mapped(text) { (0x61...0x7A).contains($0) ? $0 - 0x20 : $0 }
        default: trimmed(text)
        }
    }

    private static func mapped(_ text: String, _ change: (UInt8) -> UInt8) -> String {
        String(decoding: text.utf8.map(change), as: UTF8.self)
    }

    private static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }
}
