internal import TenonConnectorKit

/// Values as text, the same in CSV and NDJSON: RFC 3339 for times, base64 for binary.
enum ValueText {
    /// What must be writable for a value of a fixed width.
    static let room = 64

    /// Writes a value of a fixed width that is not null, and answers how many bytes it has.
    @inline(__always)
    static func write(_ column: ColumnView, _ row: Int, to target: UnsafeMutablePointer<UInt8>) -> Int {
        switch column.kind {
        case .int64: NumberText.write(column.fixed(row, as: Int64.self), to: target)
        case .int8, .int16, .int32, .uint8, .uint16, .uint32: NumberText.write(column.int64(row), to: target)
        case .uint64: NumberText.write(column.uint64(row), to: target)
        case .float64: NumberText.write(column.fixed(row, as: Double.self), to: target)
        case .float32: NumberText.write(column.fixed(row, as: Float.self), to: target)
        case .bool: word(column.bool(row) ? "true" : "false", to: target)
        case .date32: TimeText.write(date32: column.fixed(row, as: Int32.self), to: target)
        case .time64: TimeText.write(time64: column.fixed(row, as: Int64.self), to: target)
        case .timestamp(let isUTC):
            TimeText.write(timestamp: column.fixed(row, as: Int64.self), isUTC: isUTC, to: target)
        case .decimal128(_, let scale): decimal(column.decimal(row), scale: scale, to: target)
        case .utf8, .binary, .json, .null: 0
        }
    }

    static func word(_ word: StaticString, to target: UnsafeMutablePointer<UInt8>) -> Int {
        target.update(from: word.utf8Start, count: word.utf8CodeUnitCount)
        return word.utf8CodeUnitCount
    }

    /// At most 38 digits, a point, a sign and a zero before the point.
    private static func decimal(
        _ unscaled: Int128, scale: Int, to target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        var digits: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0)
        return withUnsafeMutableBytes(of: &digits) { digits in
            var magnitude = unscaled.magnitude
            var count = 0
            repeat {
                let (quotient, digit) = magnitude.quotientAndRemainder(dividingBy: 10)
                digits[count] = UInt8(ascii: "0") + UInt8(digit)
                magnitude = quotient
                count += 1
            } while (magnitude > 0 || count <= scale) && count < 40
            var written = 0
            if unscaled < 0 {
                target[written] = UInt8(ascii: "-")
                written += 1
            }
            for index in stride(from: count - 1, through: 0, by: -1) {
                target[written] = digits[index]
                written += 1
                guard index == scale, scale > 0 else { continue }
                target[written] = UInt8(ascii: ".")
                written += 1
            }
            return written
        }
    }
}
