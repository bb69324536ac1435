internal import CTenon
internal import TenonBatches
internal import TenonColumns
internal import TenonModel

/// The `tenon_records_t` of a reader: checks order and kind, turns Arrow and lines into batches.
final class RecordReceiver {
    private enum Kind {
        case unknown
        case arrow
        case lines
    }

    let records: UnsafeMutablePointer<tenon_records_t>
    /// What went wrong in a callback; it ends the reader whatever the connector answers.
    private(set) var failure: CallFailure?
    private(set) var handedOver = 0
    private let sink: any RecordSink
    private var kind = Kind.unknown
    private var importer: ArrowImport?
    private var lines: NDJSONReader
    private var isSchemaKnown = false
    private var tally = ReadTally()

    init(schema: Schema?, sink: any RecordSink) {
        self.sink = sink
        lines = NDJSONReader(schema: schema)
        records = .allocate(capacity: 1)
        var table = tenon_records_t()
        table.struct_size = UInt32(MemoryLayout<tenon_records_t>.size)
        table.schema = { records, schema in
            let receiver = RecordReceiver.at(records)
            defer { if let schema, let release = schema.pointee.release { release(schema) } }
            return receiver.take { () throws(CallFailure) in try receiver.announce(schema) }
        }
        table.arrow = { records, batch in
            let receiver = RecordReceiver.at(records)
            defer { if let batch, let release = batch.pointee.release { release(batch) } }
            return receiver.take { () throws(CallFailure) in try receiver.accept(batch) }
        }
        table.ndjson = { records, bytes, rowCount in
            let receiver = RecordReceiver.at(records)
            return receiver.take { () throws(CallFailure) in try receiver.accept(bytes, rowCount: rowCount) }
        }
        table.checkpoint = { records, position in
            let receiver = RecordReceiver.at(records)
            return receiver.take { () throws(CallFailure) in try receiver.accept(position) }
        }
        table.skipped = { records, count in
            let receiver = RecordReceiver.at(records)
            return receiver.take { () throws(CallFailure) in try receiver.tally.skip(count) }
        }
        table.reject = { records, status, reason, record in
            let receiver = RecordReceiver.at(records)
            return receiver.take { () throws(CallFailure) in
                try receiver.tally.reject(status, reason, record)
                if receiver.tally.isFull { try receiver.settle() }
            }
        }
        records.initialize(to: table)
        records.pointee.context = Unmanaged.passUnretained(self).toOpaque()
    }

    deinit { records.deallocate() }

    private static func at(_ records: UnsafePointer<tenon_records_t>?) -> RecordReceiver {
        Unmanaged<RecordReceiver>.fromOpaque(records!.pointee.context).takeUnretainedValue()
    }

    func beginCall() { handedOver = 0 }

    /// Hands over what was held back: counts and rejected records, at the reader's end also lines.
    func endCall(isLast: Bool) throws(CallFailure) {
        if isLast, kind == .lines { try flushLines(isFinal: true) }
        try settle()
        if isLast, let (done, total) = tally.lastProgress { sink.progress(done: done, total: total) }
    }

    /// `progress` of a call of `next`.
    func progress(done: UInt64, total: UInt64, now: UInt64) {
        if tally.isProgressDue(done: done, total: total, now: now) { sink.progress(done: done, total: total) }
    }

    /// What lies between two checkpoints in small pieces goes on together.
    private func settle() throws(CallFailure) {
        let rejected = tally.takeRejected()
        if !rejected.isEmpty { try sink.rejected(rejected) }
        let skipped = tally.takeSkipped()
        if skipped > 0 { try sink.skipped(skipped) }
    }

    private func take(_ body: () throws(CallFailure) -> Void) -> tenon_status_t {
        if let failure { return failure.status.rawValue }
        handedOver += 1
        do {
            try body()
            return TENON_OK
        } catch {
            failure = error
            return error.status.rawValue
        }
    }

    private func become(_ wanted: Kind) throws(CallFailure) {
        if kind == .unknown { kind = wanted }
        guard kind == wanted else {
            throw CallFailure(
                .invalidState, "The reader mixes Arrow batches and lines of JSON; it may speak one of them.")
        }
    }

    private func announce(_ schema: UnsafeMutablePointer<ArrowSchema>?) throws(CallFailure) {
        try become(.arrow)
        guard importer == nil else {
            throw CallFailure(
                .invalidState, "The reader announced its schema twice. Answer SCHEMA_CHANGED to change it.")
        }
        guard let schema else { throw CallFailure(.badData, "The reader announced NULL as its schema.") }
        do throws(TenonError) {
            let importer = try ArrowImport(schema)
            self.importer = importer
        } catch {
            throw CallFailure(records: error)
        }
        if let importer { try sink.schema(importer.schema) }
    }

    private func accept(_ array: UnsafeMutablePointer<ArrowArray>?) throws(CallFailure) {
        try become(.arrow)
        guard let importer else {
            throw CallFailure(.invalidState, "The reader handed over a batch before it announced the schema.")
        }
        guard let array else { throw CallFailure(.badData, "The reader handed over NULL as a batch.") }
        let batch: Batch
        do throws(TenonError) {
            batch = try Batch(importing: array, schema: importer)
        } catch {
            throw CallFailure(records: error)
        }
        tally.read += Int64(batch.rowCount)
        if batch.rowCount > 0 { try sink.batch(batch) }
    }

    private func accept(_ bytes: tenon_bytes_t, rowCount: UInt64) throws(CallFailure) {
        try become(.lines)
        guard let data = bytes.data, bytes.size > 0 else { return }
        guard bytes.size <= UInt64(Limits.cellFrameBytes) else {
            throw CallFailure(
                .resourceExhausted, "The reader handed over \(bytes.size) bytes of lines at once.")
        }
        tally.read &+= Int64(clamping: min(rowCount, bytes.size))
        lines.append(
            UnsafeRawBufferPointer(start: data, count: Int(bytes.size)), rowCount: Int(clamping: rowCount))
        try flushLines(isFinal: false)
    }

    private func accept(_ position: tenon_bytes_t) throws(CallFailure) {
        guard position.size <= UInt64(TENON_MAX_CHECKPOINT_BYTES) else {
            throw CallFailure(
                .resourceExhausted,
                "A checkpoint has \(position.size) bytes; \(TENON_MAX_CHECKPOINT_BYTES) are allowed.")
        }
        if kind == .lines { try flushLines(isFinal: true) }
        try settle()
        let bytes = UnsafeBufferPointer(
            start: position.data, count: position.data == nil ? 0 : Int(position.size))
        try sink.checkpoint(Array(bytes))
    }

    private func flushLines(isFinal: Bool) throws(CallFailure) {
        let batches: [Batch]
        do throws(TenonError) {
            batches = try lines.takeBatches(isFinal: isFinal)
        } catch {
            throw CallFailure(records: error)
        }
        if !isSchemaKnown, let schema = lines.schema {
            isSchemaKnown = true
            try sink.schema(schema)
        }
        for batch in batches where batch.rowCount > 0 { try sink.batch(batch) }
        var rejects = lines.takeRejects()
        for index in rejects.indices { rejects[index].row += tally.besidesLines }
        if !rejects.isEmpty { try sink.rejected(rejects) }
    }
}
