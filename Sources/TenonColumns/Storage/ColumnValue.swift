internal import TenonBatches

/// One value of a column, for work that goes record by record. Kernels do not use it.
package enum ColumnValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    /// Also decimals, dates, times and binary, as lines of JSON write them.
    case text(String)
    case json(String)
}

extension Column {
    package func value(at row: Int) -> ColumnValue {
        if isNull(at: row) { return .null }
        switch type {
        case .null: return .null
        case .bool: return .bool(bool(at: row))
        case .int8, .int16, .int32, .int64:
            return .int(IntegerReader(self).map { Int64(truncatingIfNeeded: $0[row]) } ?? 0)
        case .uint8, .uint16, .uint32, .uint64:
            return .uint(IntegerReader(self).map { UInt64(truncatingIfNeeded: $0[row]) } ?? 0)
        case .float32, .float64: return .double(FloatReader(self).map { $0[row] } ?? 0)
        case .utf8: return .text(string(at: row))
        case .json: return .json(string(at: row))
        case .decimal128, .binary, .date32, .time64, .timestamp:
            var text: [UInt8] = []
            appendText(row: row, to: &text)
            return .text(String(decoding: text, as: UTF8.self))
        }
    }
}

extension ColumnBuilder {
    /// Appends `value`; false where it does not fit the type.
    package func append(value: ColumnValue) -> Bool {
        switch value {
        case .null: appendNull()
        case .bool(let value):
            guard type == .bool else { return append(text: value ? "true" : "false", isNumber: false) }
            append(value)
        case .int(let value):
            if append(integer: Int128(value)) { return true }
            return append(text: String(value), isNumber: true)
        case .uint(let value):
            if append(integer: Int128(value)) { return true }
            return append(text: String(value), isNumber: true)
        case .double(let value):
            if type == .float64 {
                append(fixed: value)
                return true
            }
            return value.isFinite && append(text: value.description, isNumber: true)
        case .text(let text):
            guard type == .json else { return append(text: text, isNumber: false) }
            return append(JSONText.quoted(text)) as Bool
        case .json(let text): return type == .json && append(text) as Bool
        }
        return true
    }

    private func append(text: String, isNumber: Bool) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            let bytes = UnsafeRawBufferPointer(bytes)
            if isNumber { return append(number: bytes) }
            return type == .json ? append(bytes) as Bool : append(text: bytes)
        }
    }
}
