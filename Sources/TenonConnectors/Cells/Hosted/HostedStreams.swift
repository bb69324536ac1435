internal import CTenon
internal import TenonColumns
internal import TenonLoader
internal import TenonModel

/// A reader of an instance in the host; its events are gathered call by call.
final class HostedReader: BatchReader, @unchecked Sendable {
    // Unchecked: one call at a time but for `cancel`, which is atomic in the frame.
    let honoured: [UInt8]
    private let instance: HostedInstance
    private var reader: SourceReader?
    private var isOver = false
    private let streamID = CallNumbers.next()

    init(_ request: ReadRequest, instance: HostedInstance) throws(CallFailure) {
        self.instance = instance
        let gather = EventGatherer()
        gatherer = gather
        instance.frame.begin(CallFrame.Facts(callID: streamID))
        let opened: Result<SourceReader, CallFailure> = (request.requestJSON + [0]).withUnsafeBufferPointer {
            text in
            request.checkpoint.withUnsafeBufferPointer { checkpoint in
                Result { () throws(CallFailure) in
                    let opening = ReaderOpening(
                        request: HostedInstance.text(text),
                        checkpoint: tenon_bytes_t(
                            data: checkpoint.baseAddress, size: UInt64(checkpoint.count)),
                        schemaHint: request.schemaHint)
                    return try instance.instance.openReader(opening, sink: gather, frame: instance.frame)
                }
            }
        }
        do throws(CallFailure) { reader = try opened.get() } catch {
            instance.close()
            throw error
        }
        honoured = Array(instance.frame.written)
    }

    private let gatherer: EventGatherer
    /// What came after events that had to be handed over first.
    private var failure: CallFailure?

    func next() throws(CallFailure) -> [RecordEvent]? {
        if let failure { throw failure }
        guard !isOver, let reader else { return nil }
        instance.frame.begin(CallFrame.Facts(callID: streamID))
        let events: [RecordEvent]
        do throws(CallFailure) {
            if try reader.next(frame: instance.frame) == .end { isOver = true }
            events = gatherer.take()
        } catch {
            isOver = true
            failure = error
            events = gatherer.take()
            if events.isEmpty { throw error }
        }
        return isOver && events.isEmpty ? nil : events
    }

    func cancel() { instance.frame.cancel(callID: streamID) }

    func close() {
        guard let reader else { return }
        self.reader = nil
        reader.close()
        instance.close()
    }

    deinit { close() }
}

/// Keeps what one call of `next` hands over.
private final class EventGatherer: RecordSink {
    private var events: [RecordEvent] = []

    func schema(_ schema: Schema) { events.append(.schema(schema)) }
    func batch(_ batch: Batch) { events.append(.batch(batch)) }
    func checkpoint(_ position: [UInt8]) { events.append(.checkpoint(position)) }
    func rejected(_ records: [RejectedRecord]) { events.append(.rejected(records)) }
    func skipped(_ count: Int64) { events.append(.skipped(count)) }
    func progress(done: UInt64, total: UInt64) { events.append(.progress(done: done, total: total)) }

    func take() -> [RecordEvent] {
        defer { events = [] }
        return events
    }
}

/// A writer of an instance in the host.
final class HostedWriter: BatchWriter, @unchecked Sendable {
    // Unchecked: one call at a time but for `cancel`, which is atomic in the frame.
    let committedSequence: UInt64
    private let instance: HostedInstance
    private var writer: TargetWriter?
    private let writerID = CallNumbers.next()

    init(_ request: WriteRequest, instance: HostedInstance, asLines: Bool) throws(CallFailure) {
        self.instance = instance
        instance.frame.begin(CallFrame.Facts(callID: writerID))
        let opened: Result<TargetWriter, CallFailure> = (request.requestJSON + [0]).withUnsafeBufferPointer {
            text in
            Result { () throws(CallFailure) in
                let opening = WriterOpening(
                    request: HostedInstance.text(text), schema: request.schema, asLines: asLines)
                return try instance.instance.openWriter(opening, frame: instance.frame)
            }
        }
        do throws(CallFailure) {
            let writer = try opened.get()
            self.writer = writer
            committedSequence = writer.committedSequence
        } catch {
            instance.close()
            throw error
        }
    }

    private func begin() throws(CallFailure) -> TargetWriter {
        guard let writer else {
            throw CallFailure(.invalidState, "The writer is closed.", effect: .notApplied)
        }
        instance.frame.begin(CallFrame.Facts(callID: writerID))
        return writer
    }

    func write(_ batch: Batch) throws(CallFailure) -> [RejectedRecord] {
        try begin().write(batch, frame: instance.frame)
    }
    func commit(_ sequence: UInt64) throws(CallFailure) {
        try begin().commit(sequence, frame: instance.frame)
    }
    func abort() throws(CallFailure) { try begin().abort(frame: instance.frame) }
    func cancel() { instance.frame.cancel(callID: writerID) }

    func close() {
        guard let writer else { return }
        self.writer = nil
        writer.close()
        instance.close()
    }

    deinit { close() }
}
