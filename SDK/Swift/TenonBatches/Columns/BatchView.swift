/// A batch as columns to read. The array must outlive the view.
public struct BatchView {
    public let schema: BatchSchema
    public let rowCount: Int
    /// In the schema's order.
    public let columns: [ColumnView]

    /// Looks at `array`, whose layout must be the schema's; throws where the array contradicts itself.
    public init(_ array: UnsafePointer<ArrowArray>, schema: BatchSchema) throws(BatchError) {
        let batch = array.pointee
        guard batch.length >= 0, batch.offset >= 0, batch.length <= Int64.max - batch.offset else {
            throw BatchError("The batch has \(batch.length) rows from \(batch.offset) on.")
        }
        guard batch.n_children == schema.columns.count, schema.columns.isEmpty || batch.children != nil else {
            throw BatchError(
                "The batch has \(batch.n_children) columns, and its schema \(schema.columns.count).")
        }
        var columns: [ColumnView] = []
        columns.reserveCapacity(schema.columns.count)
        for (index, column) in schema.columns.enumerated() {
            guard let child = batch.children[index] else {
                throw BatchError(column: column.name, "The batch lacks the column \"\(column.name)\".")
            }
            columns.append(
                try ColumnView(child, column, start: Int(batch.offset), rowCount: Int(batch.length)))
        }
        self.schema = schema
        self.columns = columns
        rowCount = Int(batch.length)
    }
}
