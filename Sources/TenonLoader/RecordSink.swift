package import TenonColumns
package import TenonModel

/// Takes what a reader hands over, in order. An error ends the reader.
package protocol RecordSink: AnyObject {
    func schema(_ schema: Schema) throws(CallFailure)
    func batch(_ batch: Batch) throws(CallFailure)
    func checkpoint(_ position: [UInt8]) throws(CallFailure)
    func rejected(_ records: [RejectedRecord]) throws(CallFailure)
}
