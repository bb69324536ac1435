internal import CPlatform
internal import CTenon
internal import Glibc
internal import TenonColumns
internal import TenonLoader
internal import TenonModel
internal import TenonTransport

/// One lane: a thread, a socket and an instance of the connector. It takes its calls itself and serves one at
/// a time, so that nothing on an instance ever overlaps. The host may end it at any time by closing the
/// socket.
final class Lane {
    private let context: LaneContext
    let socket: FrameSocket
    let memory: SharedMemory?
    let frame: CallFrame
    private let directory: LaneDirectory
    var writer = BodyWriter()
    private var spin = AdaptiveSpin()
    private var instance: ConnectorInstance?
    private var target: TargetWriter?
    private var targetSchema: Schema?
    private var toCell = RingConsumer(capacity: SharedMemory.ringByteCount)
    private var isFinished = false

    init(
        _ context: LaneContext, socket: FrameSocket, memory: SharedMemory?, frame: CallFrame,
        directory: LaneDirectory
    ) {
        self.context = context
        self.socket = socket
        self.memory = memory
        self.frame = frame
        self.directory = directory
    }

    func run() {
        frame.progressHost = context.host
        // Unowned: the frame serves calls only inside this function.
        frame.stateService = { [unowned self] request throws(CallFailure) in try self.askState(request) }
        do throws(FrameError) {
            while !isFinished {
                let received = try spin.receive(socket)
                try serve(received)
            }
        } catch {
            // The host closed the lane, or is gone; then the control socket ends the process.
            if case .violation = error { _exit(3) }
        }
        target?.close()
        frame.stateService = nil
    }

    private func serve(_ received: FrameSocket.Frame) throws(FrameError) {
        // What is left of a stream that just ended.
        if received.header.kind == .consumed || received.header.kind == .resume { return }
        guard received.header.kind == .call else { throw .violation(.frameUnexpected) }
        let call: CallMessage
        do throws(ProtocolViolation) { call = try CallMessage(reading: received.body) } catch {
            throw .violation(error)
        }
        let callID = received.header.callID
        begin(call, callID: callID)
        do throws(CallFailure) {
            try perform(call, callID: callID)
        } catch {
            error.write(to: &writer, kind: .failure, callID: callID)
        }
        try socket.send(writer.bytes)
        if let stream = openedStream {
            openedStream = nil
            try stream.run()
        }
    }

    /// A reader that was opened by the call just answered.
    private var openedStream: ReadStream?

    private func begin(_ call: CallMessage, callID: UInt64) {
        var facts = CallFrame.Facts(callID: callID)
        facts.attempt = call.attempt
        facts.deadlineNanoseconds = call.deadlineNanoseconds
        facts.idempotencyKey = text(call.idempotencyKey)
        facts.traceparent = text(call.traceparent)
        begin(facts)
    }

    func begin(_ facts: CallFrame.Facts) {
        frame.begin(facts)
        if directory.isCancelledEarly(callID: facts.callID) { frame.cancel(callID: facts.callID) }
    }

    /// Does what the call says and leaves the answer in `writer`.
    private func perform(_ call: CallMessage, callID: UInt64) throws(CallFailure) {
        switch call.operation {
        case .invoke:
            try needInstance().invoke(name: text(call.first), input: text(call.second), frame: frame)
            answer(callID, frame.written)
        case .open:
            guard instance == nil else {
                throw CallFailure(.invalidState, "The lane's instance is open already.")
            }
            instance = try ConnectorInstance(
                context.library, host: context.host, name: context.name, configuration: text(call.first),
                frame: frame)
            answer(callID)
        case .probe:
            try ConnectorInstance.probe(context.library, host: context.host, name: context.name, frame: frame)
            answer(callID)
        case .nothing:
            frame.end()
            answer(callID)
        case .check:
            try needInstance().check(frame: frame)
            answerItems(callID)
        case .discover:
            try needInstance().discover(frame: frame)
            answerItems(callID)
        case .openReader: try openReader(call, callID)
        case .openWriter: try openWriter(call, callID)
        case .write: try write(call, callID)
        case .commit:
            try needTarget().commit(call.number, frame: frame)
            answer(callID)
        case .abort:
            try needTarget().abort(frame: frame)
            answer(callID)
        case .closeStream:
            frame.end()
            target?.close()
            target = nil
            answer(callID)
        case .closeInstance:
            isFinished = true
            defer { instance?.destroy() }
            try needInstance().close(frame: frame)
            answer(callID)
        }
    }

    private func openReader(_ call: CallMessage, _ callID: UInt64) throws(CallFailure) {
        guard let memory else { throw CallFailure(.invalidState, "This lane has no shared memory.") }
        let stream = ReadStream(lane: self, memory: memory, callID: callID)
        let opening = ReaderOpening(
            request: text(call.first), checkpoint: bytes(call.second), schemaHint: try schema(call.third))
        let instance = try needInstance()
        stream.reader = try instance.openReader(opening, sink: stream, frame: frame)
        openedStream = stream
        answer(callID, frame.written)
    }

    private func openWriter(_ call: CallMessage, _ callID: UInt64) throws(CallFailure) {
        guard memory != nil, let schema = try schema(call.third) else {
            throw CallFailure(.invalidState, "This lane has no shared memory, or the call no schema.")
        }
        let opening = WriterOpening(request: text(call.first), schema: schema, asLines: context.writesLines)
        let opened = try needInstance().openWriter(opening, frame: frame)
        target = opened
        targetSchema = schema
        withUnsafeBytes(of: opened.committedSequence.littleEndian) { answer(callID, $0) }
    }

    private func write(_ call: CallMessage, _ callID: UInt64) throws(CallFailure) {
        let target = try needTarget()
        guard let memory, let targetSchema else { throw CallFailure(.invalidState, "No writer is open.") }
        let batch: Batch
        do {
            let range = try toCell.take(position: call.number, byteCount: call.secondNumber)
            let content = range.prefix(Int(clamping: call.thirdNumber))
            let bytes = UnsafeRawBufferPointer(rebasing: memory.toCell[content])
            // In place: the host is trusted, and it leaves the memory alone until the answer.
            batch = try BatchWire.view(bytes, schema: targetSchema)
        } catch {
            frame.end()
            throw CallFailure(
                .internal, "The host sent a batch that cannot be read: \(error).", effect: .notApplied)
        }
        defer { _ = toCell.free() }
        let rejected = try target.write(batch, frame: frame)
        writer.begin(.output, callID: callID)
        writer.put(rejected)
        writer.finish()
    }

    private func needInstance() throws(CallFailure) -> ConnectorInstance {
        guard let instance else {
            frame.end()
            throw CallFailure(.invalidState, "The lane's instance is not open.")
        }
        return instance
    }

    private func needTarget() throws(CallFailure) -> TargetWriter {
        guard let target else {
            frame.end()
            throw CallFailure(.invalidState, "No writer is open on this lane.")
        }
        return target
    }

    private func schema(_ text: UnsafeRawBufferPointer) throws(CallFailure) -> Schema? {
        guard !text.isEmpty else { return nil }
        do throws(TenonError) { return try Schema.parse(json: Array(text)) } catch {
            throw CallFailure(records: error)
        }
    }

    private func answer(
        _ callID: UInt64, _ output: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)
    ) {
        writer.begin(.output, callID: callID)
        writer.put(raw: output)
        writer.finish()
    }

    private func answerItems(_ callID: UInt64) {
        writer.begin(.items, callID: callID)
        writer.put(UInt32(frame.itemCount))
        writer.put(raw: frame.written)
        writer.finish()
    }

    /// Fields of a frame are followed by a NUL, as the ABI wants it.
    private func text(_ bytes: UnsafeRawBufferPointer) -> tenon_str_t {
        tenon_str_t(data: bytes.baseAddress?.assumingMemoryBound(to: CChar.self), size: UInt64(bytes.count))
    }
    private func bytes(_ bytes: UnsafeRawBufferPointer) -> tenon_bytes_t {
        tenon_bytes_t(data: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), size: UInt64(bytes.count))
    }

    // MARK: State service

    /// Frames of a read stream that arrive while the lane waits for something else.
    var stream: ReadStream?

    /// A nested request to the host, inside a call; no lock is held.
    private func askState(_ request: StateRequest) throws(CallFailure) -> [UInt8] {
        var question = BodyWriter()
        question.begin(.state, callID: frame.callID)
        question.put(request.operation.rawValue)
        question.put(text: request.key)
        question.put(counted: request.value)
        question.finish()
        let answer: Result<[UInt8], CallFailure>
        do throws(FrameError) {
            try socket.send(question.bytes)
            answer = try awaitStateAnswer()
        } catch {
            // The host closed the lane in the middle of a call, or is gone.
            _exit(error == .closed ? 0 : 3)
        }
        return try answer.get()
    }

    private func awaitStateAnswer() throws(FrameError) -> Result<[UInt8], CallFailure> {
        while true {
            guard let received = try socket.receive(wait: true) else { continue }
            if received.header.kind == .stateAnswer { return Self.stateAnswer(received.body) }
            guard let stream else { throw .violation(.frameUnexpected) }
            try stream.note(received)
        }
    }

    /// Status (4), then the value.
    private static func stateAnswer(_ body: UnsafeRawBufferPointer) -> Result<[UInt8], CallFailure> {
        var reader = BodyReader(body)
        // `try?`: reading an integer fails in one way only, which the message says.
        guard let code = try? reader.integer(Int32.self) else {
            return .failure(CallFailure(.internal, "The answer of the state service is cut off."))
        }
        guard code >= 0 else {
            return .failure(CallFailure(CallStatus(code: code), "The state service refused."))
        }
        return .success(Array(reader.rest()))
    }
}
