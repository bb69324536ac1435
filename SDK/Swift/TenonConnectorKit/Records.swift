public import CTenon
public import TenonBatches

/// Takes what `next` has read. Order gives meaning: a checkpoint covers everything before it. A reader speaks
/// batches or lines of JSON, never both. What the host refuses is thrown on, out of `next`.
public struct Records {
    private let pointer: UnsafePointer<tenon_records_t>

    /// Wraps the records of a table's function; valid until that function returns.
    public init(_ pointer: UnsafePointer<tenon_records_t>) { self.pointer = pointer }

    /// Announces the columns; once, before the first batch of the reader.
    public func schema(_ schema: BatchSchema) throws(ConnectorError) {
        var exported = ArrowSchema()
        schema.export(to: &exported)
        try check(pointer.pointee.schema(pointer, &exported))
    }

    /// Hands over the rows that `writer` holds; it is empty afterwards.
    public func batch(_ writer: inout BatchWriter) throws(ConnectorError) {
        var array = ArrowArray()
        writer.export(to: &array)
        try check(pointer.pointee.arrow(pointer, &array))
    }

    /// Hands over a batch that was made otherwise; it is moved, also on error.
    public func arrow(_ array: UnsafeMutablePointer<ArrowArray>) throws(ConnectorError) {
        try check(pointer.pointee.arrow(pointer, array))
    }

    /// Hands over whole lines of JSON, copied.
    public func ndjson(_ lines: UnsafeRawBufferPointer, rowCount: Int) throws(ConnectorError) {
        let bytes = tenon_bytes_t(
            data: lines.baseAddress?.assumingMemoryBound(to: UInt8.self), size: UInt64(lines.count))
        try check(pointer.pointee.ndjson(pointer, bytes, UInt64(clamping: rowCount)))
    }

    /// Says where a reader would go on after everything handed over so far. It must mean the same in another
    /// process.
    public func checkpoint(_ position: [UInt8]) throws(ConnectorError) {
        try check(withBytes(position) { pointer.pointee.checkpoint(pointer, $0) })
    }

    /// Counts rows that were read and left out by the pushed filter since the last call. An older host does
    /// not count them.
    public func skipped(_ rowCount: Int) throws(ConnectorError) {
        guard rowCount > 0, has(\.skipped), let skipped = pointer.pointee.skipped else { return }
        try check(skipped(pointer, UInt64(clamping: rowCount)))
    }

    /// Whether the host takes records that could not be read; an older one does not.
    public var takesRejects: Bool { has(\.reject) && pointer.pointee.reject != nil }

    /// Tells of a record that could not be read. `reason` names the place (file, line, column), `record` is
    /// the record or its beginning. With an older host it fails with `status` instead.
    public func reject(
        _ status: ConnectorError.Status, _ reason: String, record: UnsafeRawBufferPointer
    ) throws(ConnectorError) {
        guard has(\.reject), let reject = pointer.pointee.reject else {
            throw ConnectorError(status, reason, effect: .notApplied)
        }
        let text = tenon_str_t(
            data: record.baseAddress?.assumingMemoryBound(to: CChar.self), size: UInt64(record.count))
        try check(withStr(reason) { reject(pointer, status.rawValue, $0, text) })
    }

    /// TENON_HAS: whether the host's struct is large enough to hold the field.
    private func has<Field>(_ field: KeyPath<tenon_records_t, Field>) -> Bool {
        guard let offset = MemoryLayout<tenon_records_t>.offset(of: field) else { return false }
        return Int(pointer.pointee.struct_size) >= offset + MemoryLayout<Field>.size
    }

    private func check(_ status: tenon_status_t) throws(ConnectorError) {
        guard status >= 0 else { throw ConnectorError(host: status) }
    }
}

/// Takes the rows of a batch that a target refuses while it takes the others. They count only where `write`
/// succeeds.
public struct Rejects {
    private let pointer: UnsafePointer<tenon_rejects_t>

    /// Wraps the rejects of a table's function; valid until that function returns.
    public init(_ pointer: UnsafePointer<tenon_rejects_t>) { self.pointer = pointer }

    /// Refuses the row with this index, once, in any order.
    public func add(row: Int, _ status: ConnectorError.Status, _ reason: String) throws(ConnectorError) {
        let answer = withStr(reason) {
            pointer.pointee.add(pointer, UInt64(clamping: row), status.rawValue, $0)
        }
        guard answer >= 0 else { throw ConnectorError(host: answer) }
    }
}
