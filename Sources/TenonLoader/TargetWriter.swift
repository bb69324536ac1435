internal import CTenon
internal import TenonBatches
package import TenonColumns
internal import TenonJSON
package import TenonModel

/// An open writer of a target. One call at a time.
package final class TargetWriter {
    /// What a target gets that accepts only lines of JSON.
    package static let lineSchema = Schema([Field("record", .utf8, isNullable: false)])

    /// The last sequence that was committed before this writer opened.
    package private(set) var committedSequence: UInt64 = 0
    private let target: UnsafePointer<tenon_target_v1_t>
    private var writer: OpaquePointer?
    private let asLines: Bool

    init(_ target: UnsafePointer<tenon_target_v1_t>, writer: OpaquePointer, asLines: Bool) {
        self.target = target
        self.writer = writer
        self.asLines = asLines
    }

    deinit { close() }

    /// Reads `{"sequence": n}`; nothing written means 0.
    func readState(_ bytes: UnsafeRawBufferPointer) throws(CallFailure) {
        guard !bytes.isEmpty else { return }
        let state = try? JSONParser.parse(Array(bytes))
        // `try?`: whatever is wrong with the document, the same sentence is for the connector's author.
        guard let object = state?.object, let sequence = (object["sequence"] ?? 0).int, sequence >= 0 else {
            throw CallFailure(
                .internal, "The connector's open_writer must answer {\"sequence\": n} and did not.")
        }
        committedSequence = UInt64(sequence)
    }

    /// Writes a batch and answers the rows that were refused.
    package func write(_ batch: Batch, frame: CallFrame) throws(CallFailure) -> [RejectedRecord] {
        guard let writer else { throw closed(frame) }
        let outgoing: Batch
        do throws(TenonError) {
            outgoing = asLines ? try Self.lines(of: batch) : batch
        } catch {
            frame.end()
            throw CallFailure(records: error)
        }
        var array = ArrowArray()
        outgoing.export(to: &array)
        // The target only borrows the batch.
        defer { if let release = array.release { release(&array) } }
        let rejects = RejectReceiver(rowCount: batch.rowCount)
        let status = target.pointee.write(writer, frame.call, &array, rejects.table)
        frame.end()
        try frame.check(status)
        return rejects.records
    }

    package func commit(_ sequence: UInt64, frame: CallFrame) throws(CallFailure) {
        guard let writer else { throw closed(frame) }
        let status = target.pointee.commit(writer, frame.call, sequence)
        frame.end()
        try frame.check(status)
    }

    package func abort(frame: CallFrame) throws(CallFailure) {
        guard let writer else { throw closed(frame) }
        let status = target.pointee.abort(writer, frame.call)
        frame.end()
        try frame.check(status)
    }

    package func close() {
        guard let writer else { return }
        self.writer = nil
        target.pointee.close_writer(writer)
    }

    private func closed(_ frame: CallFrame) -> CallFailure {
        frame.end()
        return CallFailure(.invalidState, "The writer is closed.", effect: .notApplied)
    }

    /// One object a row in the column "record".
    private static func lines(of batch: Batch) throws(TenonError) -> Batch {
        let text = try NDJSONWriter.lines(of: batch)
        let builder = ColumnBuilder(.utf8)
        text.withUnsafeBytes { bytes in
            var start = 0
            for index in bytes.indices where bytes[index] == 0x0A {
                _ = builder.append(UnsafeRawBufferPointer(rebasing: bytes[start..<index]))
                start = index + 1
            }
        }
        let column = builder.finish()
        return Batch(schema: lineSchema, columns: [column], rowCount: column.count)
    }
}

/// The `tenon_rejects_t` of one write.
private final class RejectReceiver {
    let table: UnsafeMutablePointer<tenon_rejects_t>
    private(set) var records: [RejectedRecord] = []
    private let rowCount: Int

    init(rowCount: Int) {
        self.rowCount = rowCount
        table = .allocate(capacity: 1)
        var rejects = tenon_rejects_t()
        rejects.struct_size = UInt32(MemoryLayout<tenon_rejects_t>.size)
        rejects.add = { rejects, row, status, reason in
            let receiver = Unmanaged<RejectReceiver>.fromOpaque(rejects!.pointee.context)
                .takeUnretainedValue()
            return receiver.add(row, status, reason)
        }
        table.initialize(to: rejects)
        table.pointee.context = Unmanaged.passUnretained(self).toOpaque()
    }

    deinit { table.deallocate() }

    private func add(_ row: UInt64, _ status: tenon_status_t, _ reason: tenon_str_t) -> tenon_status_t {
        guard row < UInt64(rowCount), records.count < rowCount else {
            return CallStatus.invalidArgument.rawValue
        }
        let text = CallFrame.text(reason, limit: 4096)
        records.append(RejectedRecord(row: Int64(row), status: CallStatus(code: status), reason: text))
        return TENON_OK
    }
}
