internal import TenonBatches
package import TenonModel

extension Batch {
    /// The same records with the types of `schema`, whose names must be these in this order. Only exact casts
    /// succeed.
    package func cast(to schema: Schema) throws(TenonError) -> Batch {
        if schema == self.schema { return self }
        guard schema.names == self.schema.names else {
            throw TenonError(
                .batchCast,
                "Records with the fields \(self.schema.names) cannot become ones with \(schema.names).")
        }
        var cast: [Column] = []
        for (field, column) in zip(schema.fields, columns) {
            let result = try column.cast(to: field.type, name: field.name)
            guard field.isNullable || result.nullCount == 0 else {
                throw TenonError(
                    .batchCast, "The field \"\(field.name)\" has no value in some records and must have one.")
            }
            cast.append(result)
        }
        return Batch(schema: schema, columns: cast, rowCount: rowCount)
    }
}

extension Column {
    /// The same values as `target`; `name` is for messages.
    package func cast(to target: ColumnType, name: String) throws(TenonError) -> Column {
        if target == type { return self }
        if nullCount == count { return .nulls(target, count: count) }
        let builder = ColumnBuilder(target)
        var text: [UInt8] = []
        for row in 0..<count {
            if isNull(at: row) {
                builder.appendNull()
                continue
            }
            guard append(row, to: builder, &text) else {
                text.removeAll(keepingCapacity: true)
                appendText(row: row, to: &text)
                let value = String(decoding: text.prefix(100), as: UTF8.self)
                throw TenonError(
                    .batchCast, "The value \(value) of \"\(name)\" does not fit the type \(target.name).",
                    context: ["field": name, "row": "\(row)"])
            }
        }
        return builder.finish()
    }

    private func append(_ row: Int, to builder: ColumnBuilder, _ text: inout [UInt8]) -> Bool {
        let target = builder.type
        if type.isInteger || type == .bool, target.isInteger, let reader = IntegerReader(self) {
            return builder.append(integer: reader[row])
        }
        if let reader = FloatReader(self), target == .float64 {
            builder.append(fixed: reader[row])
            return true
        }
        if type.isInteger, target == .float64, let reader = IntegerReader(self) {
            let value = Double(reader[row])
            guard Int128(exactly: value) == reader[row] else { return false }
            builder.append(fixed: value)
            return true
        }
        text.removeAll(keepingCapacity: true)
        if target == .json {
            // `try?`: what has no JSON, such as infinity, does not fit; the caller says which row and column.
            guard (try? appendJSON(row: row, column: "", to: &text)) != nil else { return false }
            return text.withUnsafeBytes { builder.append($0) as Bool }
        }
        if type == .json { return appendJSONValue(row, to: builder, &text) }
        appendText(row: row, to: &text)
        return text.withUnsafeBytes { text in
            if target == .utf8 || target == .binary && type == .utf8 { return builder.append(text) as Bool }
            if target == .bool { return builder.append(boolText: text) }
            return type == .utf8 && !target.isNumeric || !type.isNumeric && type != .utf8
                ? builder.append(text: text) : builder.append(checkedNumber: text)
        }
    }

    /// A JSON text becomes what it stands for: a string its text, a number a number. What is no JSON
    /// fits nowhere.
    private func appendJSONValue(_ row: Int, to builder: ColumnBuilder, _ text: inout [UInt8]) -> Bool {
        var scanner = JSONScanner(bytes(at: row))
        guard let kind = try? scanner.peek() else { return false }
        if kind == .string {
            guard let token = try? scanner.string(), (try? scanner.unescape(token, into: &text)) != nil else {
                return false
            }
            return text.withUnsafeBytes { builder.append(text: $0) }
        }
        if kind == .null {
            builder.appendNull()
            return true
        }
        let json = bytes(at: row)
        if builder.type == .bool { return builder.append(boolText: json) }
        if builder.type == .utf8 { return builder.append(json) as Bool }
        return kind == .number && builder.append(checkedNumber: json)
    }
}

extension ColumnBuilder {
    fileprivate func append(boolText text: UnsafeRawBufferPointer) -> Bool {
        switch String(decoding: text, as: UTF8.self) {
        case "true", "1": append(true)
        case "false", "0": append(false)
        default: return false
        }
        return true
    }

    /// Appends a number from text that may be anything; false where it is none, for whatever reason.
    fileprivate func append(checkedNumber text: UnsafeRawBufferPointer) -> Bool {
        var scanner = JSONScanner(text)
        guard (try? scanner.number()) != nil, scanner.position == text.count else { return false }
        return append(number: text)
    }
}
