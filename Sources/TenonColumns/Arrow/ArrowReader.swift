internal import TenonBatches
internal import TenonModel

/// Turns one Arrow array into a column. Lengths of data buffers do not stand in the C Data Interface: an
/// array can be checked against itself, not against the memory behind it.
struct ArrowReader {
    let owner: ArrowOwner
    let column: String

    /// The rows `rows` of `array`, counted from its own offset.
    func column(_ array: ArrowArray, _ layout: ArrowLayout, rows: Range<Int>, depth: Int = 0)
        throws(TenonError)
        -> Column
    {
        guard array.length >= rows.upperBound, array.offset >= 0, array.offset <= Int64(1) << 40 else {
            throw broken("has \(array.length) rows from \(array.offset) on, and needs \(rows.upperBound)")
        }
        let slice = ArrowSlice(array: array, start: Int(array.offset) + rows.lowerBound, count: rows.count)
        switch layout {
        case .plain(.null):
            return Column(.null, count: rows.count, nullCount: rows.count, values: .zeros)
        case .plain(let type): return try plain(slice, type)
        case .large(let type): return try large(slice, type)
        case .view(let type): return try view(slice, type)
        case .dictionary(let index, let values): return try dictionary(slice, index, values)
        case .structure(let members): return try structure(slice, members)
        case .list(let element, let isLarge): return try list(slice, element, isLarge: isLarge)
        }
    }

    func broken(_ problem: String) -> TenonError { ColumnCheck.broken(column, problem) }

    // MARK: Layouts that agree

    private func plain(_ slice: ArrowSlice, _ type: ColumnType) throws(TenonError) -> Column {
        let (validity, nullCount) = try self.validity(slice)
        let values = try buffer(slice, 1)
        switch type.layout {
        case .bits:
            let bits = Buffer.make(count: Bits.byteCount(slice.count)) { bytes in
                guard let base = bytes.baseAddress, slice.count > 0 else { return }
                Bits.copy(values, offset: slice.start, bitCount: slice.count, to: base)
            }
            return Column(type, count: slice.count, nullCount: nullCount, validity: validity, values: bits)
        case .fixed(let width):
            let window = try aligned(values + slice.start * width, width * slice.count, width)
            return Column(type, count: slice.count, nullCount: nullCount, validity: validity, values: window)
        case .variable:
            let window =
                slice.count == 0 ? .zeros : try aligned(values + slice.start * 4, 4 * (slice.count + 1), 4)
            return try variable(slice, type, offsets: window, validity: validity, nullCount: nullCount)
        case .none: return Column(.null, count: slice.count, nullCount: slice.count, values: .zeros)
        }
    }

    private func variable(
        _ slice: ArrowSlice, _ type: ColumnType, offsets: Buffer, validity: Buffer?, nullCount: Int
    ) throws(TenonError) -> Column {
        let numbers = offsets.pointer.assumingMemoryBound(to: Int32.self)
        try ColumnCheck.offsets(numbers, count: slice.count, dataCount: Int(Int32.max), column: column)
        let dataCount = Int(numbers[slice.count])
        let data =
            dataCount == 0 ? Buffer.zeros : Buffer(try buffer(slice, 2), count: dataCount, owner: owner)
        if type != .binary {
            try ColumnCheck.text(numbers, count: slice.count, data: data.pointer, column: column)
        }
        return Column(
            type, count: slice.count, nullCount: nullCount, validity: validity, values: offsets, data: data)
    }

    /// Sources may align to 1; kernels want 8.
    private func aligned(_ pointer: UnsafeRawPointer, _ byteCount: Int, _ width: Int) throws(TenonError)
        -> Buffer
    {
        if Int(bitPattern: pointer) & (min(width, 16) - 1) == 0 {
            return Buffer(pointer, count: byteCount, owner: owner)
        }
        return Buffer.make(count: byteCount) { bytes in
            if byteCount > 0 { bytes.baseAddress?.copyMemory(from: pointer, byteCount: byteCount) }
        }
    }

    func validity(_ slice: ArrowSlice) throws(TenonError) -> (Buffer?, nullCount: Int) {
        guard slice.array.n_buffers > 0, let buffers = slice.array.buffers else {
            throw broken("has no buffers")
        }
        guard slice.array.null_count != 0, slice.count > 0, let bits = buffers[0] else { return (nil, 0) }
        let copy = Buffer.make(count: Bits.byteCount(slice.count)) { bytes in
            guard let base = bytes.baseAddress else { return }
            Bits.copy(bits, offset: slice.start, bitCount: slice.count, to: base)
        }
        let nullCount = slice.count - Bits.countSet(copy.pointer, bitCount: slice.count)
        return (nullCount == 0 ? nil : copy, nullCount)
    }

    /// The buffer at `index`; a place with zeros where the array is empty and has none.
    func buffer(_ slice: ArrowSlice, _ index: Int) throws(TenonError) -> UnsafeRawPointer {
        guard index < slice.array.n_buffers, let buffers = slice.array.buffers else {
            throw broken("has \(slice.array.n_buffers) buffers, and needs \(index + 1)")
        }
        if let pointer = buffers[index] { return pointer }
        guard slice.count == 0 else { throw broken("has rows but no buffer \(index)") }
        return Buffer.zeros.pointer
    }
}

/// Some rows of an array; `start` counts from the start of its buffers.
struct ArrowSlice {
    let array: ArrowArray
    let start: Int
    let count: Int
}
