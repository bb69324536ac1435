/// Reads any column of whole numbers, dates, times or decimals as 128 bits.
struct IntegerReader {
    private enum Width { case int8, int16, int32, int64, uint8, uint16, uint32, uint64, wide, bits }
    private let values: UnsafeRawPointer
    private let width: Width

    init?(_ column: Column) {
        values = column.values.pointer
        switch column.type {
        case .int8: width = .int8
        case .int16: width = .int16
        case .int32, .date32: width = .int32
        case .int64, .time64, .timestamp: width = .int64
        case .uint8: width = .uint8
        case .uint16: width = .uint16
        case .uint32: width = .uint32
        case .uint64: width = .uint64
        case .decimal128: width = .wide
        case .bool: width = .bits
        default: return nil
        }
    }

    @inline(__always)
    subscript(row: Int) -> Int128 {
        switch width {
        case .int8: Int128(values.load(fromByteOffset: row, as: Int8.self))
        case .int16: Int128(values.load(fromByteOffset: row &* 2, as: Int16.self))
        case .int32: Int128(values.load(fromByteOffset: row &* 4, as: Int32.self))
        case .int64: Int128(values.load(fromByteOffset: row &* 8, as: Int64.self))
        case .uint8: Int128(values.load(fromByteOffset: row, as: UInt8.self))
        case .uint16: Int128(values.load(fromByteOffset: row &* 2, as: UInt16.self))
        case .uint32: Int128(values.load(fromByteOffset: row &* 4, as: UInt32.self))
        case .uint64: Int128(values.load(fromByteOffset: row &* 8, as: UInt64.self))
        case .wide:
            Int128(values.loadUnaligned(fromByteOffset: row &* 16 &+ 8, as: Int64.self)) << 64
                | Int128(values.loadUnaligned(fromByteOffset: row &* 16, as: UInt64.self))
        case .bits: Bits.isSet(values, row) ? 1 : 0
        }
    }
}

/// Reads a float column as doubles.
struct FloatReader {
    private let values: UnsafeRawPointer
    private let isSingle: Bool

    init?(_ column: Column) {
        guard column.type.isFloat else { return nil }
        values = column.values.pointer
        isSingle = column.type == .float32
    }

    @inline(__always)
    subscript(row: Int) -> Double {
        isSingle
            ? Double(values.load(fromByteOffset: row &* 4, as: Float.self))
            : values.load(fromByteOffset: row &* 8, as: Double.self)
    }
}
