internal import TenonBatches
internal import TenonModel

/// Reads lines into the columns of one schema.
struct LineParser {
    let schema: Schema
    private(set) var rowCount = 0
    private var keys: KeyIndex
    private let builders: [ColumnBuilder]
    private var unescaped: [UInt8] = []

    init(_ schema: Schema) {
        self.schema = schema
        keys = KeyIndex(schema.names)
        builders = schema.fields.map { ColumnBuilder($0.type) }
    }

    var byteCount: Int { builders.reduce(0) { $0 + $1.byteCount } }

    mutating func finish() -> Batch {
        defer { rowCount = 0 }
        return Batch(schema: schema, columns: builders.map { $0.finish() }, rowCount: rowCount)
    }

    /// Appends one row, or nothing where the line does not fit.
    mutating func read(_ line: UnsafeRawBufferPointer) throws(LineMisfit) {
        var scanner = JSONScanner(line)
        do throws(LineMisfit) {
            try readObject(&scanner)
            guard scanner.isAtEnd() else { throw LineMisfit("there is text after the object") }
            try fillMissing()
        } catch {
            for builder in builders { builder.truncate(to: rowCount) }
            throw error
        }
        rowCount += 1
    }

    private mutating func readObject(_ scanner: inout JSONScanner) throws(LineMisfit) {
        keys.startRow()
        do {
            guard try scanner.peek() == .object else { throw LineMisfit("the line is not a JSON object") }
            try scanner.expect(UInt8(ascii: "{"))
            if scanner.skip(UInt8(ascii: "}")) { return }
            while true {
                let key = try scanner.string()
                let position = try position(of: key, in: scanner)
                try scanner.expect(UInt8(ascii: ":"))
                if let position {
                    try readValue(&scanner, position)
                } else if try scanner.peek() == .null {
                    try scanner.null()
                } else {
                    let name = try JSONText.string(key, in: scanner)
                    throw LineMisfit("the field \"\(name)\" is not one of the stream's columns")
                }
                if scanner.skip(UInt8(ascii: "}")) { return }
                try scanner.expect(UInt8(ascii: ","))
            }
        } catch let error as JSONScanError {
            throw LineMisfit("the line is not valid JSON: \(error.problem) at byte \(scanner.position + 1)")
        } catch let error as LineMisfit {
            throw error
        } catch {
            throw LineMisfit("\(error)")
        }
    }

    private mutating func position(of key: JSONScanner.Token, in scanner: JSONScanner) throws(JSONScanError)
        -> Int?
    {
        guard key.isComplex else { return keys.position(of: scanner.bytes(of: key)) }
        unescaped.removeAll(keepingCapacity: true)
        try scanner.unescape(key, into: &unescaped)
        return unescaped.withUnsafeBytes { keys.position(of: $0) }
    }

    private func fillMissing() throws(LineMisfit) {
        for (position, builder) in builders.enumerated() where builder.count == rowCount {
            guard schema.fields[position].isNullable else {
                throw LineMisfit("the field \"\(schema.fields[position].name)\" is missing")
            }
            builder.appendNull()
        }
    }

    private mutating func readValue(_ scanner: inout JSONScanner, _ position: Int) throws {
        let builder = builders[position]
        guard builder.count == rowCount else {
            throw LineMisfit("the field \"\(schema.fields[position].name)\" occurs twice")
        }
        let kind = try scanner.peek()
        if kind == .null {
            try scanner.null()
            guard schema.fields[position].isNullable else { throw misfit(position, kind) }
            return builder.appendNull()
        }
        let isTaken: Bool
        switch kind {
        case .bool: isTaken = append(try scanner.bool(), to: builder)
        case .number: isTaken = builder.append(number: scanner.bytes(of: try scanner.number()))
        case .string: isTaken = try append(try scanner.string(), scanner, to: builder)
        default:
            let value = try scanner.value(maxDepth: Limits.jsonDepth)
            isTaken = builder.type == .json && builder.append(scanner.bytes(of: value))
        }
        guard isTaken else { throw misfit(position, kind) }
    }

    private func append(_ value: Bool, to builder: ColumnBuilder) -> Bool {
        switch builder.type {
        case .bool:
            builder.append(value)
            return true
        case .utf8, .json: return builder.append(value ? "true" : "false")
        default: return false
        }
    }

    private mutating func append(
        _ token: JSONScanner.Token, _ scanner: JSONScanner, to builder: ColumnBuilder
    ) throws -> Bool {
        if builder.type == .json {
            let quoted = scanner.bytes[(token.start - 1)..<(token.end + 1)]
            return builder.append(UnsafeRawBufferPointer(rebasing: quoted))
        }
        guard token.isComplex else { return builder.append(text: scanner.bytes(of: token)) }
        unescaped.removeAll(keepingCapacity: true)
        try scanner.unescape(token, into: &unescaped)
        return unescaped.withUnsafeBytes { builder.append(text: $0) }
    }

    private func misfit(_ position: Int, _ kind: JSONScanner.Kind) -> LineMisfit {
        let field = schema.fields[position]
        return LineMisfit("the value of \"\(field.name)\" (\(kind)) does not fit the type \(field.type.name)")
    }
}
