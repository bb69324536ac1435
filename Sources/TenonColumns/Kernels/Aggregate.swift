package import TenonModel

/// What an aggregation works out.
package enum AggregateOperation: String, Sendable, CaseIterable {
    case sum, count, countDistinct, avg, min, max, first, last

    /// Whether the result over nothing is 0 instead of null.
    package var isCount: Bool { self == .count || self == .countDistinct }
    var isExtreme: Bool { self == .min || self == .max }

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
    let operation: AggregateOperation
    private let name: String
    let type: ColumnType
    private let resultType: ColumnType
    var counts: [Int64] = []
    var integers: [Int128] = []
    var floats: [Double] = []
    var texts: [[UInt8]] = []
    var textByteCount = 0
    private let maxBytes: Int
    let distinct: KeyTable?
    /// A sum left 128 bits, which only decimals can.
    var hasOverflowed = false

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
        distinct =
            operation == .countDistinct ? KeyTable(maxCount: Limits.aggregateGroups, maxBytes: maxBytes) : nil
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
        let selected = rows
        try groups.withUnsafeBufferPointer { groups throws(TenonError) in
            guard let base = groups.baseAddress else { return }
            let isSingle = groupCount == 1
            guard let selected else {
                return try add(
                    column, Rows(groups: base, rows: nil, count: groups.count, isSingle: isSingle))
            }
            try selected.withUnsafeBufferPointer { selected throws(TenonError) in
                try add(
                    column,
                    Rows(groups: base, rows: selected.baseAddress, count: groups.count, isSingle: isSingle))
            }
        }
    }

    private func add(_ column: Column, _ rows: Rows) throws(TenonError) {
        switch operation {
        case .count: counting { counts in Self.eachValue(column, rows) { group, _ in counts[group] &+= 1 } }
        case .countDistinct: try addDistinct(column, rows)
        case .sum, .avg: sum(column, rows)
        case .min, .max, .first, .last:
            choose(column, rows)
            try checkTexts()
        }
    }

    func checkTexts() throws(TenonError) {
        guard textByteCount <= maxBytes else {
            throw TenonError(
                .batchLimit,
                "The \(operation.rawValue) of \"\(name)\" has to keep more than "
                    + "\(maxBytes >> 20) MiB of text; group by fewer fields.")
        }
    }

    func reserve(_ groupCount: Int) {
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

    @inline(__always)
    private func counting(_ body: (UnsafeMutablePointer<Int64>) -> Void) {
        counts.withUnsafeMutableBufferPointer { counts in
            if let base = counts.baseAddress { body(base) }
        }
    }

    private func sum(_ column: Column, _ rows: Rows) {
        if type.isFloat {
            sumFloats(column, rows)
        } else {
            counting { counts in
                integers.withUnsafeMutableBufferPointer { integers in
                    guard let sums = integers.baseAddress else { return }
                    var isTooLarge = false
                    _ = Self.eachInteger(column, rows) { group, value in
                        let (sum, overflow) = sums[group].addingReportingOverflow(value)
                        sums[group] = sum
                        isTooLarge = isTooLarge || overflow
                        counts[group] &+= 1
                    }
                    hasOverflowed = hasOverflowed || isTooLarge
                }
            }
        }
    }

    private func sumFloats(_ column: Column, _ rows: Rows) {
        guard !rows.isSingle else {
            // In a register: through memory each addition would wait for the last one's store.
            var sum = floats[0]
            var count: Int64 = 0
            _ = Self.eachFloat(column, rows) { _, value in
                sum += value
                count &+= 1
            }
            floats[0] = sum
            counts[0] &+= count
            return
        }
        counting { counts in
            floats.withUnsafeMutableBufferPointer { floats in
                guard let sums = floats.baseAddress else { return }
                _ = Self.eachFloat(column, rows) { group, value in
                    sums[group] += value
                    counts[group] &+= 1
                }
            }
        }
    }

    private func addDistinct(_ column: Column, _ rows: Rows) throws(TenonError) {
        guard let distinct else { return }
        var key = RowKey([column])
        var hasRoom = true
        counting { counts in
            Self.eachValue(column, rows) { group, row in
                key.make(row, prefix: Int32(truncatingIfNeeded: group))
                let (number, isNew) = key.bytes.withUnsafeBytes { distinct.number(of: $0) }
                if number < 0 { hasRoom = false }
                if isNew { counts[group] &+= 1 }
            }
        }
        guard hasRoom else { throw tooManyValues() }
    }

    func tooManyValues() -> TenonError {
        TenonError(
            .batchLimit,
            "The \(operation.rawValue) of \"\(name)\" has to keep more than \(maxBytes >> 20) MiB or "
                + "\(Limits.aggregateGroups) different values.")
    }

    private func choose(_ column: Column, _ rows: Rows) {
        let operation = operation
        counting { counts in
            if type.isFloat {
                floats.withUnsafeMutableBufferPointer { floats in
                    guard let chosen = floats.baseAddress else { return }
                    _ = Self.eachFloat(column, rows) { group, value in
                        // NaN is neither less nor greater: it stays only where there is nothing else.
                        let isFirst = counts[group] == 0 || operation.isExtreme && chosen[group].isNaN
                        if Self.replaces(
                            operation, isFirst, isLess: value < chosen[group], value > chosen[group])
                        {
                            chosen[group] = value
                        }
                        counts[group] &+= 1
                    }
                }
            } else if type.layout == .variable {
                chooseText(column, rows, counts)
            } else {
                integers.withUnsafeMutableBufferPointer { integers in
                    guard let chosen = integers.baseAddress else { return }
                    _ = Self.eachInteger(column, rows) { group, value in
                        let isLess = value < chosen[group]
                        if Self.replaces(operation, counts[group] == 0, isLess: isLess, !isLess) {
                            chosen[group] = value
                        }
                        counts[group] &+= 1
                    }
                }
            }
        }
    }

    private func chooseText(_ column: Column, _ rows: Rows, _ counts: UnsafeMutablePointer<Int64>) {
        let values = TextReader(column)
        let operation = operation
        var byteCount = textByteCount
        texts.withUnsafeMutableBufferPointer { texts in
            guard let chosen = texts.baseAddress else { return }
            Self.eachValue(column, rows) { group, row in
                let value = values[row]
                let order = chosen[group].withUnsafeBytes { ByteOrder.compare(value, $0) }
                if Self.replaces(operation, counts[group] == 0, isLess: order < 0, order > 0) {
                    byteCount += value.count - chosen[group].count
                    chosen[group] = Array(value)
                }
                counts[group] &+= 1
            }
        }
        textByteCount = byteCount
    }

    /// For equal values either may stay.
    @inline(__always)
    static func replaces(
        _ operation: AggregateOperation, _ isFirst: Bool, isLess: Bool, _ isGreater: Bool
    ) -> Bool {
        switch operation {
        case .min: isFirst || isLess
        case .max: isFirst || isGreater
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
        let average = rest.magnitude * 2 >= count.magnitude ? quotient + scaled.signum() : quotient
        guard average.magnitude < Decimal128.powers[38].magnitude else { throw overflow() }
        builder.append(decimal: average)
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
