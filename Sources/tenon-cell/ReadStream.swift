internal import Glibc
internal import TenonColumns
internal import TenonLoader
internal import TenonModel
internal import TenonTransport

/// A reader that runs ahead of the host: while the host works on one batch, the next ones go into the ring,
/// until it is full. Frames: schema, batch, checkpoint, rejected,
/// skipped, progress, idle, end or failure; the host answers with
/// consumed and resume, and ends the stream with a closing call.
final class ReadStream: RecordSink {
    // Unowned: the lane makes the stream and holds it while it runs.
    private unowned let lane: Lane
    private let memory: SharedMemory
    private let callID: UInt64
    private var ring = RingProducer(capacity: SharedMemory.ringByteCount)
    private var writer = BodyWriter()
    var reader: SourceReader?
    private var isResumed = false
    /// The id of the call that closes the stream.
    private var closingCallID: UInt64?

    init(lane: Lane, memory: SharedMemory, callID: UInt64) {
        self.lane = lane
        self.memory = memory
        self.callID = callID
    }

    func run() throws(FrameError) {
        lane.stream = self
        defer { lane.stream = nil }
        var isOver = false
        while !isOver, closingCallID == nil {
            try noteWaiting()
            guard closingCallID == nil, let reader else { break }
            lane.begin(CallFrame.Facts(callID: callID))
            switch next(reader) {
            case .success(.handedOver): break
            case .success(.nothing):
                isResumed = false
                send(.idle)
                while !isResumed, closingCallID == nil { try noteNext() }
            case .success(.end):
                send(.end)
                isOver = true
            case .failure(let failure):
                failure.write(to: &writer, kind: .failure, callID: callID)
                try lane.socket.send(writer.bytes)
                isOver = true
            }
        }
        while closingCallID == nil { try noteNext() }
        reader?.close()
        writer.begin(.output, callID: closingCallID ?? 0)
        writer.finish()
        try lane.socket.send(writer.bytes)
    }

    private func next(_ reader: SourceReader) -> Result<SourceReader.Progress, CallFailure> {
        do throws(CallFailure) { return .success(try reader.next(frame: lane.frame)) } catch {
            return .failure(error)
        }
    }

    // MARK: What the host says

    /// Takes a frame that came from the host while the stream runs.
    func note(_ received: FrameSocket.Frame) throws(FrameError) {
        do throws(ProtocolViolation) {
            switch received.header.kind {
            case .consumed:
                var body = BodyReader(received.body)
                try ring.free(upTo: try body.integer(UInt64.self))
            case .resume: isResumed = true
            case .call:
                guard try CallMessage(reading: received.body).operation == .closeStream else {
                    throw .frameUnexpected
                }
                closingCallID = received.header.callID
            default: throw .frameUnexpected
            }
        } catch {
            throw .violation(error)
        }
    }

    private func noteWaiting() throws(FrameError) {
        while let received = try lane.socket.receive(wait: false) { try note(received) }
    }
    private func noteNext() throws(FrameError) {
        if let received = try lane.socket.receive(wait: true) { try note(received) }
    }

    // MARK: RecordSink

    func schema(_ schema: Schema) {
        send(.schema) { $0.put(raw: Array(schema.jsonText.utf8)) }
    }

    func batch(_ batch: Batch) throws(CallFailure) {
        let byteCount = BatchWire.encodedByteCount(batch)
        if byteCount > Limits.cellBatchBytes {
            guard batch.rowCount > 1 else {
                throw CallFailure(
                    .resourceExhausted,
                    "A row has \(byteCount) bytes; at most \(Limits.cellBatchBytes) go through.",
                    errorClass: .data)
            }
            let middle = batch.rowCount / 2
            try self.batch(batch.slice(0..<middle))
            return try self.batch(batch.slice(middle..<batch.rowCount))
        }
        let rounded = (byteCount + 7) & ~7
        let place = try room(for: rounded)
        let target = UnsafeMutableRawBufferPointer(rebasing: memory.toHost[place.range])
        let written = BatchWire.encode(batch, into: target)
        ring.commit(position: place.position, byteCount: rounded)
        send(.batch) { writer in
            writer.put(place.position)
            writer.put(UInt64(rounded))
            writer.put(UInt64(written))
        }
    }

    func checkpoint(_ position: [UInt8]) { send(.checkpoint) { $0.put(raw: position) } }

    func rejected(_ records: [RejectedRecord]) { send(.rejected) { $0.put(records) } }

    func skipped(_ count: Int64) { send(.skipped) { $0.put(count) } }

    func progress(done: UInt64, total: UInt64) {
        send(.progress) { writer in
            writer.put(done)
            writer.put(total)
        }
    }

    private func room(for byteCount: Int) throws(CallFailure) -> (position: UInt64, range: Range<Int>) {
        do throws(FrameError) {
            try noteWaiting()
            while true {
                if closingCallID != nil { break }
                if let place = ring.room(for: byteCount) { return place }
                try noteNext()
            }
        } catch {
            _exit(error == .closed ? 0 : 3)
        }
        throw CallFailure(.cancelled, "The host closed the stream.")
    }

    private func send(_ kind: FrameKind, _ fill: (inout BodyWriter) -> Void = { _ in }) {
        writer.begin(kind, callID: callID)
        fill(&writer)
        writer.finish()
        // The host is gone: so is this process, by its control socket.
        do throws(FrameError) { try lane.socket.send(writer.bytes) } catch { _exit(0) }
    }
}
