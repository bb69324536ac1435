package import TenonColumns
package import TenonModel

/// Takes what a reader hands over, in order. An error ends the reader.
package protocol RecordSink: AnyObject {
    func schema(_ schema: Schema) throws(CallFailure)
    func batch(_ batch: Batch) throws(CallFailure)
    func checkpoint(_ position: [UInt8]) throws(CallFailure)
    func rejected(_ records: [RejectedRecord]) throws(CallFailure)
    /// Records that were read and left out because the request excludes them.
    func skipped(_ count: Int64) throws(CallFailure)
    /// How far the stream was read: bytes or records done of a total, which is 0 where unknown.
    func progress(done: UInt64, total: UInt64)
}
