@testable import TenonColumns
import TenonTestKit

/// A table of random columns, and its values as the texts that peers.py reads.
struct RandomTable {
    let batch: Batch
    /// Row after row.
    let rows: [[String?]]

    static let types: [ColumnType] = [
        .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .float32, .float64,
        .decimal128(precision: 9, scale: 2), .decimal128(precision: 38, scale: 10), .utf8, .utf8, .binary,
        .date32, .time64, .timestamp(isUTC: false), .timestamp(isUTC: true), .null, .json,
    ]

    init(_ random: inout SeededGenerator) {
        let rowCount = [0, 1, 2, 3, 9, 40].randomElement(using: &random) ?? 0
        let columnCount = Int.random(in: 1...6, using: &random)
        var fields: [Field] = []
        var columns: [Column] = []
        for index in 0..<columnCount {
            let type = Self.types.randomElement(using: &random) ?? .bool
            let source = RandomValues(type: type, nullShare: [0, 0, 4, 1].randomElement(using: &random) ?? 0)
            fields.append(Field("c\(index)", type))
            columns.append(source.column(rowCount, &random))
        }
        batch = Batch(schema: Schema(fields), columns: columns, rowCount: rowCount)
        rows = Self.texts(of: [batch])
    }

    static func texts(of batches: [Batch], joinsZeros: Bool = false) -> [[String?]] {
        batches.flatMap { batch in
            (0..<batch.rowCount).map { row in
                batch.columns.map { $0.peerText(at: row, joinsZeros: joinsZeros) }
            }
        }
    }
}

/// Where the values of a random column come from.
struct RandomValues {
    let type: ColumnType
    /// One value in so many is null; 0 for none.
    let nullShare: Int

    private static let words = [
        "", "a", "active", "Active", "active ", "draft", "é", "日本語", "🚀 launch", "a\u{301}", "zz%_'\"\\",
        "a text that is longer than sixteen bytes", String(repeating: "long ", count: 300),
    ]
    /// Sums of these are exact in any order.
    private static let floats: [Double] = [
        0, -0.0, 1, -1, 0.25, -2.5, 1024.75, 3, .nan, .infinity, -.infinity, 1_000_000, -65536.5,
    ]

    func column(_ count: Int, _ random: inout SeededGenerator) -> Column {
        let builder = ColumnBuilder(type)
        for _ in 0..<count {
            let isNull = nullShare > 0 && Int.random(in: 0..<nullShare, using: &random) == 0
            if isNull || type == .null { builder.appendNull() } else { append(to: builder, &random) }
        }
        return builder.finish()
    }

    private func append(to builder: ColumnBuilder, _ random: inout SeededGenerator) {
        switch type {
        case .bool: builder.append(Bool.random(using: &random))
        case .float32, .float64:
            appendFloat(Self.floats.randomElement(using: &random) ?? 0, to: builder)
        case .utf8, .binary: builder.append(Self.words.randomElement(using: &random) ?? "")
        case .json:
            builder.append(["1", "\"x\"", "[1,2]", "{\"a\":null}"].randomElement(using: &random) ?? "1")
        case .decimal128(let precision, _):
            let edge = Decimal128.powers[precision] - 1
            let small = Int128.random(in: -2000...2000, using: &random)
            builder.append(decimal: [small, small, small, edge, -edge].randomElement(using: &random) ?? 0)
        default: appendInteger(to: builder, &random)
        }
    }

    private func appendFloat(_ value: Double, to builder: ColumnBuilder) {
        if type == .float32 { builder.append(fixed: Float(value)) } else { builder.append(fixed: value) }
    }

    private func appendInteger(to builder: ColumnBuilder, _ random: inout SeededGenerator) {
        func put<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type, _ range: ClosedRange<T>) {
            let edges = [range.lowerBound, range.upperBound]
            let small = T.random(in: max(range.lowerBound, T.isSigned ? 0 &- 20 : 0)...20, using: &random)
            let isEdge = Int.random(in: 0..<12, using: &random) == 0
            builder.append(fixed: isEdge ? edges.randomElement(using: &random) ?? small : small)
        }
        switch type {
        case .int8: put(Int8.self, .min ... .max)
        case .int16: put(Int16.self, .min ... .max)
        case .int32: put(Int32.self, .min ... .max)
        case .int64: put(Int64.self, .min ... .max)
        case .uint8: put(UInt8.self, .min ... .max)
        case .uint16: put(UInt16.self, .min ... .max)
        case .uint32: put(UInt32.self, .min ... .max)
        case .uint64: put(UInt64.self, .min ... .max)
        // From the year 1 to 9999, which all three can write as text.
        case .date32: put(Int32.self, -719_162...2_932_896)
        case .time64: put(Int64.self, 0...86_399_999_999)
        default: put(Int64.self, -62_135_596_800_000_000...253_402_300_799_999_999)
        }
    }
}

extension Column {
    /// A value as peers.py reads and writes it.
    func peerText(at row: Int, joinsZeros: Bool = false) -> String? {
        if isNull(at: row) { return nil }
        func raw<T>(_: T.Type) -> T { values.pointer.assumingMemoryBound(to: T.self)[row] }
        switch type {
        case .date32: return String(raw(Int32.self))
        case .time64, .timestamp: return String(raw(Int64.self))
        case .decimal128: return String(decimal(at: row))
        case .binary: return bytes(at: row).map { Self.hex(UInt64($0), 2) }.joined()
        case .utf8, .json: return string(at: row)
        default: break
        }
        switch value(at: row) {
        case .bool(let value): return value ? "true" : "false"
        case .int(let value): return String(value)
        case .uint(let value): return String(value)
        case .double(let value):
            if value.isNaN { return "nan" }
            return Self.hex((joinsZeros && value == 0 ? 0 : value).bitPattern, 16)
        default: return nil
        }
    }

    private static func hex(_ value: UInt64, _ digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
