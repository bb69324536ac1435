package import TenonModel

/// What an aggregation works out.
package enum AggregateOperation: String, Sendable, CaseIterable {
    case sum, count, countDistinct, avg, min, max, first, last

    /// Whether the result over nothing is 0 instead of null.
    package var isCount: Bool { self == .count || self == .countDistinct }

    /// The type of the result over a column of `type`, or nil where there is none.
    package func resultType(_ type: ColumnType) -> ColumnType? {
        switch self {
        case .count, .countDistinct: return .int64
        case .first, .last: return type
        case .min, .max:
            return type == .json || type == .binary ? nil : type
        case .sum:
            if type.isSignedInteger { return .int64 }
            if type.isUnsignedInteger { return .uint64 }
            if case .decimal128(_, let scale) = type { return .decimal128(precision: 38, scale: scale) }
            return type.isFloat ? .float64 : type == .null ? .null : nil
        case .avg:
            if case .decimal128(_, let scale) = type {
                return .decimal128(precision: 38, scale: Swift.max(scale, 6))
            }
            return type.isNumeric ? .float64 : type == .null ? .null : nil
        }
    }
}

/// One aggregation over groups that are numbered from 0. Nulls are skipped; over nothing the result is null,
/// a count 0.
package final class Aggregate {
    private let operation: AggregateOperation
    private let name: String
    private let type: ColumnType
    private let resultType: ColumnType
    private var counts: [Int64] = []
    private var integers: [Int128] = []
    private var floats: [Double] = []
    private var texts: [[UInt8]] = []
    private var textByteCount = 0
    private let maxBytes: Int
    private let distinct: GroupTable?
    /// A sum left 128 bits, which only decimals can.
    private var hasOverflowed = false

    /// `type` is that of the column, `name` for messages. Nil where the operation cannot take the type.
    package init?(
        _ operation: AggregateOperation, type: ColumnType, name: String,
        maxBytes: Int = ColumnLimits.aggregateBytes
    ) {
        guard let resultType = operation.resultType(type) else { return nil }
        self.operation = operation
        self.name = name
        self.type = type
        self.resultType = resultType
        self.maxBytes = maxBytes
        distinct = operation == .countDistinct ? GroupTable([]) : nil
    }

    /// Adds rows of a batch: `groups[i]` is the group of `rows[i]` (nil: of row i).
    package func add(
        _ column: Column?, groups: [Int32], rows: [Int32]?, groupCount: Int
    ) throws(TenonError) {
        reserve(groupCount)
        guard let column else {
            for group in groups { counts[Int(group)] &+= 1 }
            return
        }
        switch operation {
        case .count: forEachValue(column, groups, rows) { _, _ in }
        case .countDistinct: try addDistinct(column, groups, rows)
        case .sum, .avg:
            if let reader = IntegerReader(column) {
                forEachValue(column, groups, rows) { group, row in
                    let (sum, isTooLarge) = integers[group].addingReportingOverflow(reader[row])
                    integers[group] = sum
                    hasOverflowed = hasOverflowed || isTooLarge
                }
            } else if let reader = FloatReader(column) {
                forEachValue(column, groups, rows) { group, row in floats[group] += reader[row] }
            }
        case .min, .max, .first, .last:
            choose(column, groups, rows)
            guard textByteCount <= maxBytes else {
                throw TenonError(
                    .batchLimit,
                    "The \(operation.rawValue) of \"\(name)\" has to keep more than "
                        + "\(maxBytes >> 20) MiB of text; group by fewer fields.")
            }
        }
    }

    private func reserve(_ groupCount: Int) {
        let more = groupCount - counts.count
        guard more > 0 else { return }
        counts.append(contentsOf: repeatElement(0, count: more))
        // Only what the operation fills: there may be millions of groups.
        if operation.isCount { return }
        if type.layout == .variable {
            texts.append(contentsOf: repeatElement([], count: more))
        } else if type.isFloat {
            floats.append(contentsOf: repeatElement(0, count: more))
        } else {
            integers.append(contentsOf: repeatElement(0, count: more))
        }
    }

    /// Calls `body` with group and row of each value, and counts it afterwards.
    @inline(__always)
    private func forEachValue(
        _ column: Column, _ groups: [Int32], _ rows: [Int32]?, _ body: (Int, Int) -> Void
    ) {
        for position in 0..<groups.count {
            let row = rows.map { Int($0[position]) } ?? position
            guard !column.isNull(at: row) else { continue }
            let group = Int(groups[position])
            body(group, row)
            counts[group] &+= 1
        }
    }

    private func addDistinct(_ column: Column, _ groups: [Int32], _ rows: [Int32]?) throws(TenonError) {
        guard let distinct else { return }
        var key: [UInt8] = []
        for position in 0..<groups.count {
            let row = rows.map { Int($0[position]) } ?? position
            guard !column.isNull(at: row) else { continue }
            key.removeAll(keepingCapacity: true)
            withUnsafeBytes(of: groups[position]) { key.append(contentsOf: $0) }
            column.appendKey(row: row, to: &key)
            if try distinct.number(ofKey: key).isNew { counts[Int(groups[position])] &+= 1 }
        }
    }

    private func choose(_ column: Column, _ groups: [Int32], _ rows: [Int32]?) {
        let operation = operation
        if let reader = IntegerReader(column) {
            forEachValue(column, groups, rows) { group, row in
                let value = reader[row]
                if Self.replaces(operation, counts[group] == 0, isLess: value < integers[group]) {
                    integers[group] = value
                }
            }
        } else if let reader = FloatReader(column) {
            forEachValue(column, groups, rows) { group, row in
                let value = reader[row]
                if Self.replaces(operation, counts[group] == 0, isLess: value < floats[group]) {
                    floats[group] = value
                }
            }
        } else if column.type.layout == .variable {
            forEachValue(column, groups, rows) { group, row in
                let value = column.bytes(at: row)
                let isLess = texts[group].withUnsafeBytes { ByteOrder.compare(value, $0) < 0 }
                if Self.replaces(operation, counts[group] == 0, isLess: isLess) {
                    textByteCount += value.count - texts[group].count
                    texts[group] = Array(value)
                }
            }
        }
    }

    /// For equal values either may stay.
    @inline(__always)
    private static func replaces(_ operation: AggregateOperation, _ isFirst: Bool, isLess: Bool) -> Bool {
        switch operation {
        case .min: isFirst || isLess
        case .max: isFirst || !isLess
        case .first: isFirst
        default: true
        }
    }

    // MARK: Results

    /// The result of each of `groupCount` groups. Throws where an integer sum leaves its type.
    package func finish(groupCount: Int) throws(TenonError) -> Column {
        guard !hasOverflowed else { throw overflow() }
        reserve(groupCount)
        let builder = ColumnBuilder(resultType)
        for group in 0..<groupCount {
            if operation.isCount {
                builder.append(fixed: counts[group])
            } else if counts[group] == 0 {
                builder.appendNull()
            } else if operation == .avg {
                try appendAverage(group, to: builder)
            } else {
                try appendValue(group, to: builder)
            }
        }
        return builder.finish()
    }

    private func appendAverage(_ group: Int, to builder: ColumnBuilder) throws(TenonError) {
        guard case .decimal128(_, let scale) = type, case .decimal128(_, let resultScale) = resultType else {
            let sum = type.isFloat ? floats[group] : Double(integers[group])
            return builder.append(fixed: sum / Double(counts[group]))
        }
        let (scaled, isLarge) = integers[group].multipliedReportingOverflow(
            by: Decimal128.powers[resultScale - scale])
        guard !isLarge else { throw overflow() }
        let count = Int128(counts[group])
        let (quotient, rest) = scaled.quotientAndRemainder(dividingBy: count)
        // Half away from zero.
        builder.append(decimal: rest.magnitude * 2 >= count.magnitude ? quotient + scaled.signum() : quotient)
    }

    private func appendValue(_ group: Int, to builder: ColumnBuilder) throws(TenonError) {
        let value = integers.isEmpty ? 0 : integers[group]
        switch resultType {
        case .null: builder.appendNull()
        case .bool: builder.append(value != 0)
        case .float64: builder.append(fixed: floats[group])
        case .float32: builder.append(fixed: Float(floats[group]))
        case .utf8, .binary, .json: texts[group].withUnsafeBytes { _ = builder.append($0) }
        case .decimal128:
            guard value.magnitude < Decimal128.powers[38].magnitude else { throw overflow() }
            builder.append(decimal: value)
        default: guard builder.append(integer: value) else { throw overflow() }
        }
    }

    private func overflow() -> TenonError {
        TenonError(
            .batchOverflow,
            "The \(operation.rawValue) of \"\(name)\" does not fit the type \(resultType.name); nothing was rounded."
        )
    }
}

extension ColumnBuilder {
    /// Appends to a column of whole numbers, dates or times; false where the value does not fit.
    func append(integer value: Int128) -> Bool {
        func exact<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) -> Bool {
            guard let value = T(exactly: value) else { return false }
            append(fixed: value)
            return true
        }
        return switch type {
        case .int8: exact(Int8.self)
        case .int16: exact(Int16.self)
        case .int32, .date32: exact(Int32.self)
        case .int64, .time64, .timestamp: exact(Int64.self)
        case .uint8: exact(UInt8.self)
        case .uint16: exact(UInt16.self)
        case .uint32: exact(UInt32.self)
        case .uint64: exact(UInt64.self)
        default: false
        }
    }
}
