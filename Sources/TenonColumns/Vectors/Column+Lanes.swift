extension Column {
    /// How many rows `rows` (nil: all) names.
    private func count(_ rows: [Int32]?) -> Int { rows?.count ?? count }

    /// One value for each of `rows` (nil: all), made from its row; those of null rows mean nothing.
    @inline(__always)
    private func read<Element>(_ rows: [Int32]?, _ value: (Int) -> Element) -> [Element] {
        let count = count(rows)
        return [Element](unsafeUninitializedCapacity: count) { target, used in
            if let rows {
                for index in 0..<count { target.initializeElement(at: index, to: value(Int(rows[index]))) }
            } else {
                for index in 0..<count { target.initializeElement(at: index, to: value(index)) }
            }
            used = count
        }
    }

    /// Which of `rows` are null; nil: none is.
    package func nulls(at rows: [Int32]?) -> RowMask? {
        if type == .null { return Array(repeating: true, count: count(rows)) }
        guard let validity else { return nil }
        let bits = validity.pointer
        return read(rows) { !Bits.isSet(bits, $0) }
    }

    /// Whole numbers as 64 bits, and which of them do not fit; nil for a column of something else.
    package func integers(at rows: [Int32]?) -> (values: [Int64], misfits: RowMask?)? {
        switch type {
        case .int8: (widened(rows, Int8.self), nil)
        case .int16: (widened(rows, Int16.self), nil)
        case .int32: (widened(rows, Int32.self), nil)
        case .int64: (widened(rows, Int64.self), nil)
        case .uint8: (widened(rows, UInt8.self), nil)
        case .uint16: (widened(rows, UInt16.self), nil)
        case .uint32: (widened(rows, UInt32.self), nil)
        case .uint64:
            (
                widened(rows, UInt64.self),
                misfits(read(rows) { pointer(UInt64.self)[$0] > UInt64(Int64.max) })
            )
        default: nil
        }
    }

    private func widened<T: FixedWidthInteger & BitwiseCopyable>(_ rows: [Int32]?, _: T.Type) -> [Int64] {
        let values = pointer(T.self)
        return read(rows) { Int64(truncatingIfNeeded: values[$0]) }
    }

    private func misfits(_ mask: RowMask) -> RowMask? { mask.contains(true) ? mask : nil }

    /// Floats as doubles; nil for a column of something else.
    package func doubles(at rows: [Int32]?) -> [Double]? {
        switch type {
        case .float32:
            let values = pointer(Float.self)
            return read(rows) { Double(values[$0]) }
        case .float64:
            let values = pointer(Double.self)
            return read(rows) { values[$0] }
        default: return nil
        }
    }

    /// Nil for a column of something else.
    package func bools(at rows: [Int32]?) -> [Bool]? {
        guard type == .bool else { return nil }
        let bits = values.pointer
        return read(rows) { Bits.isSet(bits, $0) }
    }

    // MARK: Making

    /// A column of 64-bit integers, null where `nulls` says so.
    package static func make(_ values: [Int64], nulls: RowMask?) -> Column {
        make(.int64, values, nulls)
    }

    package static func make(_ values: [Double], nulls: RowMask?) -> Column {
        make(.float64, values, nulls)
    }

    package static func make(_ values: [Bool], nulls: RowMask?) -> Column {
        let (validity, nullCount) = validity(nulls)
        return Column(
            .bool, count: values.count, nullCount: nullCount, validity: validity, values: bits(values))
    }

    /// The same text in each row, null where `nulls` says so; nil where that is too much.
    package static func repeating(
        _ text: [UInt8], count: Int, nulls: RowMask?, _ budget: inout TextBudget
    ) -> Column? {
        let (byteCount, isOverflow) = text.count.multipliedReportingOverflow(by: count)
        guard !isOverflow, budget.take(byteCount) else { return nil }
        let builder = ColumnBuilder(.utf8)
        for row in 0..<count {
            if nulls?[row] == true {
                builder.appendNull()
            } else if !(text.withUnsafeBytes { builder.append($0) as Bool }) {
                return nil
            }
        }
        return builder.finish()
    }

    /// The same values, null where `nulls` says so too.
    package func masked(_ nulls: RowMask?) -> Column {
        guard let nulls, nulls.contains(true) else { return self }
        let own = self.nulls(at: nil)
        guard own != nulls else { return self }
        let places = nulls.indices.map { row in
            nulls[row] || own?[row] == true ? -1 : Int32(truncatingIfNeeded: row)
        }
        return gathered(places)
    }

    private static func make<T: BitwiseCopyable>(
        _ type: ColumnType, _ values: [T], _ nulls: RowMask?
    ) -> Column {
        let (validity, nullCount) = validity(nulls)
        let buffer = Buffer.make(count: values.count * MemoryLayout<T>.stride) { target in
            values.withUnsafeBytes { target.copyMemory(from: $0) }
        }
        return Column(type, count: values.count, nullCount: nullCount, validity: validity, values: buffer)
    }

    private static func validity(_ nulls: RowMask?) -> (Buffer?, nullCount: Int) {
        guard let nulls else { return (nil, 0) }
        let nullCount = nulls.reduce(0) { $0 + ($1 ? 1 : 0) }
        return nullCount == 0 ? (nil, 0) : (bits(nulls.map { !$0 }), nullCount)
    }

    private static func bits(_ values: [Bool]) -> Buffer {
        Buffer.make(count: Bits.byteCount(values.count)) { target in
            guard let base = target.baseAddress else { return }
            for index in values.indices where values[index] { Bits.set(base, index) }
        }
    }
}
