/// The values of one column of a batch, in Arrow's layout without an offset. Immutable.
package final class Column: Sendable {
    package let type: ColumnType
    package let count: Int
    package let nullCount: Int
    /// One bit a row, set where there is a value; nil where no row is null.
    package let validity: Buffer?
    /// Fixed-width values, bits, or `count + 1` offsets of 32 bits; empty for `null`.
    package let values: Buffer
    /// The bytes of utf8, binary and json.
    package let data: Buffer?

    /// The buffers must hold what type and count ask for: `ColumnCheck` looks at those that come from
    /// outside.
    package init(
        _ type: ColumnType, count: Int, nullCount: Int = 0, validity: Buffer? = nil, values: Buffer,
        data: Buffer? = nil
    ) {
        self.type = type
        self.count = count
        self.nullCount = nullCount
        self.validity = nullCount == 0 ? nil : validity
        // An empty column may come without offsets; kernels read the first one all the same.
        self.values = values.count == 0 ? .zeros : values
        self.data = data
    }

    /// `count` nulls.
    package static func nulls(_ type: ColumnType, count: Int) -> Column {
        let builder = ColumnBuilder(type)
        for _ in 0..<count { builder.appendNull() }
        return builder.finish()
    }

    @inline(__always)
    package func isNull(at row: Int) -> Bool {
        if let validity { return !Bits.isSet(validity.pointer, row) }
        return type == .null
    }

    /// The values of a fixed-width column as `T`, which must have the type's width.
    @inline(__always)
    func pointer<T>(_: T.Type) -> UnsafePointer<T> { values.pointer.assumingMemoryBound(to: T.self) }

    @inline(__always)
    var offsets: UnsafePointer<Int32> { pointer(Int32.self) }

    /// The bytes of a row of a variable-width column; valid while the column lives.
    @inline(__always)
    package func bytes(at row: Int) -> UnsafeRawBufferPointer {
        let start = Int(offsets[row])
        let end = Int(offsets[row + 1])
        return UnsafeRawBufferPointer(start: (data ?? .zeros).pointer + start, count: end - start)
    }

    /// The text of a row of a variable-width column.
    package func string(at row: Int) -> String { String(decoding: bytes(at: row), as: UTF8.self) }

    @inline(__always)
    package func bool(at row: Int) -> Bool { Bits.isSet(values.pointer, row) }

    /// Where the bytes of all rows begin and end in `data`.
    var dataRange: Range<Int> {
        guard type.layout == .variable, count > 0 else { return 0..<0 }
        return Int(offsets[0])..<Int(offsets[count])
    }

    /// The bytes that the rows take.
    package var byteCount: Int {
        let bits = validity == nil ? 0 : Bits.byteCount(count)
        return bits + valuesByteCount + dataRange.count
    }

    var valuesByteCount: Int {
        switch type.layout {
        case .bits: Bits.byteCount(count)
        case .fixed(let width): width * count
        case .variable: 4 * (count + 1)
        case .none: 0
        }
    }
}
