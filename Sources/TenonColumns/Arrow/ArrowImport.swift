package import TenonBatches
package import TenonModel

/// A source's Arrow schema, understood: what its batches become here.
package struct ArrowImport: Sendable {
    package let schema: Schema
    let layouts: [ArrowLayout]

    /// Borrows `arrow`, whose top-level type must be `+s`.
    package init(_ arrow: UnsafePointer<ArrowSchema>) throws(TenonError) {
        guard arrow.pointee.release != nil, let format = arrow.pointee.format, String(cString: format) == "+s"
        else {
            throw TenonError(
                .batchSchema, "A schema of records must be a struct (\"+s\") that was not released.")
        }
        guard arrow.pointee.dictionary == nil, arrow.pointee.n_children <= Limits.batchColumns else {
            throw TenonError(.batchSchema, "A schema may not have more than \(Limits.batchColumns) columns.")
        }
        var fields: [Field] = []
        var layouts: [ArrowLayout] = []
        for index in 0..<Int(max(0, arrow.pointee.n_children)) {
            guard let child = arrow.pointee.children?[index]?.pointee else {
                throw TenonError(.batchSchema, "Column \(index + 1) of the schema is missing.")
            }
            let name = try Self.name(of: child, index: index)
            let layout = try ArrowLayout(child, column: name)
            layouts.append(layout)
            fields.append(
                Field(
                    name, layout.type, isNullable: child.flags & Int64(ARROW_FLAG_NULLABLE) != 0,
                    late: try Self.late(child, type: layout.type, name: name)))
        }
        guard Set(fields.map(\.name)).count == fields.count else {
            throw TenonError(.batchSchema, "Two columns of the schema have the same name.")
        }
        schema = Schema(fields)
        self.layouts = layouts
    }

    private static func late(_ child: ArrowSchema, type: ColumnType, name: String) throws(TenonError)
        -> ColumnType?
    {
        guard let word = ArrowMetadata.value(of: ArrowMetadata.lateKey, in: child) else { return nil }
        guard type == .utf8 || type == .json, let late = ColumnType(name: word) else {
            throw TenonError(
                .batchType,
                "The column \"\(name)\" is to stand for \"\(word)\" (\(ArrowMetadata.lateKey)); "
                    + "only columns of utf8 and arrow.json may stand for another type.",
                context: ["column": name])
        }
        return late
    }

    private static func name(of child: ArrowSchema, index: Int) throws(TenonError) -> String {
        guard let name = child.name, let text = String(validatingCString: name), !text.isEmpty else {
            throw TenonError(.batchSchema, "Column \(index + 1) of the schema has no name, or none in UTF-8.")
        }
        return text
    }
}

extension Schema {
    package init(importing arrow: UnsafePointer<ArrowSchema>) throws(TenonError) {
        self = try ArrowImport(arrow).schema
    }
}

/// Keeps a moved array alive and releases it at the end.
final class ArrowOwner: @unchecked Sendable {
    // Unchecked: read only after init; the C Data Interface allows release on any thread.
    private var array: ArrowArray

    init(moving source: UnsafeMutablePointer<ArrowArray>) {
        array = source.pointee
        source.pointee.release = nil
    }

    deinit { array.release?(&array) }

    var top: ArrowArray { array }
}

extension Batch {
    /// Takes over `arrow` (its `release` is nil afterwards, also after an error). Columns whose layout agrees
    /// are not copied.
    package init(
        importing arrow: UnsafeMutablePointer<ArrowArray>, schema: ArrowImport
    ) throws(TenonError) {
        guard arrow.pointee.release != nil else {
            throw TenonError(.batchInvalid, "A batch of records was released before it was handed over.")
        }
        let owner = ArrowOwner(moving: arrow)
        let top = owner.top
        guard (0...Int64(Limits.batchRows)).contains(top.length) else {
            throw TenonError(.batchInvalid, "A batch of records has \(top.length) rows.")
        }
        guard top.offset == 0, top.null_count <= 0 || !Self.hasTopLevelNulls(top) else {
            throw TenonError(.batchInvalid, "A batch of records has an offset or nulls at its top level.")
        }
        guard top.n_children == schema.layouts.count else {
            throw TenonError(
                .batchInvalid,
                "A batch of records has \(top.n_children) columns, its schema \(schema.layouts.count).")
        }
        let rowCount = Int(top.length)
        var columns: [Column] = []
        for (index, layout) in schema.layouts.enumerated() {
            let field = schema.schema.fields[index]
            guard let child = top.children?[index] else { throw ColumnCheck.broken(field.name, "is missing") }
            let reader = ArrowReader(owner: owner, column: field.name)
            let column = try reader.column(child.pointee, layout, rows: 0..<rowCount)
            guard field.isNullable || column.nullCount == 0 else {
                throw ColumnCheck.broken(field.name, "has nulls, which its schema excludes")
            }
            columns.append(column)
        }
        self.init(schema: schema.schema, columns: columns, rowCount: rowCount)
    }

    private static func hasTopLevelNulls(_ top: ArrowArray) -> Bool {
        top.n_buffers > 0 && top.buffers?[0] != nil && top.null_count > 0
    }
}
