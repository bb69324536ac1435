extension Column {
    /// Those of `rows` (nil: all) for which `predicate` holds, in order.
    package func selected(_ predicate: ColumnPredicate, from rows: [Int32]?) -> [Int32] {
        select(predicate, rows, isInverted: false)
    }

    private func select(_ predicate: ColumnPredicate, _ rows: [Int32]?, isInverted: Bool) -> [Int32] {
        switch predicate {
        case .not(let inner): return select(inner, rows, isInverted: !isInverted)
        case .nothing: return chosen(rows) { _ in isInverted }
        case .isNull: return chosen(rows) { isNull(at: $0) != isInverted }
        case .bool(let value):
            return type == .bool
                ? valid(rows, isInverted) { bool(at: $0) == value } : chosen(rows) { _ in isInverted }
        case .integers(let range): return integers(rows, isInverted, range)
        case .integerSet(let set): return integers(rows, isInverted, set)
        case .floats(let low, let high):
            return floats(rows, isInverted) { value in value >= low && value <= high }
        case .floatSet(let set): return floats(rows, isInverted) { set.contains($0) }
        case .text, .textSet, .textPart:
            guard type.layout == .variable else { return chosen(rows) { _ in isInverted } }
            return text(predicate, rows, isInverted)
        }
    }

    // MARK: Loops

    @inline(__always)
    private func chosen(_ rows: [Int32]?, _ test: (Int) -> Bool) -> [Int32] {
        let capacity = rows?.count ?? count
        return [Int32](unsafeUninitializedCapacity: capacity) { target, used in
            // Each row is written and kept only where the test holds: no branch to mispredict.
            if let rows {
                for row in rows {
                    target[used] = row
                    used &+= test(Int(row)) ? 1 : 0
                }
            } else {
                for row in 0..<capacity {
                    target[used] = Int32(truncatingIfNeeded: row)
                    used &+= test(row) ? 1 : 0
                }
            }
        }
    }

    /// `test` sees only rows with a value; null passes where `isInverted`.
    @inline(__always)
    private func valid(_ rows: [Int32]?, _ isInverted: Bool, _ test: (Int) -> Bool) -> [Int32] {
        guard let validity else { return chosen(rows) { test($0) != isInverted } }
        let bits = validity.pointer
        return chosen(rows) { row in Bits.isSet(bits, row) ? test(row) != isInverted : isInverted }
    }

    private func floats(_ rows: [Int32]?, _ isInverted: Bool, _ test: (Double) -> Bool) -> [Int32] {
        if type == .float32 {
            let values = pointer(Float.self)
            return valid(rows, isInverted) { test(Double(values[$0])) }
        }
        guard type == .float64 else { return chosen(rows) { _ in isInverted } }
        let values = pointer(Double.self)
        return valid(rows, isInverted) { test(values[$0]) }
    }

    private func integers(_ rows: [Int32]?, _ isInverted: Bool, _ range: ClosedRange<Int128>) -> [Int32] {
        switch type {
        case .int8: within(rows, isInverted, range, Int8.self)
        case .int16: within(rows, isInverted, range, Int16.self)
        case .int32, .date32: within(rows, isInverted, range, Int32.self)
        case .int64, .time64, .timestamp: within(rows, isInverted, range, Int64.self)
        case .uint8: within(rows, isInverted, range, UInt8.self)
        case .uint16: within(rows, isInverted, range, UInt16.self)
        case .uint32: within(rows, isInverted, range, UInt32.self)
        case .uint64: within(rows, isInverted, range, UInt64.self)
        case .decimal128: valid(rows, isInverted) { range.contains(decimal(at: $0)) }
        default: chosen(rows) { _ in isInverted }
        }
    }

    @inline(__always)
    private func within<T: FixedWidthInteger & BitwiseCopyable>(
        _ rows: [Int32]?, _ isInverted: Bool, _ range: ClosedRange<Int128>, _: T.Type
    ) -> [Int32] {
        guard range.lowerBound <= Int128(T.max), range.upperBound >= Int128(T.min) else {
            return valid(rows, isInverted) { _ in false }
        }
        let low = T(truncatingIfNeeded: max(range.lowerBound, Int128(T.min)))
        let high = T(truncatingIfNeeded: min(range.upperBound, Int128(T.max)))
        let values = pointer(T.self)
        return valid(rows, isInverted) { values[$0] >= low && values[$0] <= high }
    }

    private func integers(_ rows: [Int32]?, _ isInverted: Bool, _ set: Set<Int128>) -> [Int32] {
        guard let reader = IntegerReader(self) else { return chosen(rows) { _ in isInverted } }
        return valid(rows, isInverted) { set.contains(reader[$0]) }
    }

    private func text(_ predicate: ColumnPredicate, _ rows: [Int32]?, _ isInverted: Bool) -> [Int32] {
        switch predicate {
        case .textSet(let set): return valid(rows, isInverted) { set.contains(bytes(at: $0)) }
        case .textPart(let part, let place):
            return part.withUnsafeBytes { part in
                valid(rows, isInverted) { row in
                    let text = bytes(at: row)
                    switch place {
                    case .anywhere: return ByteOrder.contains(text, part)
                    case .start:
                        return ByteOrder.isEqual(
                            UnsafeRawBufferPointer(rebasing: text.prefix(part.count)), part)
                    case .end:
                        return ByteOrder.isEqual(
                            UnsafeRawBufferPointer(rebasing: text.suffix(part.count)), part)
                    }
                }
            }
        case .text(let low, let high, let includesLow, let includesHigh):
            if let low, low == high {
                return low.withUnsafeBytes { low in
                    valid(rows, isInverted) { ByteOrder.isEqual(bytes(at: $0), low) }
                }
            }
            return valid(rows, isInverted) { row in
                let text = bytes(at: row)
                if let low {
                    let order = low.withUnsafeBytes { ByteOrder.compare(text, $0) }
                    if order < 0 || order == 0 && !includesLow { return false }
                }
                if let high {
                    let order = high.withUnsafeBytes { ByteOrder.compare(text, $0) }
                    if order > 0 || order == 0 && !includesHigh { return false }
                }
                return true
            }
        default: return chosen(rows) { _ in isInverted }
        }
    }
}

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
