/// Some rows of a stream.
package struct Batch: Sendable {
    package let schema: Schema
    package let columns: [Column]
    package let rowCount: Int

    /// `columns` follow the schema's order, and each has `rowCount` rows.
    package init(schema: Schema, columns: [Column], rowCount: Int) {
        self.schema = schema
        self.columns = columns
        self.rowCount = rowCount
    }

    package init(empty schema: Schema) {
        self.init(schema: schema, columns: schema.fields.map { ColumnBuilder($0.type).finish() }, rowCount: 0)
    }

    package var byteCount: Int { columns.reduce(0) { $0 + $1.byteCount } }

    package func column(named name: String) -> Column? { schema.index(of: name).map { columns[$0] } }
}
