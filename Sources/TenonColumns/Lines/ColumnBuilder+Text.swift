internal import TenonBatches

/// Values that come as text. Each answers whether the value fits.
extension ColumnBuilder {
    /// Appends a number from its JSON text.
    func append(number text: UnsafeRawBufferPointer) -> Bool {
        switch type {
        case .int64: append(NumberText.int64(text) ?? Self.whole(text))
        case .int32: append((NumberText.int64(text) ?? Self.whole(text)).flatMap { Int32(exactly: $0) })
        case .int16: append((NumberText.int64(text) ?? Self.whole(text)).flatMap { Int16(exactly: $0) })
        case .int8: append((NumberText.int64(text) ?? Self.whole(text)).flatMap { Int8(exactly: $0) })
        case .uint64: append(NumberText.uint64(text))
        case .uint32: append(NumberText.uint64(text).flatMap { UInt32(exactly: $0) })
        case .uint16: append(NumberText.uint64(text).flatMap { UInt16(exactly: $0) })
        case .uint8: append(NumberText.uint64(text).flatMap { UInt8(exactly: $0) })
        case .float64: append(NumberText.exactDouble(text))
        case .float32:
            append(NumberText.exactDouble(text).map { Float($0) }.flatMap { $0.isFinite ? $0 : nil })
        case .decimal128: append(decimal: text)
        case .utf8, .json: append(text) as Bool
        default: false
        }
    }

    /// `2.0` and `1e3` are integers too.
    private static func whole(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard let value = NumberText.exactDouble(text), value.magnitude <= 0x1p53 else { return nil }
        return Int64(exactly: value)
    }

    private func append<T: BitwiseCopyable>(_ value: T?) -> Bool {
        guard let value else { return false }
        append(fixed: value)
        return true
    }

    private func append(decimal text: UnsafeRawBufferPointer) -> Bool {
        guard case .decimal128(let precision, let scale) = type,
            let value = Decimal128.parse(text, precision: precision, scale: scale)
        else { return false }
        append(decimal: value)
        return true
    }

    /// Appends the text of a JSON string.
    func append(text: UnsafeRawBufferPointer) -> Bool {
        switch type {
        case .utf8: append(text) as Bool
        case .binary:
            Base64.decodeExact(text).map { bytes in bytes.withUnsafeBytes { append($0) as Bool } } ?? false
        case .decimal128: append(decimal: text)
        case .date32: append(TimeText.date32(text))
        case .time64: append(TimeText.time64(text))
        case .timestamp(let isUTC): append(TimeText.timestamp(text, isUTC: isUTC))
        default: false
        }
    }
}
