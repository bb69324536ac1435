package import CTenon
package import TenonColumns
package import TenonModel

/// An open reader of a source. One call at a time.
package final class SourceReader {
    package enum Progress: Sendable, Equatable {
        case handedOver
        /// No data yet.
        case nothing
        case end
    }

    private let source: UnsafePointer<tenon_source_v1_t>
    private var reader: OpaquePointer?
    private let receiver: RecordReceiver

    package init(
        _ source: UnsafePointer<tenon_source_v1_t>, reader: OpaquePointer, schema: Schema?,
        sink: any RecordSink
    ) {
        self.source = source
        self.reader = reader
        receiver = RecordReceiver(schema: schema, sink: sink)
    }

    deinit { close() }

    /// Reads on; the sink gets what there is. After an error or the end only `close` may follow.
    package func next(frame: CallFrame) throws(CallFailure) -> Progress {
        guard let reader else {
            frame.end()
            throw CallFailure(.invalidState, "The reader is closed.")
        }
        receiver.beginCall()
        frame.reading = receiver
        let status = source.pointee.next(reader, frame.call, receiver.records)
        frame.reading = nil
        frame.end()
        if let failure = receiver.failure { throw failure }
        try frame.check(status)
        try receiver.endCall(isLast: status == TENON_END)
        if status == TENON_END { return .end }
        return receiver.handedOver > 0 ? .handedOver : .nothing
    }

    package func close() {
        guard let reader else { return }
        self.reader = nil
        source.pointee.close_reader(reader)
    }
}
