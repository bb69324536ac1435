package import TenonBatches

extension Schema {
    /// Fills in `arrow`, which then owns what it points at; its `release` frees it.
    package func export(to arrow: UnsafeMutablePointer<ArrowSchema>) {
        arrow.pointee = ArrowSchemaMaker.make(format: "+s", name: "", children: fields)
    }
}

private enum ArrowSchemaMaker {
    static func make(format: String, name: String, children: [Field] = [], field: Field? = nil) -> ArrowSchema
    {
        var schema = ArrowSchema()
        schema.format = UnsafePointer(copy(Array(format.utf8) + [0]))
        schema.name = UnsafePointer(copy(Array(name.utf8) + [0]))
        if let field, let metadata = ArrowMetadata.of(field) {
            schema.metadata = UnsafePointer(copy(metadata))
        }
        if field?.isNullable == true { schema.flags = Int64(ARROW_FLAG_NULLABLE) }
        schema.n_children = Int64(children.count)
        if !children.isEmpty {
            let pointers = UnsafeMutablePointer<UnsafeMutablePointer<ArrowSchema>?>.allocate(
                capacity: children.count)
            for (index, child) in children.enumerated() {
                let pointer = UnsafeMutablePointer<ArrowSchema>.allocate(capacity: 1)
                pointer.initialize(to: make(format: child.type.arrowFormat, name: child.name, field: child))
                pointers[index] = pointer
            }
            schema.children = pointers
        }
        schema.release = { schema in
            guard let schema else { return }
            ArrowSchemaMaker.free(schema)
        }
        return schema
    }

    private static func copy(_ bytes: [UInt8]) -> UnsafeMutablePointer<CChar> {
        let pointer = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        for (index, byte) in bytes.enumerated() { pointer[index] = CChar(bitPattern: byte) }
        return pointer
    }

    static func free(_ schema: UnsafeMutablePointer<ArrowSchema>) {
        schema.pointee.format?.deallocate()
        schema.pointee.name?.deallocate()
        schema.pointee.metadata?.deallocate()
        if let children = schema.pointee.children {
            for index in 0..<Int(schema.pointee.n_children) {
                guard let child = children[index] else { continue }
                child.pointee.release?(child)
                child.deallocate()
            }
            children.deallocate()
        }
        schema.pointee.release = nil
    }
}

extension ColumnType {
    /// The format text of the C Data Interface.
    var arrowFormat: String {
        switch self {
        case .bool: "b"
        case .int8: "c"
        case .int16: "s"
        case .int32: "i"
        case .int64: "l"
        case .uint8: "C"
        case .uint16: "S"
        case .uint32: "I"
        case .uint64: "L"
        case .float32: "f"
        case .float64: "g"
        case .decimal128(let precision, let scale): "d:\(precision),\(scale)"
        case .utf8, .json: "u"
        case .binary: "z"
        case .date32: "tdD"
        case .time64: "ttu"
        case .timestamp(let isUTC): isUTC ? "tsu:UTC" : "tsu:"
        case .null: "n"
        }
    }
}

extension Batch {
    /// Fills in `arrow`, which then keeps this batch alive until its `release`. Nothing is copied.
    package func export(to arrow: UnsafeMutablePointer<ArrowArray>) {
        arrow.pointee = ArrowArrayMaker.make(length: rowCount, buffers: [nil], children: columns, owner: nil)
    }
}

/// What an exported array keeps alive.
private final class ExportOwner {
    let column: Column
    init(_ column: Column) { self.column = column }
}

private enum ArrowArrayMaker {
    static func make(
        length: Int, buffers: [UnsafeRawPointer?], children: [Column] = [], owner: Column?
    ) -> ArrowArray {
        var array = ArrowArray()
        array.length = Int64(length)
        array.null_count = Int64(owner?.nullCount ?? 0)
        array.n_buffers = Int64(buffers.count)
        let pointers = UnsafeMutablePointer<UnsafeRawPointer?>.allocate(capacity: max(1, buffers.count))
        for (index, buffer) in buffers.enumerated() { pointers[index] = buffer }
        array.buffers = pointers
        array.n_children = Int64(children.count)
        if !children.isEmpty {
            let pointers = UnsafeMutablePointer<UnsafeMutablePointer<ArrowArray>?>.allocate(
                capacity: children.count)
            for (index, column) in children.enumerated() {
                let pointer = UnsafeMutablePointer<ArrowArray>.allocate(capacity: 1)
                pointer.initialize(to: make(length: length, buffers: column.arrowBuffers, owner: column))
                pointers[index] = pointer
            }
            array.children = pointers
        }
        if let owner { array.private_data = Unmanaged.passRetained(ExportOwner(owner)).toOpaque() }
        array.release = { array in
            guard let array else { return }
            ArrowArrayMaker.free(array)
        }
        return array
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
        if let owner = array.pointee.private_data { Unmanaged<ExportOwner>.fromOpaque(owner).release() }
        array.pointee.release = nil
    }
}

extension Column {
    fileprivate var arrowBuffers: [UnsafeRawPointer?] {
        switch type.layout {
        case .none: []
        case .bits, .fixed: [validity?.pointer, values.pointer]
        case .variable: [validity?.pointer, values.pointer, (data ?? .zeros).pointer]
        }
    }
}
