internal import CPlatform
internal import Glibc
internal import Synchronization
internal import TenonModel
internal import TenonTransport

/// A lane of its own for a reader or a writer, with shared memory. One thread at a time uses it and waits on
/// it by itself; only `cancel` comes from others.
final class StreamLane: @unchecked Sendable {
    // Unchecked: the writer and the rings belong to the thread that uses the lane; the rest is immutable or
    // atomic.
    let process: CellProcess
    let socket: FrameSocket
    let memory: SharedMemory
    var toHost = RingConsumer(capacity: SharedMemory.ringByteCount)
    var toCell = RingProducer(capacity: SharedMemory.ringByteCount)
    var writer = BodyWriter()
    /// The reader or writer that uses the lane, and the call or stream of it that `cancel` meets.
    private struct Use {
        var owner: UInt64 = 0
        var callID: UInt64 = 0
    }
    private let use = Mutex(Use())
    /// When that was cancelled; written under the mutex.
    private let cancelTime = Atomic<UInt64>(0)
    private static let spin: UInt64 = 20_000
    private static let slice: UInt64 = 100_000_000

    init(process: CellProcess, socket: FrameSocket, memory: SharedMemory) {
        self.process = process
        self.socket = socket
        self.memory = memory
    }

    /// From now on `cancel` is for this reader or writer.
    func take(for owner: UInt64) { use.withLock { $0.owner = owner } }

    /// The reader or writer is closed: the lane may become another's.
    func leave() { take(for: 0) }

    /// Asks the connector to give up what `owner` runs on this lane, nil: whoever it is; nothing where the
    /// lane is another's by now. From any thread.
    func cancel(for owner: UInt64?) {
        let callID = use.withLock { use -> UInt64 in
            guard owner == nil || use.owner == owner, use.callID != 0 else { return 0 }
            cancelTime.store(tp_monotonic_nanoseconds(), ordering: .releasing)
            return use.callID
        }
        // Late is harmless: no other call ever has this number.
        if callID != 0 { process.sendCancel(callID: callID) }
    }

    /// Sends a call and waits for its answer.
    func request(_ outgoing: OutgoingCall) throws(CallFailure) -> [UInt8] {
        let callID = CallNumbers.next()
        begin(callID)
        outgoing.write(to: &writer, callID: callID)
        try sendAll(callID: callID)
        return try answer(callID: callID, patience: Limits.streamCall)
    }

    func begin(_ callID: UInt64) {
        use.withLock { use in
            cancelTime.store(0, ordering: .relaxed)
            use.callID = callID
        }
    }

    private func answer(callID: UInt64, patience: Duration) throws(CallFailure) -> [UInt8] {
        let frame = try next(callID: callID, patience: patience)
        return try obeying { () throws(ProtocolViolation) -> Result<[UInt8], CallFailure> in
            switch frame.header.kind {
            case .output: .success(Array(frame.body))
            case .failure: .failure(try CallFailure(reading: frame.body))
            default: throw .frameUnexpected
            }
        }.get()
    }

    /// Ends the cell where the body finds that it broke a rule.
    func obeying<T>(_ body: () throws(ProtocolViolation) -> T) throws(CallFailure) -> T {
        do { return try body() } catch {
            process.terminate(.violation(error))
            throw process.failureAfterEnd()
        }
    }

    /// Sends what `writer` holds, waiting where the cell does not read.
    func sendAll(callID: UInt64) throws(CallFailure) {
        let deadline = tp_monotonic_nanoseconds() + UInt64(Limits.callTimeout.wholeNanoseconds)
        var sent = 0
        while true {
            do throws(FrameError) { sent = try socket.sendAvailable(writer.bytes, from: sent) } catch {
                throw process.failureAfterClosedSocket(callID: callID)
            }
            if sent == writer.bytes.count { return }
            guard tp_monotonic_nanoseconds() < deadline else { throw hung(callID) }
            _ = tp_wait(socket.descriptor, Int16(POLLOUT), Int64(Self.slice))
        }
    }

    /// The next frame of a call or stream. Requests to the state service are answered on the way. After
    /// `patience` the call is cancelled, and a little later the cell ended.
    func next(
        callID: UInt64, alternative: UInt64 = 0, patience: Duration
    ) throws(CallFailure) -> FrameSocket.Frame {
        let start = tp_monotonic_nanoseconds()
        var due = start + UInt64(patience.wholeNanoseconds)
        var isCancelled = false
        while true {
            if let frame = try receive(callID: callID, alternative: alternative) {
                guard frame.header.kind == .state else { return frame }
                // No way round the deadline: a cell could ask for ever.
                try answerState(frame, callID: callID)
            }
            let now = tp_monotonic_nanoseconds()
            let cancelled = cancelTime.load(ordering: .acquiring)
            if cancelled != 0, !isCancelled {
                isCancelled = true
                due = max(start + CellProcess.grace, min(due, cancelled + CellProcess.patience))
            }
            if now >= due {
                if isCancelled { throw hung(callID) }
                isCancelled = true
                due = now + CellProcess.grace
                process.sendCancel(callID: callID)
            }
            if now - start < Self.spin {
                tp_pause()
            } else {
                _ = tp_wait(socket.descriptor, Int16(POLLIN), Int64(min(Self.slice, due - min(due, now))))
            }
        }
    }

    /// Throws frames of a stream away until the closing call is answered; a cell that goes on and on is
    /// ended.
    func awaitClosing(streamID: UInt64, closing: UInt64) throws(CallFailure) {
        let deadline = tp_monotonic_nanoseconds() + CellProcess.patience
        while tp_monotonic_nanoseconds() < deadline {
            let frame = try next(callID: streamID, alternative: closing, patience: Limits.cancelGrace)
            if frame.header.callID == closing { return }
        }
        throw hung(streamID)
    }

    private func receive(callID: UInt64, alternative: UInt64) throws(CallFailure) -> FrameSocket.Frame? {
        let frame: FrameSocket.Frame?
        do throws(FrameError) { frame = try socket.receive(wait: false) } catch {
            if case .violation(let rule) = error { process.terminate(.violation(rule)) }
            throw process.failureAfterClosedSocket(callID: callID)
        }
        guard let frame else { return nil }
        try obeying { () throws(ProtocolViolation) in
            let id = frame.header.callID
            guard id == callID || (alternative != 0 && id == alternative) else { throw .frameCall }
        }
        return frame
    }

    private func hung(_ callID: UInt64) -> CallFailure {
        process.terminate(.hung(callID: callID))
        return process.failureAfterEnd(callID: callID)
    }

    private func answerState(_ frame: FrameSocket.Frame, callID: UInt64) throws(CallFailure) {
        let question = try obeying { () throws(ProtocolViolation) in try StateQuestion(reading: frame.body) }
        let bytes = question.answer(process.services, instance: process.plan.instanceName, callID: callID)
        do throws(FrameError) {
            let sent = try socket.sendAvailable(bytes)
            if sent < bytes.count { process.terminate(.violation(.stateFlood)) }
        } catch {
            throw process.failureAfterClosedSocket(callID: callID)
        }
    }
}

extension CellProcess {
    private static let maxIdleStreams = 2

    /// A lane with an open instance: an idle one, or a new one.
    func takeStreamLane() throws(CallFailure) -> StreamLane {
        if let lane = state.withLock({ $0.idleStreams.popLast() }) { return lane }
        guard let (socket, memory) = makeLane() else {
            throw CallFailure(.unavailable, code: .cellStart, "A lane cannot be made.", effect: .notApplied)
        }
        let lane = StreamLane(process: self, socket: socket, memory: memory)
        let ending = state.withLock { state in
            if state.ending == nil { state.streams.append(lane) }
            return state.ending
        }
        if let ending { throw failure(ending, callID: 0) }
        var open = OutgoingCall(.open)
        open.first = plan.configurationJSON
        do throws(CallFailure) { _ = try lane.request(open) } catch {
            giveUp(lane)
            throw error
        }
        return lane
    }

    /// Takes back a lane on which nothing is open any more.
    func giveBack(_ lane: StreamLane) {
        let isKept = state.withLock { state in
            guard state.ending == nil, state.idleStreams.count < Self.maxIdleStreams else { return false }
            state.idleStreams.append(lane)
            return true
        }
        guard !isKept else { return }
        // `try?`: the lane goes away in any case; an error of close is the connector's to log.
        _ = try? lane.request(OutgoingCall(.closeInstance))
        giveUp(lane)
    }

    /// Forgets a lane; its descriptors close with it, and its thread in the cell ends.
    func giveUp(_ lane: StreamLane) {
        state.withLock { state in state.streams.removeAll { $0 === lane } }
    }
}
