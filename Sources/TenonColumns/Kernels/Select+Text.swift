/// Tests of text, binary and JSON by their bytes.
extension Column {
    func texts(_ predicate: ColumnPredicate, _ rows: [Int32]?, _ isInverted: Bool) -> [Int32] {
        switch predicate {
        case .textSet(let set): return members(set, rows, isInverted)
        case .textPart(let part, let place):
            return part.withUnsafeBytes { parts($0, place, rows, isInverted) }
        case .text(let low, let high, let includesLow, let includesHigh):
            if let low, low == high {
                return low.withUnsafeBytes { equal(to: $0, rows, isInverted) }
            }
            let from = TextBound(low, isIncluded: includesLow)
            let to = TextBound(high, isIncluded: includesHigh)
            let values = TextReader(self)
            return valid(rows, isInverted) { row in
                let text = values[row]
                return from.isBelow(text) && to.isAbove(text)
            }
        default: return chosen(rows) { _ in isInverted }
        }
    }

    /// Almost all rows are decided by their length and one or two words.
    private func equal(to wanted: UnsafeRawBufferPointer, _ rows: [Int32]?, _ isInverted: Bool) -> [Int32] {
        let values = TextReader(self)
        let length = Int32(truncatingIfNeeded: wanted.count)
        guard let base = wanted.baseAddress, wanted.count <= ShortBytes.maxCount else {
            return valid(rows, isInverted) { row in
                values.length(row) == length && ByteOrder.isEqual(values[row], wanted)
            }
        }
        let (low, high) = ShortBytes.loadSlowly(base, wanted.count)
        let (lowMask, highMask) = ShortBytes.masks(wanted.count)
        if wanted.count <= 8 {
            return valid(rows, isInverted) { row in
                let start = values.start(row)
                guard start <= values.safeStart else {
                    return values.length(row) == length && ByteOrder.isEqual(values[row], wanted)
                }
                let word = values.data.loadUnaligned(fromByteOffset: start, as: UInt64.self) & lowMask
                let difference = UInt64(UInt32(bitPattern: values.length(row) ^ length)) | (word ^ low)
                return difference == 0
            }
        }
        return valid(rows, isInverted) { row in
            let start = values.start(row)
            guard start <= values.safeStart else {
                return values.length(row) == length && ByteOrder.isEqual(values[row], wanted)
            }
            let first = values.data.loadUnaligned(fromByteOffset: start, as: UInt64.self) & lowMask
            let second = values.data.loadUnaligned(fromByteOffset: start &+ 8, as: UInt64.self) & highMask
            let difference = UInt64(UInt32(bitPattern: values.length(row) ^ length)) | (first ^ low)
            return difference | (second ^ high) == 0
        }
    }

    private func members(_ set: TextSet, _ rows: [Int32]?, _ isInverted: Bool) -> [Int32] {
        let values = TextReader(self)
        let table = set.table
        let hash = table.hash
        let slots = table.slots
        let mask = table.mask
        return valid(rows, isInverted) { row in
            let length = values.length(row)
            guard length <= ShortBytes.maxCount, values.start(row) <= values.safeStart else {
                return table.contains(values[row])
            }
            let (low, high) = ShortBytes.load(values.data + values.start(row), Int(length))
            let tag = UInt32(bitPattern: length)
            return KeyTable.find(low, high, tag, hash: hash(low, high, tag), slots, mask).pointee.number >= 0
        }
    }

    private func parts(
        _ part: UnsafeRawBufferPointer, _ place: TextPart, _ rows: [Int32]?, _ isInverted: Bool
    ) -> [Int32] {
        let values = TextReader(self)
        let size = part.count
        switch place {
        case .anywhere:
            return valid(rows, isInverted) { row in
                Int(values.length(row)) >= size && ByteOrder.contains(values[row], part)
            }
        case .start:
            return valid(rows, isInverted) { row in
                Int(values.length(row)) >= size
                    && ByteOrder.isEqual(
                        UnsafeRawBufferPointer(start: values.data + values.start(row), count: size), part)
            }
        case .end:
            return valid(rows, isInverted) { row in
                Int(values.length(row)) >= size
                    && ByteOrder.isEqual(
                        UnsafeRawBufferPointer(start: values.data + values.end(row) - size, count: size), part
                    )
            }
        }
    }
}

/// Reads the bytes of a variable-width column without touching the column; valid while it lives.
struct TextReader {
    let offsets: UnsafePointer<Int32>
    let data: UnsafeRawPointer
    /// The last position at which 16 bytes may be read.
    let safeStart: Int

    init(_ column: Column) {
        offsets = column.offsets
        data = (column.data ?? .zeros).pointer
        safeStart = column.dataRange.upperBound - ShortBytes.maxCount
    }

    @inline(__always)
    func start(_ row: Int) -> Int { Int(offsets[row]) }
    @inline(__always)
    func end(_ row: Int) -> Int { Int(offsets[row &+ 1]) }
    @inline(__always)
    func length(_ row: Int) -> Int32 { offsets[row &+ 1] &- offsets[row] }
    @inline(__always)
    subscript(row: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: data + start(row), count: Int(length(row)))
    }
}

/// One end of an interval of texts; none where `bytes` is nil.
private struct TextBound {
    let bytes: [UInt8]?
    let isIncluded: Bool

    init(_ bytes: [UInt8]?, isIncluded: Bool) {
        self.bytes = bytes
        self.isIncluded = isIncluded
    }

    func isBelow(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let bytes else { return true }
        let order = bytes.withUnsafeBytes { ByteOrder.compare(text, $0) }
        return order > 0 || order == 0 && isIncluded
    }

    func isAbove(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let bytes else { return true }
        let order = bytes.withUnsafeBytes { ByteOrder.compare(text, $0) }
        return order < 0 || order == 0 && isIncluded
    }
}
