internal import TenonColumns
internal import TenonModel
internal import TenonTransport

/// A reader in a cell. The cell reads ahead into the ring; `next` copies one batch out of it, validates the
/// copy and frees the space, so that source and host work at the same time.
final class CellReader: BatchReader, @unchecked Sendable {
    // Unchecked: one call at a time but for `cancel`, which touches the lane's atomics only.
    let honoured: [UInt8]
    private let lane: StreamLane
    private let streamID: UInt64
    private var schema: Schema?
    private var isIdle = false
    private var isOver = false
    private var isClosed = false
    /// Bytes that were taken out of the ring and not told yet.
    private var unfreed: UInt64 = 0
    /// Records that came or were left out so far.
    private var recordCount: Int64 = 0
    /// Counts of a whole stream are added up, also over several runs; no stream has more records.
    private static let maxRecordCount: Int64 = 1 << 48
    /// What came after events that had to be handed over first.
    private var failure: CallFailure?

    init(_ request: ReadRequest, lane: StreamLane) throws(CallFailure) {
        self.lane = lane
        lane.toHost = RingConsumer(capacity: SharedMemory.ringByteCount)
        streamID = CallNumbers.next()
        lane.take(for: streamID)
        var call = OutgoingCall(.openReader)
        call.first = request.requestJSON
        call.second = request.checkpoint
        call.third = request.schemaHint.map { Array($0.jsonText.utf8) } ?? []
        lane.begin(streamID)
        call.write(to: &lane.writer, callID: streamID)
        try lane.sendAll(callID: streamID)
        let frame = try lane.next(callID: streamID, patience: Limits.streamCall)
        honoured = try lane.obeying { () throws(ProtocolViolation) -> Result<[UInt8], CallFailure> in
            switch frame.header.kind {
            case .output: .success(Array(frame.body))
            case .failure: .failure(try CallFailure(reading: frame.body))
            default: throw .frameUnexpected
            }
        }.get()
    }

    func next() throws(CallFailure) -> [RecordEvent]? {
        if let failure { throw failure }
        if isOver || isClosed { return nil }
        if isIdle {
            isIdle = false
            try tell(.resume)
        }
        var events: [RecordEvent] = []
        while true {
            if unfreed > 0, !lane.socket.hasReceivedMore { try free() }
            let frame = try lane.next(callID: streamID, patience: Limits.streamCall)
            switch frame.header.kind {
            case .idle:
                isIdle = true
                return events
            case .end:
                isOver = true
                return events.isEmpty ? nil : events
            case .failure:
                let told = try lane.obeying { () throws(ProtocolViolation) in
                    try CallFailure(reading: frame.body)
                }
                isOver = true
                failure = told
                if events.isEmpty { throw told }
                return events
            default:
                let event = try event(frame)
                events.append(event)
                // The columns alone are no reason to come back.
                if case .schema = event { continue }
                return events
            }
        }
    }

    private func event(_ frame: FrameSocket.Frame) throws(CallFailure) -> RecordEvent {
        switch frame.header.kind {
        case .schema: return .schema(try newSchema(frame.body))
        case .batch: return .batch(try batch(frame.body))
        case .checkpoint: return .checkpoint(Array(frame.body))
        case .rejected:
            return .rejected(
                try lane.obeying { () throws(ProtocolViolation) in
                    var reader = BodyReader(frame.body)
                    let records = try reader.rejectedRecords()
                    try reader.finish()
                    return records
                })
        case .skipped, .progress:
            return try lane.obeying { () throws(ProtocolViolation) in
                var reader = BodyReader(frame.body)
                let event = try count(frame.header.kind, &reader)
                try reader.finish()
                return event
            }
        default:
            return try lane.obeying { () throws(ProtocolViolation) -> RecordEvent in throw .frameUnexpected }
        }
    }

    private func count(
        _ kind: FrameKind, _ reader: inout BodyReader
    ) throws(ProtocolViolation) -> RecordEvent {
        guard kind == .skipped else {
            return .progress(done: try reader.integer(UInt64.self), total: try reader.integer(UInt64.self))
        }
        let count = try reader.integer(Int64.self)
        try note(count)
        return .skipped(count)
    }

    private func note(_ count: Int64) throws(ProtocolViolation) {
        guard (0...(Self.maxRecordCount - recordCount)).contains(count) else { throw .frameBody }
        recordCount += count
    }

    private func newSchema(_ body: UnsafeRawBufferPointer) throws(CallFailure) -> Schema {
        try lane.obeying { () throws(ProtocolViolation) in
            guard schema == nil else { throw .streamOrder }
            // `try?`: every way in which it is no schema breaks the same rule.
            guard let parsed = try? Schema.parse(json: Array(body)),
                parsed.fields.count <= Limits.batchColumns
            else {
                throw .batchSchema
            }
            schema = parsed
            return parsed
        }
    }

    private func batch(_ body: UnsafeRawBufferPointer) throws(CallFailure) -> Batch {
        let batch = try lane.obeying { () throws(ProtocolViolation) in
            guard let schema else { throw .streamOrder }
            let message = try RingMessage(reading: body)
            let range = try lane.toHost.take(position: message.position, byteCount: message.byteCount)
            let content = range.lowerBound..<(range.lowerBound + Int(message.contentByteCount))
            // `decode` copies before it looks: the cell may write while it reads.
            let bytes = UnsafeRawBufferPointer(rebasing: lane.memory.toHost[content])
            unfreed += message.byteCount
            let batch: Batch
            do throws(TenonError) { batch = try BatchWire.decode(bytes, schema: schema) } catch {
                throw .batchContent
            }
            try note(Int64(batch.rowCount))
            return batch
        }
        if unfreed >= lane.toHost.capacity / 4 { try free() }
        return batch
    }

    /// Tells the cell what is free: now and then, and before this side waits for the cell.
    private func free() throws(CallFailure) {
        unfreed = 0
        try tell(.consumed)
    }

    private func tell(_ kind: FrameKind) throws(CallFailure) {
        lane.writer.begin(kind, callID: streamID)
        if kind == .consumed { lane.writer.put(lane.toHost.free()) }
        lane.writer.finish()
        try lane.sendAll(callID: streamID)
    }

    func cancel() { lane.cancel(for: streamID) }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        do throws(CallFailure) {
            if !isOver { lane.cancel(for: streamID) }
            try closeStream()
            lane.leave()
            lane.process.giveBack(lane)
        } catch {
            lane.process.giveUp(lane)
        }
    }

    /// Ends the stream in the cell; what was still on its way is thrown away.
    private func closeStream() throws(CallFailure) {
        let closing = CallNumbers.next()
        OutgoingCall(.closeStream).write(to: &lane.writer, callID: closing)
        try lane.sendAll(callID: closing)
        try lane.awaitClosing(streamID: streamID, closing: closing)
    }

    deinit { close() }
}
