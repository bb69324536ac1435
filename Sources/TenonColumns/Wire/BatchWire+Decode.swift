package import TenonModel

extension BatchWire {
    /// Reads a batch of `schema` that a peer wrote.
    ///
    /// The peer may be hostile and may go on writing while this runs. So nothing is looked at in shared
    /// memory: header and descriptions are copied and checked, then each buffer is copied to private memory
    /// and checked there while it is still in the cache.
    package static func decode(_ bytes: UnsafeRawBufferPointer, schema: Schema) throws(TenonError) -> Batch {
        let head = try WireHead(bytes, schema: schema)
        var reader = WireReader(
            bytes, at: head.payloadStart, into: MemoryBlock(byteCount: head.payloadByteCount))
        return try reader.batch(head, schema)
    }

    /// The same where it lies, for a peer that is trusted and leaves the memory alone: neither copied nor
    /// checked beyond its sizes. `bytes` must be aligned to 8 and outlive the batch and whoever keeps some of
    /// it.
    package static func view(_ bytes: UnsafeRawBufferPointer, schema: Schema) throws(TenonError) -> Batch {
        let head = try WireHead(bytes, schema: schema)
        var reader = WireReader(bytes, at: head.payloadStart, into: nil)
        return try reader.batch(head, schema)
    }
}

/// Header and column descriptions, copied and checked.
private struct WireHead {
    let rowCount: Int
    let columns: [WireFormat.Column]
    let payloadStart: Int
    let payloadByteCount: Int

    init(_ bytes: UnsafeRawBufferPointer, schema: Schema) throws(TenonError) {
        guard bytes.count >= WireFormat.headerByteCount else {
            throw Self.broken("is shorter than its header")
        }
        let format = bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self)
        let columnCount = bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)
        let rowCount = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        let byteCount = bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
        guard format == WireFormat.number else { throw Self.broken("has the unknown format \(format)") }
        guard columnCount == schema.fields.count, columnCount <= Limits.batchColumns else {
            throw Self.broken("has \(columnCount) columns, its schema \(schema.fields.count)")
        }
        guard rowCount <= Limits.batchRows else {
            throw Self.broken("has \(rowCount) rows, which is too many")
        }
        guard byteCount == bytes.count else {
            throw Self.broken("says \(byteCount) bytes and has \(bytes.count)")
        }
        payloadStart = WireFormat.headerByteCount + Int(columnCount) * WireFormat.columnByteCount
        guard payloadStart <= bytes.count else { throw Self.broken("ends within its columns") }
        self.rowCount = Int(rowCount)
        columns = (0..<Int(columnCount)).map { index in
            bytes.loadUnaligned(
                fromByteOffset: WireFormat.headerByteCount + index * WireFormat.columnByteCount,
                as: WireFormat.Column.self)
        }
        var total: UInt64 = 0
        for (field, column) in zip(schema.fields, columns) {
            try Self.check(column, field, rowCount: Int(rowCount))
            // Cannot wrap: each length is at most the bytes of the message, and there are at most 4,096
            // columns.
            for length in [column.validityByteCount, column.valuesByteCount, column.dataByteCount] {
                guard length <= UInt64(bytes.count) else {
                    throw ColumnCheck.broken(field.name, "has a buffer longer than the batch")
                }
                total += (length + 7) & ~7
            }
        }
        guard total == UInt64(bytes.count - payloadStart) else {
            throw Self.broken("has buffers of \(total) bytes in \(bytes.count - payloadStart)")
        }
        payloadByteCount = Int(total)
    }

    private static func check(_ column: WireFormat.Column, _ field: Field, rowCount: Int) throws(TenonError) {
        let name = field.name
        let code = WireFormat.TypeCode(type: column.type, precision: column.precision, scale: column.scale)
        guard code == WireFormat.TypeCode(field.type) else {
            throw ColumnCheck.broken(name, "has another type than the schema says (\(field.type.name))")
        }
        guard column.flags & ~WireFormat.hasValidity == 0, column.zero == 0 else {
            throw ColumnCheck.broken(name, "has unknown flags")
        }
        guard column.nullCount <= UInt64(rowCount) else {
            throw ColumnCheck.broken(name, "has more nulls than rows")
        }
        let hasValidity = column.flags & WireFormat.hasValidity != 0
        guard column.validityByteCount == UInt64(hasValidity ? Bits.byteCount(rowCount) : 0) else {
            throw ColumnCheck.broken(name, "has a validity bitmap of the wrong size")
        }
        guard hasValidity || column.nullCount == 0 || field.type == .null else {
            throw ColumnCheck.broken(name, "has nulls but no validity bitmap")
        }
        guard field.isNullable || column.nullCount == 0 else {
            throw ColumnCheck.broken(name, "has nulls, which its schema excludes")
        }
        guard column.valuesByteCount == UInt64(expectedValues(field.type.layout, rowCount)) else {
            throw ColumnCheck.broken(name, "has values of the wrong size")
        }
        guard column.dataByteCount == 0 || field.type.layout == .variable,
            column.dataByteCount <= UInt64(Int32.max)
        else { throw ColumnCheck.broken(name, "has data of the wrong size") }
    }

    private static func expectedValues(_ layout: ColumnLayout, _ rowCount: Int) -> Int {
        switch layout {
        case .bits: Bits.byteCount(rowCount)
        case .fixed(let width): width * rowCount
        case .variable: 4 * (rowCount + 1)
        case .none: 0
        }
    }

    private static func broken(_ problem: String) -> TenonError {
        TenonError(.batchInvalid, "A batch of records \(problem).")
    }
}

/// Takes buffer after buffer, copied into one private block where there is one. Lengths are known to add up to
/// the payload.
private struct WireReader {
    private let source: UnsafeRawPointer
    private var position = 0
    private let block: MemoryBlock?

    init(_ bytes: UnsafeRawBufferPointer, at start: Int, into block: MemoryBlock?) {
        source = (bytes.baseAddress ?? Buffer.zeros.pointer) + start
        self.block = block
    }

    mutating func batch(_ head: WireHead, _ schema: Schema) throws(TenonError) -> Batch {
        var columns: [Column] = []
        columns.reserveCapacity(schema.fields.count)
        for (field, description) in zip(schema.fields, head.columns) {
            columns.append(try column(field, description, rowCount: head.rowCount))
        }
        return Batch(schema: schema, columns: columns, rowCount: head.rowCount)
    }

    private mutating func column(_ field: Field, _ wire: WireFormat.Column, rowCount: Int) throws(TenonError)
        -> Column
    {
        let nullCount = Int(wire.nullCount)
        var validity: Buffer?
        if wire.flags & WireFormat.hasValidity != 0 {
            let bits = take(wire.validityByteCount)
            guard block == nil || rowCount - Bits.countSet(bits.pointer, bitCount: rowCount) == nullCount
            else {
                throw ColumnCheck.broken(field.name, "has another number of nulls than it says")
            }
            validity = bits
        } else if field.type == .null, nullCount != rowCount {
            throw ColumnCheck.broken(field.name, "has another number of nulls than it says")
        }
        let values = take(wire.valuesByteCount)
        guard field.type.layout == .variable else {
            return Column(
                field.type, count: rowCount, nullCount: nullCount, validity: validity, values: values)
        }
        let data = take(wire.dataByteCount)
        guard block != nil else {
            return Column(
                field.type, count: rowCount, nullCount: nullCount, validity: validity, values: values,
                data: data)
        }
        let offsets = values.pointer.assumingMemoryBound(to: Int32.self)
        try ColumnCheck.offsets(offsets, count: rowCount, dataCount: data.count, column: field.name)
        guard offsets[0] == 0, Int(offsets[rowCount]) == data.count else {
            throw ColumnCheck.broken(field.name, "has data that no row uses")
        }
        if field.type != .binary {
            try ColumnCheck.text(offsets, count: rowCount, data: data.pointer, column: field.name)
        }
        return Column(
            field.type, count: rowCount, nullCount: nullCount, validity: validity, values: values, data: data)
    }

    private mutating func take(_ byteCount: UInt64) -> Buffer {
        let count = Int(byteCount)
        defer { position += WireFormat.padded(count) }
        guard let block else { return Buffer(source + position, count: count, owner: nil) }
        (block.pointer + position).copyMemory(from: source + position, byteCount: count)
        return Buffer(block.pointer + position, count: count, owner: block)
    }
}
