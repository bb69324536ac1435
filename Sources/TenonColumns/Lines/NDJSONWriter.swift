internal import TenonBatches
package import TenonModel

/// Writes batches as lines of JSON, by the contract of `tenon/records.h`.
package struct NDJSONWriter {
    /// One object a row, each line ended by LF. Throws where a float is not a number or infinite.
    package static func lines(of batch: Batch) throws(TenonError) -> [UInt8] {
        let keys = batch.schema.fields.map { Array((JSONText.quoted($0.name) + ":").utf8) }
        var text: [UInt8] = []
        text.reserveCapacity(batch.byteCount * 2)
        for row in 0..<batch.rowCount {
            text.append(UInt8(ascii: "{"))
            for (index, column) in batch.columns.enumerated() {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                text.append(contentsOf: keys[index])
                try column.appendJSON(row: row, column: batch.schema.fields[index].name, to: &text)
            }
            text.append(UInt8(ascii: "}"))
            text.append(0x0A)
        }
        return text
    }
}

extension Column {
    /// Appends the value of a row as JSON text.
    func appendJSON(row: Int, column name: String, to text: inout [UInt8]) throws(TenonError) {
        if isNull(at: row) { return text.append(contentsOf: "null".utf8) }
        switch type {
        case .null: text.append(contentsOf: "null".utf8)
        case .bool: text.append(contentsOf: bool(at: row) ? "true".utf8 : "false".utf8)
        case .float32: try Self.append(pointer(Float.self)[row], name, to: &text)
        case .float64: try Self.append(pointer(Double.self)[row], name, to: &text)
        case .utf8: JSONText.appendQuoted(bytes(at: row), to: &text)
        case .json: Self.append(json: bytes(at: row), to: &text)
        case .binary, .decimal128, .date32, .time64, .timestamp:
            text.append(UInt8(ascii: "\""))
            appendText(row: row, to: &text)
            text.append(UInt8(ascii: "\""))
        default: appendText(row: row, to: &text)
        }
    }

    /// Appends a value that is not null as plain text, without quotes: `12.50`, `2026-01-31`, base64.
    func appendText(row: Int, to text: inout [UInt8]) {
        switch type {
        case .null: break
        case .bool: text.append(contentsOf: bool(at: row) ? "true".utf8 : "false".utf8)
        case .int8: text.append(contentsOf: String(pointer(Int8.self)[row]).utf8)
        case .int16: text.append(contentsOf: String(pointer(Int16.self)[row]).utf8)
        case .int32: text.append(contentsOf: String(pointer(Int32.self)[row]).utf8)
        case .int64: text.append(contentsOf: String(pointer(Int64.self)[row]).utf8)
        case .uint8: text.append(contentsOf: String(pointer(UInt8.self)[row]).utf8)
        case .uint16: text.append(contentsOf: String(pointer(UInt16.self)[row]).utf8)
        case .uint32: text.append(contentsOf: String(pointer(UInt32.self)[row]).utf8)
        case .uint64: text.append(contentsOf: String(pointer(UInt64.self)[row]).utf8)
        case .float32: text.append(contentsOf: "\(pointer(Float.self)[row])".utf8)
        case .float64: text.append(contentsOf: "\(pointer(Double.self)[row])".utf8)
        case .decimal128(_, let scale):
            text.append(contentsOf: Decimal128.text(decimal(at: row), scale: scale).utf8)
        case .utf8, .json: text.append(contentsOf: bytes(at: row))
        case .binary: Base64.encode(bytes(at: row), into: &text)
        case .date32: text.append(contentsOf: TimeText.date(pointer(Int32.self)[row]).utf8)
        case .time64: text.append(contentsOf: TimeText.time(pointer(Int64.self)[row]).utf8)
        case .timestamp(let isUTC):
            text.append(contentsOf: TimeText.timestamp(pointer(Int64.self)[row], isUTC: isUTC).utf8)
        }
    }

    private static func append<T: BinaryFloatingPoint & CustomStringConvertible>(
        _ value: T, _ name: String, to text: inout [UInt8]
    ) throws(TenonError) {
        guard value.isFinite else {
            throw TenonError(
                .batchLines,
                "The column \"\(name)\" has the value \(value), which JSON cannot carry. Filter such rows.")
        }
        text.append(contentsOf: value.description.utf8)
    }

    /// JSON text as it is, on one line; what is no JSON after all is written as a string.
    private static func append(json: UnsafeRawBufferPointer, to text: inout [UInt8]) {
        var scanner = JSONScanner(json)
        let isJSON = (try? scanner.value(maxDepth: Limits.jsonDepth)) != nil && scanner.isAtEnd()
        guard isJSON else { return JSONText.appendQuoted(json, to: &text) }
        // Outside of strings, where alone they may stand, line ends mean no more than spaces.
        for byte in json { text.append(byte == 0x0A || byte == 0x0D ? 0x20 : byte) }
    }
}
