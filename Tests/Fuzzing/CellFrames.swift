internal import CPlatform
internal import TenonColumns
@testable internal import TenonConnectors
internal import TenonLoader
internal import TenonModel
internal import TenonTransport

/// Frames between host and cell.
enum CellFrames {
    struct Frame: Equatable {
        let kind: FrameKind
        let callID: UInt64
        let body: [UInt8]
    }

    /// The frames that stand in the bytes, and what is wrong behind them.
    static func frames(in bytes: [UInt8]) -> (frames: [Frame], violation: ProtocolViolation?) {
        var frames: [Frame] = []
        var start = 0
        while bytes.count - start >= FrameHeader.byteCount {
            let rest = Array(bytes[start...])
            do throws(ProtocolViolation) {
                let header: FrameHeader = try rest.withUnsafeBytes { raw in
                    Result { () throws(ProtocolViolation) in try FrameHeader(reading: raw) }
                }.get()
                let end = start + FrameHeader.byteCount + Int(header.bodyByteCount)
                guard end <= bytes.count else { break }
                let body = Array(bytes[(start + FrameHeader.byteCount)..<end])
                frames.append(Frame(kind: header.kind, callID: header.callID, body: body))
                start = end
            } catch {
                return (frames, error)
            }
        }
        return (frames, start == bytes.count ? nil : .frameTruncated)
    }

    static func receive(_ bytes: [UInt8]) -> (frames: [Frame], violation: ProtocolViolation?) {
        var descriptors: [Int32] = [0, 0]
        guard tp_socket_pair(&descriptors) == 0 else { broken("the fuzzer can open sockets") }
        let receiver = FrameSocket(descriptor: descriptors[0])
        do {
            let sender = FrameSocket(descriptor: descriptors[1])
            // At most libFuzzer's longest input: the socket holds it.
            guard let sent = try? sender.sendAvailable(bytes), sent == bytes.count else { return ([], nil) }
        }
        var frames: [Frame] = []
        while true {
            do throws(FrameError) {
                guard let frame = try receiver.receive(wait: false) else { return (frames, nil) }
                frames.append(
                    Frame(kind: frame.header.kind, callID: frame.header.callID, body: Array(frame.body)))
            } catch {
                guard case .violation(let violation) = error else { return (frames, nil) }
                return (frames, violation)
            }
        }
    }

    // MARK: Messages

    /// The body that `write` puts into a frame.
    private static func body(_ write: (inout BodyWriter) -> Void) -> [UInt8] {
        var writer = BodyWriter()
        write(&writer)
        return Array(writer.bytes.dropFirst(FrameHeader.byteCount))
    }

    private static func read<T>(
        _ body: [UInt8], _ read: (UnsafeRawBufferPointer) throws(ProtocolViolation) -> T
    ) -> T? {
        body.withUnsafeBytes { bytes in
            // `try?`: what is refused is no message.
            try? Result { () throws(ProtocolViolation) in try read(bytes) }.get()
        }
    }

    /// Reads a body as the side does that gets it.
    static func check(_ kind: FrameKind, _ bytes: [UInt8]) {
        switch kind {
        case .hello:
            guard read(bytes, { (raw) throws(ProtocolViolation) in try Hello.check(raw) }) != nil else {
                return
            }
            if bytes != body({ Hello().write(to: &$0) }) { broken("only one word is the first") }
        case .setup:
            guard let setup = read(bytes, { (raw) throws(ProtocolViolation) in try Setup(reading: raw) })
            else {
                return
            }
            let again = body { setup.write(to: &$0) }
            if read(again, { (raw) throws(ProtocolViolation) in try Setup(reading: raw) }) != setup {
                broken("a setup is read back as it was")
            }
        case .ready:
            guard let ready = read(bytes, { (raw) throws(ProtocolViolation) in try Ready(reading: raw) })
            else {
                return
            }
            let again = body { ready.write(to: &$0) }
            if read(again, { (raw) throws(ProtocolViolation) in try Ready(reading: raw) }) != ready {
                broken("a cell's word is read back as it was")
            }
        case .failure, .refused: checkFailure(kind, bytes)
        case .call: checkCall(bytes)
        case .rejected: checkRejected(bytes)
        default: checkStream(kind, bytes)
        }
    }

    private static func checkFailure(_ kind: FrameKind, _ bytes: [UInt8]) {
        guard let failure = read(bytes, { (raw) throws(ProtocolViolation) in try CallFailure(reading: raw) })
        else { return }
        let again = body { failure.write(to: &$0, kind: kind, callID: 1) }
        if read(again, { (raw) throws(ProtocolViolation) in try CallFailure(reading: raw) }) != failure {
            broken("a failure is read back as it was")
        }
    }

    private static func checkCall(_ bytes: [UInt8]) {
        let copied = read(bytes) { (raw) throws(ProtocolViolation) -> OutgoingCall? in
            let call = try CallMessage(reading: raw)
            guard let key = String(validating: call.idempotencyKey, as: UTF8.self),
                let parent = String(validating: call.traceparent, as: UTF8.self)
            else { return nil }
            var copy = OutgoingCall(call.operation)
            (copy.attempt, copy.deadlineNanoseconds) = (call.attempt, call.deadlineNanoseconds)
            (copy.number, copy.secondNumber, copy.thirdNumber) = (
                call.number, call.secondNumber, call.thirdNumber
            )
            (copy.idempotencyKey, copy.traceparent) = (key, parent)
            (copy.first, copy.second, copy.third) = (Array(call.first), Array(call.second), Array(call.third))
            return copy
        }
        guard let call = copied ?? nil else { return }
        if body({ call.write(to: &$0, callID: 7) }) != bytes { broken("a call is written as it was") }
    }

    private static func checkRejected(_ bytes: [UInt8]) {
        let records = read(bytes) { (raw) throws(ProtocolViolation) in
            var reader = BodyReader(raw)
            let records = try reader.rejectedRecords()
            try reader.finish()
            return records
        }
        guard let records else { return }
        let again = body { writer in
            writer.begin(.rejected, callID: 0)
            writer.put(records)
        }
        if records.allSatisfy({ $0.row >= 0 }), records.isEmpty || again.count == bytes.count { return }
        broken("rejected records are written as they were")
    }

    private static func checkStream(_ kind: FrameKind, _ bytes: [UInt8]) {
        switch kind {
        case .state:
            let question = read(bytes) { (raw) throws(ProtocolViolation) in try StateQuestion(reading: raw) }
            if question?.request.key.isEmpty == true { broken("a key of the state has characters") }
        case .items:
            let items = read(bytes) { (raw) throws(ProtocolViolation) in
                var reader = BodyReader(raw)
                let items = try reader.list(atMost: Limits.itemsPerList)
                try reader.finish()
                return items
            }
            if let items, HostLane.items(in: bytes) != items { broken("a list is the same twice") }
        case .batch:
            let message = read(bytes) { (raw) throws(ProtocolViolation) in try RingMessage(reading: raw) }
            guard let message else { return }
            var ring = RingConsumer(capacity: 4096)
            let range = try? ring.take(position: message.position, byteCount: message.byteCount)
            if let range, range.upperBound > 4096 || UInt64(range.count) < message.contentByteCount {
                broken("a batch lies in its ring")
            }
        case .schema:
            guard let schema = try? Schema.parse(json: bytes) else { return }
            if (try? Schema.parse(json: Array(schema.jsonText.utf8))) != schema {
                broken("a schema is read back as it was")
            }
        default: break
        }
    }

    // MARK: Log

    /// The lines are the same however the pipe cuts them.
    static func checkLog(_ bytes: [UInt8]) {
        let whole = log(bytes, pieces: bytes.count)
        for pieces in [1, 7] where log(bytes, pieces: pieces) != whole {
            broken("a log does not depend on how it comes")
        }
        guard let found = bytes.withUnsafeBytes({ try? LogRecord.decode($0) }) else { return }
        let (record, size) = found
        if size > bytes.count || size < LogRecord.headerBytes { broken("a record ends in its bytes") }
        let again = LogRecord.encode(
            level: UInt32(record.level), message: record.message, fields: record.fields,
            dropped: record.dropped)
        // What is no UTF-8 is mended, and may grow over the limit.
        guard size < 1024, let back = again.withUnsafeBytes({ try? LogRecord.decode($0) }) else { return }
        if back.0 != record { broken("a log record is read back as it was") }
    }

    private final class Lines: @unchecked Sendable {
        // Unchecked: filled on one thread.
        var texts: [String] = []
    }

    private static func log(_ bytes: [UInt8], pieces: Int) -> [String] {
        let lines = Lines()
        var logs = CellLogs(instance: "fuzz") { line in
            lines.texts.append("\(line.level) \(line.droppedBefore) \(line.message) \(line.fieldsJSON)")
        }
        do throws(ProtocolViolation) {
            for start in stride(from: 0, to: bytes.count, by: max(1, pieces)) {
                try logs.take(records: bytes[start..<min(bytes.count, start + max(1, pieces))])
            }
        } catch {
            lines.texts.append(error.rawValue)
        }
        return lines.texts
    }
}
