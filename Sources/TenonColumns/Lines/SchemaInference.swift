internal import TenonBatches
internal import TenonModel

/// Finds out the columns of lines of JSON. Types only widen: int → double → text; what mixes values and
/// containers is json; a column of nothing but nulls is text.
struct SchemaInference {
    private struct Seen {
        var kind: Kind = .nothing
        /// An integer that a double cannot carry.
        var hasLargeInteger = false
        var hasNegative = false
    }
    private enum Kind { case nothing, bool, int, uint, double, text, json }

    private var names: [String] = []
    private var positions: [String: Int] = [:]
    private var seen: [Seen] = []

    /// Looks at one line; a line that is no object is left out here and rejected when it is read.
    mutating func add(_ line: UnsafeRawBufferPointer) {
        var scanner = JSONScanner(line)
        do {
            try scanner.expect(UInt8(ascii: "{"))
            if scanner.skip(UInt8(ascii: "}")) { return }
            while true {
                let key = try scanner.string()
                let name = try JSONText.string(key, in: scanner)
                try scanner.expect(UInt8(ascii: ":"))
                let kind = try scanner.peek()
                let value = try scanner.value(maxDepth: Limits.jsonDepth)
                note(kind, scanner.bytes(of: value), position(of: name))
                if scanner.skip(UInt8(ascii: "}")) { return }
                try scanner.expect(UInt8(ascii: ","))
            }
        } catch {
            return
        }
    }

    var schema: Schema {
        Schema(zip(names, seen).map { Field($0, Self.type(of: $1)) })
    }

    private mutating func position(of name: String) -> Int {
        if let position = positions[name] { return position }
        positions[name] = names.count
        names.append(name)
        seen.append(Seen())
        return names.count - 1
    }

    private mutating func note(_ kind: JSONScanner.Kind, _ text: UnsafeRawBufferPointer, _ position: Int) {
        switch kind {
        case .null: break
        case .bool: widen(position, .bool)
        case .string: widen(position, .text)
        case .array, .object: widen(position, .json)
        case .number:
            let isNegative = text[0] == UInt8(ascii: "-")
            if isNegative { seen[position].hasNegative = true }
            if let value = NumberText.int64(text) {
                if value.magnitude > 1 << 53 { seen[position].hasLargeInteger = true }
                widen(position, .int)
            } else if NumberText.uint64(text) != nil {
                seen[position].hasLargeInteger = true
                widen(position, .uint)
            } else {
                widen(position, NumberText.exactDouble(text) == nil ? .text : .double)
            }
        }
    }

    private mutating func widen(_ position: Int, _ kind: Kind) {
        let known = seen[position].kind
        seen[position].kind =
            switch (known, kind) {
            case (.nothing, _): kind
            case _ where known == kind: kind
            case (.json, _), (_, .json): .json
            case (.int, .uint), (.uint, .int): .uint
            case (.int, .double), (.double, .int), (.uint, .double), (.double, .uint): .double
            default: .text
            }
    }

    private static func type(of seen: Seen) -> ColumnType {
        switch seen.kind {
        case .nothing, .text: .utf8
        case .bool: .bool
        case .int: .int64
        case .uint: seen.hasNegative ? .utf8 : .uint64
        case .double: seen.hasLargeInteger ? .utf8 : .float64
        case .json: .json
        }
    }
}
