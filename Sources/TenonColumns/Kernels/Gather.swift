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
        let block = MemoryBlock(byteCount: rows.count * width)
        let base = block.pointer
        for index in 0..<rows.count {
            // Unaligned: decimals are 16 bytes wide and only aligned to 8. The width is known when this is
            // compiled.
            if rows[index] >= 0 {
                (base + index &* width).copyMemory(
                    from: source + Int(rows[index]) &* width, byteCount: MemoryLayout<T>.stride)
            } else {
                (base + index &* width).initializeMemory(as: UInt8.self, repeating: 0, count: width)
            }
        }
        return Buffer(base, count: rows.count * width, owner: block)
    }

    private func gatheredBytes(
        _ rows: UnsafeBufferPointer<Int32>, validity: Buffer?, nullCount: Int
    ) -> Column {
        let source = TextReader(self)
        let newOffsets = MemoryBlock(byteCount: 4 * (rows.count + 1))
        let target = newOffsets.pointer.bindMemory(to: Int32.self, capacity: rows.count + 1)
        var total: Int32 = 0
        target[0] = 0
        for index in 0..<rows.count {
            let row = Int(rows[index])
            if row >= 0 { total &+= source.length(row) }
            target[index &+ 1] = total
        }
        let byteCount = Int(total)
        let block = MemoryBlock(byteCount: byteCount + ShortBytes.maxCount)
        let data = block.pointer
        for index in 0..<rows.count where rows[index] >= 0 {
            let row = Int(rows[index])
            let start = source.start(row)
            let end = Int(target[index])
            let count = Int(source.length(row))
            // Most values are short: one copy of fixed size, whose end the next value overwrites.
            if count <= ShortBytes.maxCount, start <= source.safeStart {
                (data + end).copyMemory(from: source.data + start, byteCount: ShortBytes.maxCount)
            } else {
                (data + end).copyMemory(from: source.data + start, byteCount: count)
            }
        }
        return Column(
            type, count: rows.count, nullCount: nullCount, validity: validity,
            values: Buffer(newOffsets.pointer, count: 4 * (rows.count + 1), owner: newOffsets),
            data: Buffer(data, count: byteCount, owner: block))
    }

    /// Some rows that follow each other; only bits are copied.
    package func slice(_ range: Range<Int>) -> Column {
        if range == 0..<count { return self }
        let size = range.count
        if type == .null { return Column(.null, count: size, nullCount: size, values: .zeros) }
        var nulls = 0
        let bits = validity.map { validity in
            let copy = Self.bits(validity, range)
            nulls = size - Bits.countSet(copy.pointer, bitCount: size)
            return copy
        }
        let window: Buffer =
            switch type.layout {
            case .bits: Self.bits(values, range)
            case .fixed(let width): values.slice(from: range.lowerBound * width, count: size * width)
            case .variable: values.slice(from: range.lowerBound * 4, count: (size + 1) * 4)
            case .none: .zeros
            }
        return Column(type, count: size, nullCount: nulls, validity: bits, values: window, data: data)
    }

    private static func bits(_ source: Buffer, _ range: Range<Int>) -> Buffer {
        Buffer.make(count: Bits.byteCount(range.count)) { bytes in
            guard let base = bytes.baseAddress, !range.isEmpty else { return }
            Bits.copy(source.pointer, offset: range.lowerBound, bitCount: range.count, to: base)
        }
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
        return Batch(schema: schema, columns: columns.map { $0.slice(range) }, rowCount: range.count)
    }
}
