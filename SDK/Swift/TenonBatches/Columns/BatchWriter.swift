/// Gathers batches: one writer a column, all with the same number of rows when a batch is handed over.
///
///     var writer = BatchWriter(schema)
///     writer.columns[0].append(int64: 7)
///     writer.columns[1].append(text: "seven")
///     var batch = ArrowArray()
///     writer.export(to: &batch)
public struct BatchWriter {
    public let schema: BatchSchema
    public let columns: [ColumnWriter]

    public init(_ schema: BatchSchema) {
        self.schema = schema
        columns = schema.columns.map { ColumnWriter($0.kind) }
    }

    /// Rows of the first column.
    public var rowCount: Int { columns.first?.rowCount ?? 0 }
    /// The bytes gathered so far.
    public var byteCount: Int { columns.reduce(0) { $0 + $1.byteCount } }

    /// Takes back all rows.
    public func removeAll() {
        for column in columns { column.truncate(to: 0) }
    }

    /// Takes back the rows from `row` on, as after a record that came only in part.
    public func truncate(to row: Int) {
        for column in columns { column.truncate(to: row) }
    }

    /// Moves the rows to `array` and starts over; rows that not all columns have are left out. The array owns
    /// its memory until its `release`, on any thread, which keeps the buffers for later batches.
    public mutating func export(to array: UnsafeMutablePointer<ArrowArray>) {
        let rowCount = columns.map(\.rowCount).min() ?? 0
        truncate(to: rowCount)
        let children = UnsafeMutablePointer<UnsafeMutablePointer<ArrowArray>?>.allocate(
            capacity: max(1, columns.count))
        for (index, column) in columns.enumerated() {
            let child = UnsafeMutablePointer<ArrowArray>.allocate(capacity: 1)
            child.initialize(to: column.export())
            children[index] = child
        }
        var batch = ArrowArray()
        batch.length = Int64(rowCount)
        batch.n_buffers = 1
        batch.buffers = ExportedArray.buffers([nil])
        batch.n_children = Int64(columns.count)
        batch.children = children
        batch.release = { array in
            guard let array else { return }
            ExportedArray.free(array)
        }
        array.initialize(to: batch)
    }
}

extension ColumnWriter {
    /// Moves the values to an array and starts over.
    fileprivate func export() -> ArrowArray {
        var array = ArrowArray()
        array.length = Int64(memory.pointee.rowCount)
        array.null_count = Int64(memory.pointee.nullCount)
        let owned = [
            UnsafeMutableRawPointer(memory.pointee.validity), memory.pointee.values,
            UnsafeMutableRawPointer(memory.pointee.data),
        ]
        let validity = memory.pointee.nullCount > 0 ? UnsafeRawPointer(owned[0]) : nil
        let buffers: [UnsafeRawPointer?] =
            switch memory.pointee.layout {
            case .none: []
            case .bits, .fixed: [validity, UnsafeRawPointer(owned[1])]
            case .variable: [validity, UnsafeRawPointer(owned[1]), UnsafeRawPointer(owned[2])]
            }
        array.n_buffers = Int64(buffers.count)
        array.buffers = ExportedArray.buffers(buffers)
        let blocks = UnsafeMutablePointer<UnsafeMutableRawPointer>.allocate(capacity: owned.count)
        blocks.initialize(from: owned, count: owned.count)
        array.private_data = UnsafeMutableRawPointer(blocks)
        array.release = { array in
            guard let array else { return }
            ExportedArray.free(array)
        }
        memory.pointee.startOver()
        return array
    }
}

/// What exported arrays own; `private_data` of a column points to its three blocks.
private enum ExportedArray {
    static let blockCount = 3

    static func buffers(_ pointers: [UnsafeRawPointer?]) -> UnsafeMutablePointer<UnsafeRawPointer?> {
        let buffers = UnsafeMutablePointer<UnsafeRawPointer?>.allocate(capacity: max(1, pointers.count))
        buffers.initialize(from: pointers, count: pointers.count)
        return buffers
    }

    static func free(_ array: UnsafeMutablePointer<ArrowArray>) {
        if let children = array.pointee.children {
            for index in 0..<Int(array.pointee.n_children) {
                guard let child = children[index] else { continue }
                // A consumer may have moved a child out; then its release is nil and only the struct is left.
                child.pointee.release?(child)
                child.deallocate()
            }
            children.deallocate()
        }
        array.pointee.buffers?.deallocate()
        if let blocks = array.pointee.private_data?.assumingMemoryBound(to: UnsafeMutableRawPointer.self) {
            for index in 0..<blockCount { BatchMemory.give(blocks[index]) }
            blocks.deallocate()
        }
        array.pointee.release = nil
    }
}
