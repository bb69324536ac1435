/// Batches as bytes in memory that two processes share.
package enum BatchWire {
    /// How many bytes `encode` will write.
    package static func encodedByteCount(_ batch: Batch) -> Int {
        let head = WireFormat.headerByteCount + batch.columns.count * WireFormat.columnByteCount
        return batch.columns.reduce(head) { total, column in
            let description = WireFormat.Column(column)
            return total + WireFormat.padded(Int(description.validityByteCount))
                + WireFormat.padded(Int(description.valuesByteCount))
                + WireFormat.padded(Int(description.dataByteCount))
        }
    }

    /// Writes `batch` to the start of `target`, which must be aligned to 8 and hold `encodedByteCount` bytes;
    /// answers how many it wrote, or 0 where there is not enough room.
    package static func encode(_ batch: Batch, into target: UnsafeMutableRawBufferPointer) -> Int {
        let byteCount = encodedByteCount(batch)
        guard let base = target.baseAddress, byteCount <= target.count else { return 0 }
        base.storeBytes(of: WireFormat.number, as: UInt32.self)
        base.storeBytes(of: UInt32(truncatingIfNeeded: batch.columns.count), toByteOffset: 4, as: UInt32.self)
        base.storeBytes(of: UInt64(batch.rowCount), toByteOffset: 8, as: UInt64.self)
        base.storeBytes(of: UInt64(byteCount), toByteOffset: 16, as: UInt64.self)
        var description = base + WireFormat.headerByteCount
        var buffer = description + batch.columns.count * WireFormat.columnByteCount
        for column in batch.columns {
            let format = WireFormat.Column(column)
            description.storeBytes(of: format, as: WireFormat.Column.self)
            description += WireFormat.columnByteCount
            if let validity = column.validity {
                write(validity.pointer, Int(format.validityByteCount), to: &buffer)
            }
            encodeValues(of: column, byteCount: Int(format.valuesByteCount), to: &buffer)
            if let data = column.data {
                write(data.pointer + column.dataRange.lowerBound, Int(format.dataByteCount), to: &buffer)
            }
        }
        return byteCount
    }

    private static func encodeValues(
        of column: Column, byteCount: Int, to buffer: inout UnsafeMutableRawPointer
    ) {
        guard column.type.layout == .variable, column.offsets[0] != 0 else {
            return write(column.values.pointer, byteCount, to: &buffer)
        }
        let target = buffer.bindMemory(to: Int32.self, capacity: column.count + 1)
        let offsets = column.offsets
        let first = offsets[0]
        for row in 0...column.count { target[row] = offsets[row] &- first }
        pad(byteCount, &buffer)
    }

    private static func write(
        _ source: UnsafeRawPointer, _ byteCount: Int, to buffer: inout UnsafeMutableRawPointer
    ) {
        buffer.copyMemory(from: source, byteCount: byteCount)
        pad(byteCount, &buffer)
    }

    /// Zeros after a buffer, so that no byte of an earlier message is handed on.
    private static func pad(_ byteCount: Int, _ buffer: inout UnsafeMutableRawPointer) {
        let padded = WireFormat.padded(byteCount)
        for offset in byteCount..<padded { buffer.storeBytes(of: 0, toByteOffset: offset, as: UInt8.self) }
        buffer += padded
    }
}

extension WireFormat.Column {
    init(_ column: Column) {
        let code = WireFormat.TypeCode(column.type)
        let hasValidity = column.validity != nil
        self.init(
            type: code.type, precision: code.precision, scale: code.scale,
            flags: hasValidity ? WireFormat.hasValidity : 0, nullCount: UInt64(column.nullCount),
            validityByteCount: hasValidity ? UInt64(Bits.byteCount(column.count)) : 0,
            valuesByteCount: UInt64(column.valuesByteCount), dataByteCount: UInt64(column.dataRange.count))
    }
}
