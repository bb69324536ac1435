extension Column {
    /// The rows at `rows`, in that order; -1 gives null.
    package func gathered(_ rows: [Int32]) -> Column {
        rows.withUnsafeBufferPointer { gathered($0) }
    }

    func gathered(_ rows: UnsafeBufferPointer<Int32>) -> Column {
        let hasHoles = rows.contains { $0 < 0 }
        guard hasHoles || nullCount > 0 || type == .null else {
            return gatheredValues(rows, validity: nil, nullCount: 0)
        }
        if type == .null { return Column(.null, count: rows.count, nullCount: rows.count, values: .zeros) }
        var nulls = 0
        let validity = Buffer.make(count: Bits.byteCount(rows.count)) { bytes in
            guard let base = bytes.baseAddress else { return }
            for (index, row) in rows.enumerated() {
                if row >= 0, !isNull(at: Int(row)) { Bits.set(base, index) } else { nulls += 1 }
            }
        }
        return gatheredValues(rows, validity: nulls == 0 ? nil : validity, nullCount: nulls)
    }

    private func gatheredValues(
        _ rows: UnsafeBufferPointer<Int32>, validity: Buffer?, nullCount: Int
    ) -> Column {
        let values: Buffer
        switch type.layout {
        case .none: values = .zeros
        case .bits:
            values = Buffer.make(count: Bits.byteCount(rows.count)) { bytes in
                guard let base = bytes.baseAddress else { return }
                for (index, row) in rows.enumerated() where row >= 0 && bool(at: Int(row)) {
                    Bits.set(base, index)
                }
            }
        case .fixed(1): values = fixed(rows, UInt8.self)
        case .fixed(2): values = fixed(rows, UInt16.self)
        case .fixed(4): values = fixed(rows, UInt32.self)
        case .fixed(8): values = fixed(rows, UInt64.self)
        case .fixed: values = fixed(rows, SIMD2<UInt64>.self)
        case .variable: return gatheredBytes(rows, validity: validity, nullCount: nullCount)
        }
        return Column(type, count: rows.count, nullCount: nullCount, validity: validity, values: values)
    }

    private func fixed<T: BitwiseCopyable>(_ rows: UnsafeBufferPointer<Int32>, _: T.Type) -> Buffer {
        let source = values.pointer
        let width = MemoryLayout<T>.stride
        return Buffer.make(count: rows.count * width) { bytes in
            guard let base = bytes.baseAddress else { return }
            for index in 0..<rows.count where rows[index] >= 0 {
                // Unaligned: decimals are 16 bytes wide and only aligned to 8. The width is known when this
                // is compiled.
                (base + index &* width).copyMemory(
                    from: source + Int(rows[index]) &* width, byteCount: MemoryLayout<T>.stride)
            }
        }
    }

    private func gatheredBytes(
        _ rows: UnsafeBufferPointer<Int32>, validity: Buffer?, nullCount: Int
    ) -> Column {
        var total = 0
        for row in rows where row >= 0 { total += Int(offsets[Int(row) + 1] - offsets[Int(row)]) }
        let block = MemoryBlock(byteCount: max(total, 1))
        let source = (data ?? .zeros).pointer
        let newOffsets = Buffer.make(count: 4 * (rows.count + 1)) { bytes in
            guard let target = bytes.baseAddress?.assumingMemoryBound(to: Int32.self) else { return }
            var end = 0
            for index in 0..<rows.count {
                if rows[index] >= 0 {
                    let start = Int(offsets[Int(rows[index])])
                    let count = Int(offsets[Int(rows[index]) + 1]) - start
                    (block.pointer + end).copyMemory(from: source + start, byteCount: count)
                    end &+= count
                }
                target[index + 1] = Int32(truncatingIfNeeded: end)
            }
        }
        return Column(
            type, count: rows.count, nullCount: nullCount, validity: validity, values: newOffsets,
            data: Buffer(block.pointer, count: total, owner: block))
    }
}

extension Batch {
    /// The rows at `rows`, in that order.
    package func gathered(_ rows: [Int32]) -> Batch {
        Batch(schema: schema, columns: columns.map { $0.gathered(rows) }, rowCount: rows.count)
    }

    /// Some rows that follow each other.
    package func slice(_ range: Range<Int>) -> Batch {
        if range == 0..<rowCount { return self }
        return gathered(range.map { Int32(truncatingIfNeeded: $0) })
    }
}
