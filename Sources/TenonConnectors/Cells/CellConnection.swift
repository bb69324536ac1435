internal import CPlatform
internal import Glibc
internal import Logging
internal import Synchronization
internal import TenonColumns
internal import TenonLoader
package import TenonModel
internal import TenonTransport

/// An instance that runs in a cell, and is started again when the cell ends.
///
///     idle --start--> starting --ready--> running --cell ended--> starting (after a pause) --> running ...
///                                                 --too often--> degraded, tried again --> running
///     any --stop--> stopped
///
/// While it starts again calls wait; while it is degraded they fail at once.
package final class CellConnection: InstanceConnection {
    private struct State {
        var status: InstanceStatus = .stopped
        var process: CellProcess?
        var policy = RestartPolicy()
        var waiting: [PendingCall] = []
        /// Grows at every start and stop, so that a restart that was overtaken does nothing.
        var generation = 0
        var isWanted = false
        var protections: [String] = []
    }

    private let plan: LaunchPlan
    private let services: HostServices
    private let logger: Logger
    private let state = Mutex(State())

    init(_ plan: LaunchPlan, services: HostServices, time: any TimeSource, logger: Logger) {
        self.plan = plan
        self.services = services
        self.logger = logger
    }

    deinit { stop() }

    package var status: InstanceStatus { state.withLock { $0.status } }
    package var protections: [String] { state.withLock { $0.protections } }
    /// The cell's process id, for tests and figures; 0 where none runs.
    package var processID: Int32 { state.withLock { $0.process?.spawn.process ?? 0 } }

    package func start() throws(CallFailure) {
        let generation: Int? = state.withLock { state in
            guard !state.isWanted else { return nil }
            state.isWanted = true
            state.generation += 1
            state.status = .starting
            return state.generation
        }
        guard let generation else { return }
        do throws(CallFailure) { try launch(generation) } catch {
            let waiting = state.withLock { state in
                defer { state.waiting = [] }
                guard state.generation == generation else { return state.waiting }
                state.isWanted = false
                state.status = .failed(error.message)
                return state.waiting
            }
            for call in waiting { call.completion(.failure(Self.unsent(error))) }
            throw error
        }
    }

    /// Makes a cell and lets the calls that wait run on it.
    private func launch(_ generation: Int) throws(CallFailure) {
        let process = try CellProcess(plan, services: services) { [weak self] ending in
            self?.cellEnded(ending, generation: generation)
        }
        let (isCurrent, waiting) = state.withLock { state -> (Bool, [PendingCall]) in
            guard state.generation == generation, state.isWanted else { return (false, []) }
            state.process = process
            state.status = .ready
            state.protections = process.ready.protections
            defer { state.waiting = [] }
            return (true, state.waiting)
        }
        guard isCurrent else {
            process.terminate(.stopped)
            throw CallFailure(
                .unavailable, code: .cellStopped, "The instance was stopped.", effect: .notApplied)
        }
        for call in waiting { submit(call) }
        // It may have ended between its last word and the lines above.
        if let ending = process.state.withLock({ $0.ending }) { cellEnded(ending, generation: generation) }
    }

    private static func unsent(_ failure: CallFailure) -> CallFailure {
        var unsent = failure
        unsent.effect = .notApplied
        return unsent
    }

    // MARK: Ends and restarts

    /// On the reactor's thread, or on the one that launched.
    private func cellEnded(_ ending: CellEnding, generation: Int) {
        let reason = ending.failure(instance: plan.instanceName).message
        let isCurrent = state.withLock { state in
            guard state.generation == generation, state.isWanted, state.process != nil else { return false }
            state.process = nil
            return true
        }
        guard isCurrent else { return }
        logger.warning(
            "a cell ended", metadata: ["instance.name": "\(plan.instanceName)", "reason": "\(reason)"])
        restartLater(generation, reason: reason)
    }

    private func restartLater(_ generation: Int, reason: String) {
        let now = tp_monotonic_nanoseconds()
        let (decision, refused) = state.withLock { state -> (RestartPolicy.Decision?, [PendingCall]) in
            guard state.generation == generation, state.isWanted else { return (nil, []) }
            let decision = state.policy.ended(at: now)
            state.status = decision.isDegraded ? .degraded(reason) : .starting
            guard decision.isDegraded else { return (decision, []) }
            defer { state.waiting = [] }
            return (decision, state.waiting)
        }
        for call in refused { call.completion(.failure(degraded(reason))) }
        guard let decision else { return }
        Thread.start { [weak self] in
            var pause = timespec(
                tv_sec: Int(decision.delayNanoseconds / 1_000_000_000),
                tv_nsec: Int(decision.delayNanoseconds % 1_000_000_000))
            // Sleeps in pieces, so that a stopped instance does not keep a thread.
            while pause.tv_sec > 0 {
                sleep(1)
                pause.tv_sec -= 1
                guard self?.isCurrent(generation) == true else { return }
            }
            nanosleep(&pause, nil)
            self?.restart(generation)
        }
    }

    private func isCurrent(_ generation: Int) -> Bool {
        state.withLock { $0.generation == generation && $0.isWanted }
    }

    private func restart(_ generation: Int) {
        guard isCurrent(generation) else { return }
        do throws(CallFailure) { try launch(generation) } catch {
            logger.warning(
                "a cell could not be started again",
                metadata: ["instance.name": "\(plan.instanceName)", "reason": "\(error.message)"])
            restartLater(generation, reason: error.message)
        }
    }

    private func degraded(_ reason: String) -> CallFailure {
        CallFailure(
            .unavailable, code: .cellCrashed,
            "The instance \(plan.instanceName) is degraded: it ended too often. "
                + "It is tried again later. Last: \(reason)",
            effect: .notApplied)
    }

    // MARK: Calls

    @discardableResult
    package func invoke(_ request: ActionRequest, completion: @escaping ActionCompletion)
        -> any CancellableCall
    {
        var outgoing = OutgoingCall(.invoke)
        outgoing.name = request.action
        outgoing.second = request.input
        outgoing.deadlineNanoseconds = request.deadlineNanoseconds
        outgoing.idempotencyKey = request.idempotencyKey
        outgoing.traceparent = request.traceparent
        outgoing.attempt = request.attempt
        let call = PendingCall(outgoing, completion: completion)
        submit(call)
        return CellCall(call: call, connection: self)
    }

    private func submit(_ call: PendingCall) {
        while let process = place(call) {
            if process.submit(call) { return }
            // The cell is ending: the call waits for the next one, unless that is here already.
            let isWaiting = state.withLock { state in
                guard state.process === process, state.waiting.count < Limits.cellCallsInFlight else {
                    return false
                }
                state.waiting.append(call)
                return true
            }
            if isWaiting { return }
        }
    }

    /// The cell to run the call; nil where the call waits or was refused.
    private func place(_ call: PendingCall) -> CellProcess? {
        let (process, refusal) = state.withLock { state -> (CellProcess?, CallFailure?) in
            if let process = state.process { return (process, nil) }
            switch state.status {
            case .starting where state.waiting.count < Limits.cellCallsInFlight:
                state.waiting.append(call)
                return (nil, nil)
            case .degraded(let reason): return (nil, degraded(reason))
            default:
                let name = plan.instanceName
                return (
                    nil,
                    CallFailure(
                        .unavailable, code: .cellStopped,
                        "The instance \(name) is \(state.status.rawName). \(state.status.reason)",
                        effect: .notApplied)
                )
            }
        }
        if let refusal { call.completion(.failure(refusal)) }
        return process
    }

    fileprivate func cancel(_ call: PendingCall) {
        let (process, isWaiting) = state.withLock { state -> (CellProcess?, Bool) in
            guard let index = state.waiting.firstIndex(where: { $0 === call }) else {
                return (state.process, false)
            }
            state.waiting.remove(at: index)
            return (nil, true)
        }
        if isWaiting {
            call.completion(.failure(CallFailure(.cancelled, "The call was cancelled.", effect: .notApplied)))
        }
        process?.cancel(call)
    }

    private func perform(_ operation: CallOperation) throws(CallFailure) -> [UInt8] {
        var outgoing = OutgoingCall(operation)
        outgoing.deadlineNanoseconds =
            tp_monotonic_nanoseconds() + UInt64(Limits.callTimeout.wholeNanoseconds)
        let answer = Latch<Result<[UInt8], CallFailure>>()
        submit(PendingCall(outgoing) { answer.set($0) })
        return try answer.wait().get()
    }

    package func check() throws(CallFailure) -> [[UInt8]] { HostLane.items(in: try perform(.check)) }
    package func discover() throws(CallFailure) -> [[UInt8]] { HostLane.items(in: try perform(.discover)) }

    package func openReader(_ request: ReadRequest) throws(CallFailure) -> any BatchReader {
        let lane = try running().takeStreamLane()
        do throws(CallFailure) { return try CellReader(request, lane: lane) } catch {
            lane.process.giveBack(lane)
            throw error
        }
    }

    package func openWriter(_ request: WriteRequest) throws(CallFailure) -> any BatchWriter {
        let lane = try running().takeStreamLane()
        do throws(CallFailure) { return try CellWriter(request, lane: lane) } catch {
            lane.process.giveBack(lane)
            throw error
        }
    }

    /// The cell, also when it is being started again at the moment.
    private func running() throws(CallFailure) -> CellProcess {
        if let process = state.withLock({ $0.process }) { return process }
        // A call without effect waits for the restart, or says why there is none.
        _ = try perform(.nothing)
        if let process = state.withLock({ $0.process }) { return process }
        throw CallFailure(
            .unavailable, code: .cellStopped, "The cell of \(plan.instanceName) ended just now.",
            effect: .notApplied)
    }

    // MARK: Stop

    package func stop() {
        let (process, waiting) = state.withLock { state -> (CellProcess?, [PendingCall]) in
            state.generation += 1
            state.isWanted = false
            state.status = .stopped
            defer {
                state.waiting = []
                state.process = nil
            }
            return (state.process, state.waiting)
        }
        for call in waiting {
            call.completion(.failure(CellEnding.stopped.failure(instance: plan.instanceName)))
        }
        process?.stop()
    }
}

/// The handle on a call in a cell.
private struct CellCall: CancellableCall {
    let call: PendingCall
    let connection: CellConnection
    func cancel() { connection.cancel(call) }
}
