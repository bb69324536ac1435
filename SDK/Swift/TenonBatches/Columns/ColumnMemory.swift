/// The buffers of a column that grows, in Arrow's layout.
///
/// All bits of `validity` beyond what was written are set and all of a bool's values are clear, so that only
/// nulls and trues cost a write.
@frozen @usableFromInline
struct ColumnMemory {
    @usableFromInline var rowCount = 0
    @usableFromInline var nullCount = 0
    /// Rows that `values` and `validity` have room for.
    @usableFromInline var rowCapacity = 0
    @usableFromInline var values: UnsafeMutableRawPointer
    @usableFromInline var validity: UnsafeMutablePointer<UInt8>
    @usableFromInline var data: UnsafeMutablePointer<UInt8>
    @usableFromInline var dataCount = 0
    @usableFromInline var dataCapacity = 0
    @usableFromInline let layout: ColumnKind.Layout

    private static let fewestRows = 64
    private static let fewestBytes = 256

    init(_ layout: ColumnKind.Layout) {
        self.layout = layout
        values = BatchMemory.take(0).pointer
        validity = BatchMemory.take(0).pointer.assumingMemoryBound(to: UInt8.self)
        data = BatchMemory.take(0).pointer.assumingMemoryBound(to: UInt8.self)
        if layout == .variable { values.storeBytes(of: 0, as: Int32.self) }
    }

    /// New buffers with room for as much as was there before; who took the old ones gives them back.
    mutating func startOver() {
        let rows = rowCapacity
        let bytes = dataCapacity
        self = ColumnMemory(layout)
        if rows > 0 { growRows(rows) }
        if bytes > 0 { growData(bytes) }
    }

    func free() {
        BatchMemory.give(values)
        BatchMemory.give(UnsafeMutableRawPointer(validity))
        BatchMemory.give(UnsafeMutableRawPointer(data))
    }

    @usableFromInline
    func valuesByteCount(_ rows: Int) -> Int {
        switch layout {
        case .bits: (rows + 7) >> 3
        case .fixed(let width): rows * width
        case .variable: (rows + 1) * 4
        case .none: 0
        }
    }

    @usableFromInline
    @inline(never)
    mutating func growRows(_ more: Int) {
        let rows = (max(rowCount + more, rowCapacity * 2, Self.fewestRows) + 63) & ~63
        let used = valuesByteCount(rowCount)
        let wanted = valuesByteCount(rows)
        let values = BatchMemory.take(wanted).pointer
        values.copyMemory(from: self.values, byteCount: used)
        if layout == .bits { fill(values + used, 0, wanted - used) }
        BatchMemory.give(self.values)
        self.values = values

        let usedBits = (rowCount + 7) >> 3
        let validity = BatchMemory.take(rows >> 3).pointer
        validity.copyMemory(from: self.validity, byteCount: usedBits)
        fill(validity + usedBits, 0xFF, rows >> 3 - usedBits)
        BatchMemory.give(UnsafeMutableRawPointer(self.validity))
        self.validity = validity.assumingMemoryBound(to: UInt8.self)
        rowCapacity = rows
    }

    @usableFromInline
    @inline(never)
    mutating func growData(_ more: Int) {
        let (pointer, capacity) = BatchMemory.take(max(dataCount + more, dataCapacity * 2, Self.fewestBytes))
        pointer.copyMemory(from: data, byteCount: dataCount)
        BatchMemory.give(UnsafeMutableRawPointer(data))
        data = pointer.assumingMemoryBound(to: UInt8.self)
        dataCapacity = capacity
    }

    @inlinable
    @inline(__always)
    mutating func clearValidity(_ row: Int) {
        validity[row >> 3] &= ~(1 << UInt8(truncatingIfNeeded: row & 7))
        nullCount &+= 1
    }
}

/// Fills bytes; the C library's own would need a module for each platform.
func fill(_ start: UnsafeMutableRawPointer, _ byte: UInt8, _ count: Int) {
    guard count > 0 else { return }
    start.initializeMemory(as: UInt8.self, repeating: byte, count: count)
}
