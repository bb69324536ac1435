/// A column's name and type.
public struct ColumnDescription: Hashable, Sendable {
    public var name: String
    /// How the values lie in memory.
    public var kind: ColumnKind
    public var isNullable: Bool
    /// Of a late column, whose values are texts that nobody has parsed yet: the type they stand for. The kind
    /// is then `utf8` (the text of a value, as in CSV) or `json` (a JSON token as it stood in its line).
    public var late: ColumnKind?

    public init(_ name: String, _ kind: ColumnKind, isNullable: Bool = true, late: ColumnKind? = nil) {
        self.name = name
        self.kind = kind
        self.isNullable = isNullable
        self.late = late
    }
}

/// The columns of a stream, in order.
public struct BatchSchema: Hashable, Sendable {
    public var columns: [ColumnDescription]

    public init(_ columns: [ColumnDescription]) { self.columns = columns }

    public func index(of name: String) -> Int? { columns.firstIndex { $0.name == name } }
}

extension BatchSchema {
    /// Fills in `schema`, which owns its memory until its `release`.
    public func export(to schema: UnsafeMutablePointer<ArrowSchema>) {
        schema.initialize(to: Self.node(format: "+s", name: "", metadata: [], flags: 0))
        let children = UnsafeMutablePointer<UnsafeMutablePointer<ArrowSchema>?>.allocate(
            capacity: max(1, columns.count))
        for (index, column) in columns.enumerated() {
            let child = UnsafeMutablePointer<ArrowSchema>.allocate(capacity: 1)
            child.initialize(to: Self.node(column))
            children[index] = child
        }
        schema.pointee.children = children
        schema.pointee.n_children = Int64(columns.count)
    }

    private static func node(_ column: ColumnDescription) -> ArrowSchema {
        var pairs: [(key: String, value: String)] = []
        if column.kind == .json {
            pairs.append((ArrowMetadata.extensionKey, ArrowMetadata.jsonExtension))
            pairs.append(("ARROW:extension:metadata", ""))
        }
        if let late = column.late { pairs.append((ArrowMetadata.lateKey, late.name)) }
        return node(
            format: column.kind.arrowFormat, name: column.name, metadata: pairs,
            flags: column.isNullable ? Int64(ARROW_FLAG_NULLABLE) : 0)
    }

    /// One block holds all texts of a node, and the node's `release` frees it.
    private static func node(
        format: String, name: String, metadata: [(key: String, value: String)], flags: Int64
    ) -> ArrowSchema {
        let encoded = metadata.isEmpty ? [] : ArrowMetadata.encode(metadata)
        // A name with a NUL would end there for every reader of C strings.
        let name = name.utf8.prefix { $0 != 0 }
        let text = encoded + Array(format.utf8) + [0] + Array(name) + [0]
        let block = UnsafeMutablePointer<CChar>.allocate(capacity: text.count)
        for (index, byte) in text.enumerated() { block[index] = CChar(bitPattern: byte) }
        var schema = ArrowSchema()
        schema.metadata = encoded.isEmpty ? nil : UnsafePointer(block)
        schema.format = UnsafePointer(block + encoded.count)
        schema.name = UnsafePointer(block + encoded.count + format.utf8.count + 1)
        schema.flags = flags
        schema.private_data = UnsafeMutableRawPointer(block)
        schema.release = { schema in
            guard let schema else { return }
            BatchSchema.free(schema)
        }
        return schema
    }

    private static func free(_ schema: UnsafeMutablePointer<ArrowSchema>) {
        if let children = schema.pointee.children {
            for index in 0..<Int(schema.pointee.n_children) {
                guard let child = children[index] else { continue }
                // A consumer may have moved a child out; then its release is nil and only the struct is left.
                child.pointee.release?(child)
                child.deallocate()
            }
            children.deallocate()
        }
        schema.pointee.private_data?.deallocate()
        schema.pointee.release = nil
    }

    /// Reads the columns of an Arrow schema (format `+s`), which stays the caller's.
    public init(importing schema: UnsafePointer<ArrowSchema>) throws(BatchError) {
        guard let format = schema.pointee.format, String(cString: format) == "+s" else {
            throw BatchError("The schema is not a struct of columns (format \"+s\").")
        }
        let count = schema.pointee.n_children
        guard count >= 0, count == 0 || schema.pointee.children != nil else {
            throw BatchError("The schema lacks its columns.")
        }
        var columns: [ColumnDescription] = []
        for index in 0..<Int(count) {
            guard let child = schema.pointee.children[index] else {
                throw BatchError("The schema lacks its column \(index).")
            }
            columns.append(try Self.column(child))
        }
        self.init(columns)
    }

    private static func column(_ schema: UnsafePointer<ArrowSchema>) throws(BatchError) -> ColumnDescription {
        let name = schema.pointee.name.map { String(cString: $0) } ?? ""
        let format = schema.pointee.format.map { String(cString: $0) } ?? ""
        let metadata = ArrowMetadata.decode(schema.pointee.metadata)
        let isJSON = metadata[ArrowMetadata.extensionKey] == ArrowMetadata.jsonExtension
        guard schema.pointee.dictionary == nil, let kind = ColumnKind(arrowFormat: format, isJSON: isJSON)
        else {
            throw BatchError(column: name, "The column \"\(name)\" has the unknown format \"\(format)\".")
        }
        var late: ColumnKind?
        if let lateName = metadata[ArrowMetadata.lateKey] {
            late = ColumnKind(name: lateName)
            if late == nil {
                throw BatchError(column: name, "The column \"\(name)\" has the unknown type \"\(lateName)\".")
            }
        }
        return ColumnDescription(
            name, kind, isNullable: schema.pointee.flags & Int64(ARROW_FLAG_NULLABLE) != 0, late: late)
    }
}
