/// How a batch lies in shared memory, format 1. Numbers are little-endian, everything begins at multiples of
/// 8.
///
///     header       u32 format · u32 columns · u64 rows · u64 bytes in all
///     columns      each: u8 type · u8 precision · u8 scale · u8 flags · u32 zero · u64 nulls ·
///                  3 x u64 bytes of validity, values, data
///     buffers      validity, values, data of each column in turn, each padded to 8 bytes
///
/// Buffers follow each other without gaps, so where one begins follows from the lengths before it and no two
/// overlap.
enum WireFormat {
    static let number: UInt32 = 1
    static let headerByteCount = 24
    static let columnByteCount = 40
    static let hasValidity: UInt8 = 1

    static func padded(_ byteCount: Int) -> Int { (byteCount + 7) & ~7 }

    struct Column: BitwiseCopyable {
        var type: UInt8
        var precision: UInt8
        var scale: UInt8
        var flags: UInt8
        var zero: UInt32 = 0
        var nullCount: UInt64
        var validityByteCount: UInt64
        var valuesByteCount: UInt64
        var dataByteCount: UInt64
    }

    struct TypeCode: Equatable {
        var type: UInt8
        var precision: UInt8 = 0
        var scale: UInt8 = 0

        init(_ type: ColumnType) {
            self.type = Self.code(of: type)
            if case .decimal128(let precision, let scale) = type {
                self.precision = UInt8(truncatingIfNeeded: precision)
                self.scale = UInt8(truncatingIfNeeded: scale)
            }
        }

        init(type: UInt8, precision: UInt8, scale: UInt8) {
            self.type = type
            self.precision = precision
            self.scale = scale
        }

        private static func code(of type: ColumnType) -> UInt8 {
            switch type {
            case .bool: 1
            case .int8: 2
            case .int16: 3
            case .int32: 4
            case .int64: 5
            case .uint8: 6
            case .uint16: 7
            case .uint32: 8
            case .uint64: 9
            case .float32: 10
            case .float64: 11
            case .decimal128: 12
            case .utf8: 13
            case .binary: 14
            case .date32: 15
            case .time64: 16
            case .timestamp(let isUTC): isUTC ? 18 : 17
            case .null: 19
            case .json: 20
            }
        }
    }
}
