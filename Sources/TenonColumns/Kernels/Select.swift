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
        case .floatSet(let set):
            let members = Array(set)
            return members.withUnsafeBufferPointer { members in
                floats(rows, isInverted) { value in
                    members.count <= Self.scannedMembers
                        ? Self.scan(members, value) : set.contains(value)
                }
            }
        case .text, .textSet, .textPart:
            guard type.layout == .variable else { return chosen(rows) { _ in isInverted } }
            return texts(predicate, rows, isInverted)
        }
    }

    // MARK: Loops

    @inline(__always)
    func chosen(_ rows: [Int32]?, _ test: (Int) -> Bool) -> [Int32] {
        let capacity = rows?.count ?? count
        return [Int32](unsafeUninitializedCapacity: capacity) { target, used in
            guard let target = target.baseAddress else { return }
            // Each row is written and kept only where the test holds: no branch to mispredict.
            var kept = 0
            if let rows {
                rows.withUnsafeBufferPointer { rows in
                    for row in rows {
                        target[kept] = row
                        kept &+= Self.one(test(Int(row)))
                    }
                }
            } else {
                for row in 0..<capacity {
                    target[kept] = Int32(truncatingIfNeeded: row)
                    kept &+= Self.one(test(row))
                }
            }
            used = kept
        }
    }

    /// 1 for true, without a branch, which half of all rows would mispredict.
    @inline(__always)
    private static func one(_ isTrue: Bool) -> Int { Int(unsafeBitCast(isTrue, to: UInt8.self)) }

    /// `test` sees only rows with a value; null passes where `isInverted`.
    @inline(__always)
    func valid(_ rows: [Int32]?, _ isInverted: Bool, _ test: (Int) -> Bool) -> [Int32] {
        guard let validity else { return chosen(rows) { test($0) != isInverted } }
        let bits = validity.pointer
        return chosen(rows) { row in Bits.isSet(bits, row) ? test(row) != isInverted : isInverted }
    }

    /// Fewer members are compared one after the other.
    private static let scannedMembers = 8

    @inline(__always)
    private static func scan<T: Equatable>(_ members: UnsafeBufferPointer<T>, _ value: T) -> Bool {
        var isFound = false
        for member in members { isFound = isFound || member == value }
        return isFound
    }

    @inline(__always)
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
        let members = Array(set)
        return members.withUnsafeBufferPointer { members in
            valid(rows, isInverted) { row in
                let value = reader[row]
                return members.count <= Self.scannedMembers
                    ? Self.scan(members, value) : set.contains(value)
            }
        }
    }
}
