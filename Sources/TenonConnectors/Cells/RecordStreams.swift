package import TenonColumns
package import TenonModel

/// What is to be read, and from where on.
package struct ReadRequest: Sendable {
    /// The request of `open_reader` (`tenon/source.h`).
    package var requestJSON: [UInt8]
    /// A position that an earlier reader of the same request gave, or empty.
    package var checkpoint: [UInt8]
    /// The columns of a stream that comes as lines of JSON; nil: inferred from its beginning.
    package var schemaHint: Schema?

    package init(requestJSON: [UInt8], checkpoint: [UInt8] = [], schemaHint: Schema? = nil) {
        self.requestJSON = requestJSON
        self.checkpoint = checkpoint
        self.schemaHint = schemaHint
    }
}

/// Where records are to be written, and of which columns they are.
package struct WriteRequest: Sendable {
    /// The request of `open_writer` (`tenon/target.h`).
    package var requestJSON: [UInt8]
    /// The columns that every batch will have. For a target that accepts only `ndjson` any columns will do:
    /// the batches become one column of lines on the way.
    package var schema: Schema

    package init(requestJSON: [UInt8], schema: Schema) {
        self.requestJSON = requestJSON
        self.schema = schema
    }
}

/// What a reader hands over, in order; a checkpoint covers everything before it.
package enum RecordEvent: Sendable {
    case schema(Schema)
    case batch(Batch)
    case checkpoint([UInt8])
    /// Rows counted among all records that the reader has read since its start, those left out included.
    case rejected([RejectedRecord])
    /// Records that the source read and left out because the request excludes them; a checkpoint that follows
    /// covers them.
    case skipped(Int64)
    /// How far the stream was read: bytes or records done of a total, which is 0 where unknown. At most some
    /// twenty a second.
    case progress(done: UInt64, total: UInt64)
}

/// A stream being read. One call at a time, except `cancel`.
package protocol BatchReader: AnyObject, Sendable {
    /// What the reader says it followed of the request: a JSON object, or empty for nothing.
    var honoured: [UInt8] { get }
    /// The next events, or nil at the end; empty: no data yet. After an error only `close` may follow.
    func next() throws(CallFailure) -> [RecordEvent]?
    /// Makes a blocked `next` fail soon. From any thread.
    func cancel()
    func close()
}

/// A stream being written. One call at a time, except `cancel`.
package protocol BatchWriter: AnyObject, Sendable {
    /// The last sequence that the target has stored for this job and stream, 0 for none.
    var committedSequence: UInt64 { get }
    /// Rows that the target refuses come back, counted within the batch; all others are taken.
    func write(_ batch: Batch) throws(CallFailure) -> [RejectedRecord]
    func commit(_ sequence: UInt64) throws(CallFailure)
    func abort() throws(CallFailure)
    /// Makes a blocked call fail soon. From any thread.
    func cancel()
    func close()
}
