internal import CPlatform
internal import Glibc
internal import Synchronization
internal import TenonModel
internal import TenonTransport

extension CellProcess {
    private static let idleLook: UInt64 = 50_000_000
    /// How long a call may take to end after its user cancelled it.
    static let patience: UInt64 = 2_000_000_000
    static let grace = UInt64(Limits.cancelGrace.wholeNanoseconds)

    /// Runs a call and waits for it.
    func perform(_ outgoing: OutgoingCall) throws(CallFailure) -> [UInt8] {
        let answer = Latch<Result<[UInt8], CallFailure>>()
        guard submit(PendingCall(outgoing) { answer.set($0) }) else { throw failureAfterEnd() }
        return try answer.wait().get()
    }

    /// Runs a call on an idle lane, or when one becomes idle. Never blocks. False where the cell is ending:
    /// then the call was not touched.
    func submit(_ call: PendingCall) -> Bool {
        enum Verdict {
            case run(HostLane)
            case wait
            case refuse(CallFailure)
            case ending
        }
        let verdict: Verdict = state.withLock { state in
            if state.ending != nil || state.cause != nil { return .ending }
            if let lane = state.idle.popLast() {
                lane.call = call
                return .run(lane)
            }
            guard state.waiting.count < Limits.cellCallsInFlight else {
                return .refuse(
                    CallFailure(
                        .resourceExhausted, code: .cellBusy,
                        "\(Limits.cellCallsInFlight) calls of \(plan.instanceName) wait already.",
                        effect: .notApplied))
            }
            state.waiting.append(call)
            return .wait
        }
        switch verdict {
        case .run(let lane): run(lane, call, spinning: spin.nanoseconds())
        case .wait: Reactor.shared.wake(at: call.dueNanoseconds)
        case .refuse(let refusal): call.completion(.failure(refusal))
        case .ending: return false
        }
        return true
    }

    /// Runs the calls that come one after the other on the lane until it waits or is idle; `call` is the
    /// lane's already.
    private func run(_ lane: HostLane, _ call: PendingCall, spinning: UInt64) {
        if begin(lane, call) { pump(lane, spinning: spinning) }
    }

    private func begin(_ lane: HostLane, _ call: PendingCall) -> Bool {
        if lane.isWatched {
            lane.isWatched = false
            Reactor.shared.disarm(lane.socket.descriptor, target: registration, channel: lane.channel)
        }
        do throws(FrameError) { try lane.begin(call) } catch {
            lost(lane, error)
            return false
        }
        return true
    }

    /// Looks for the answer; the caller owns the lane. In the end the lane is idle, or the reactor's.
    func pump(_ lane: HostLane, spinning: UInt64) {
        var end = spinning == 0 ? 0 : tp_monotonic_nanoseconds() + spinning
        while true {
            let progress: HostLane.Progress
            do throws(FrameError) { progress = try lane.advance() } catch { return lost(lane, error) }
            switch progress {
            case .done(let result):
                if end != 0 { spin.hit() }
                guard let next = finish(lane, result), begin(lane, next) else { return }
                end = 0
            case .state(let question): ask(question, lane)
            case .waiting:
                if end != 0, tp_monotonic_nanoseconds() < end {
                    tp_pause()
                    continue
                }
                if end != 0 { spin.miss() }
                return handOver(lane)
            }
        }
    }

    /// Gives the lane to the reactor, or fails its call where the cell is dead already.
    private func handOver(_ lane: HostLane) {
        let isSending = lane.isSending
        let (ending, due) = state.withLock { state -> (CellEnding?, UInt64) in
            lane.isArmed = state.ending == nil
            return (state.ending, lane.call?.dueNanoseconds ?? .max)
        }
        if let ending { return fail(lane, ending) }
        Reactor.shared.wake(at: due)
        Reactor.shared.arm(
            lane.socket.descriptor, target: registration, channel: lane.channel, forWriting: isSending)
    }

    /// The socket gave an error: the cell is ending, or has to. Its pidfd brings the call's end.
    private func lost(_ lane: HostLane, _ error: FrameError) {
        let ending = state.withLock { state in
            lane.isArmed = state.ending == nil
            if state.ending == nil, error == .closed { state.sawClosedSocket = true }
            return state.ending
        }
        if let ending { return fail(lane, ending) }
        switch error {
        case .violation(let rule): terminate(.violation(rule))
        case .closed, .system: kill()
        }
    }

    private func fail(_ lane: HostLane, _ ending: CellEnding) {
        let ended = state.withLock { _ -> PendingCall? in
            defer { lane.call = nil }
            return lane.call
        }
        guard let call = ended else { return }
        call.completion(.failure(failure(ending, callID: call.id)))
    }

    /// Answers the lane's call; the next one is the lane's then, or the lane is idle.
    private func finish(_ lane: HostLane, _ result: Result<[UInt8], CallFailure>) -> PendingCall? {
        // Looked at while the lane is still owned: once idle it may be somebody else's at once.
        let hasReceivedMore = lane.socket.hasReceivedMore
        let (call, next) = state.withLock { state -> (PendingCall?, PendingCall?) in
            let call = lane.call
            let next = state.waiting.isEmpty ? nil : state.waiting.removeFirst()
            lane.call = next
            if next == nil { state.idle.append(lane) }
            return (call, next)
        }
        // Whatever came after the answer is for nobody.
        if hasReceivedMore { terminate(.violation(.frameUnexpected)) }
        if next == nil { watchIdleLanesSoon() }
        switch result {
        case .success: call?.completion(result)
        case .failure(let failure): call?.completion(.failure(call?.adjusted(failure) ?? failure))
        }
        return next
    }

    private func ask(_ question: StateQuestion, _ lane: HostLane) {
        guard let callID = lane.call?.id else { return }
        let socket = lane.socket
        BackgroundThread.shared.perform { [weak self, services, name = plan.instanceName] in
            let bytes = question.answer(services, instance: name, callID: callID)
            lane.stateAnswered()
            let sent = try? socket.sendAvailable(bytes)
            // `try?`: a closed socket is found out by its reader. A cell that asks and does not read is
            // stuck.
            if let sent, sent < bytes.count { self?.terminate(.violation(.stateFlood)) }
        }
    }

    // MARK: Cancel

    func cancel(_ call: PendingCall) {
        let (isWaiting, isRunning) = state.withLock { state -> (Bool, Bool) in
            if let index = state.waiting.firstIndex(where: { $0 === call }) {
                state.waiting.remove(at: index)
                return (true, false)
            }
            guard !call.isCancelled, state.lanes.contains(where: { $0.call === call }) else {
                return (false, false)
            }
            call.isCancelled = true
            call.dueNanoseconds = min(call.dueNanoseconds, tp_monotonic_nanoseconds() + Self.patience)
            return (false, true)
        }
        if isWaiting {
            call.completion(.failure(CallFailure(.cancelled, "The call was cancelled.", effect: .notApplied)))
        } else if isRunning {
            sendCancel(callID: call.id)
            Reactor.shared.wake(at: call.dueNanoseconds)
        }
    }

    // MARK: On the reactor's thread

    func laneReady(channel: UInt64) {
        let (lane, isArmed) = state.withLock { state -> (HostLane?, Bool) in
            let index = Int(channel - Channel.firstLane)
            guard state.ending == nil, state.lanes.indices.contains(index) else { return (nil, false) }
            let lane = state.lanes[index]
            if lane.isArmed {
                lane.isArmed = false
                return (lane, true)
            }
            // Taken from the idle ones, so that no call begins on it while it is looked at.
            guard let place = state.idle.firstIndex(where: { $0 === lane }), lane.isWatched else {
                return (nil, false)
            }
            state.idle.remove(at: place)
            lane.isWatched = false
            return (lane, false)
        }
        guard let lane else { return }
        if isArmed { return pump(lane, spinning: 0) }
        lookAtIdle(lane)
    }

    /// An idle lane has nothing to say.
    private func lookAtIdle(_ lane: HostLane) {
        do throws(FrameError) {
            let frame = try lane.socket.receive(wait: false)
            if frame != nil || lane.socket.hasReceivedMore {
                return terminate(.violation(.frameUnexpected))
            }
        } catch {
            if case .violation(let rule) = error { terminate(.violation(rule)) } else { kill() }
            return
        }
        let next = state.withLock { state -> PendingCall? in
            let next = state.waiting.isEmpty ? nil : state.waiting.removeFirst()
            lane.call = next
            if next == nil { state.idle.append(lane) }
            return next
        }
        if let next { run(lane, next, spinning: 0) } else { watchIdleLanesSoon() }
    }

    func tick(now: UInt64) -> UInt64? {
        var cancels: [UInt64] = []
        var hung: UInt64?
        var late: [PendingCall] = []
        let next = state.withLock { state -> UInt64 in
            guard state.ending == nil else { return .max }
            for lane in state.idle where !lane.isWatched {
                lane.isWatched = true
                Reactor.shared.arm(lane.socket.descriptor, target: registration, channel: lane.channel)
            }
            late = state.waiting.filter { $0.dueNanoseconds <= now }
            state.waiting.removeAll { $0.dueNanoseconds <= now }
            var next = state.waiting.map(\.dueNanoseconds).min() ?? .max
            for lane in state.lanes {
                guard let call = lane.call else { continue }
                if call.dueNanoseconds <= now {
                    if call.isCancelled { hung = call.id } else { cancels.append(call.id) }
                    if !call.isCancelled { call.isTimedOut = true }
                    call.isCancelled = true
                    call.dueNanoseconds = now + Self.grace
                }
                next = min(next, call.dueNanoseconds)
            }
            return next
        }
        resumePipes()
        for id in cancels { sendCancel(callID: id) }
        for call in late {
            let failure = CallFailure(
                .timeout, "The call waited for a free lane until its deadline.", effect: .notApplied)
            call.completion(.failure(failure))
        }
        if let hung { terminate(.hung(callID: hung)) }
        return next == .max ? nil : next
    }

    /// An idle lane is looked after a little later, so that calls that follow each other closely do not pay
    /// for it.
    private func watchIdleLanesSoon() { Reactor.shared.wake(at: tp_monotonic_nanoseconds() + Self.idleLook) }
}
