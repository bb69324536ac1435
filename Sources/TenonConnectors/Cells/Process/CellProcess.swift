internal import CPlatform
internal import Glibc
internal import Synchronization
internal import TenonLoader
internal import TenonModel
internal import TenonTransport

/// One running cell, from spawn to reaped. It is never started again: its connection makes a new one.
///
///     running --violation, hang, stop: SIGKILL--> ending --pidfd--> dead
///             --crash, exit-------------------------------pidfd--> dead
///
/// Only the reactor's thread brings a cell to `dead`: it kills the process group, reaps, decides why it
/// ended, and fails what is in flight. The pidfd is the authority on death. Descriptors are closed when the
/// object goes away, so that no thread can ever meet a number that was given to something else.
final class CellProcess: ReactorTarget, @unchecked Sendable {
    // Unchecked: `registration`, `ready` and `onEnd` are set before others see the object; the rest is
    // immutable or locked.
    enum Channel {
        static let process: UInt64 = 0
        static let control: UInt64 = 1
        static let log: UInt64 = 2
        static let output: UInt64 = 3
        static let firstLane: UInt64 = 16
    }

    struct State {
        var cause: CellEnding?
        var ending: CellEnding?
        /// A socket was closed by the cell while nobody had killed it.
        var sawClosedSocket = false
        var lanes: [HostLane] = []
        var idle: [HostLane] = []
        var waiting: [PendingCall] = []
        var streams: [StreamLane] = []
        var idleStreams: [StreamLane] = []
        /// Pipes that are not read for a moment because too much comes out of them.
        var pausedPipes: Set<UInt64> = []
        var onEnd: (@Sendable (CellEnding) -> Void)?
    }

    let plan: LaunchPlan
    let services: HostServices
    let spawn: CellSpawn
    let state = Mutex(State())
    let ended = Latch<CellEnding>()
    private(set) var ready = Ready()
    private(set) var registration: UInt64 = 0
    let controlLock = Mutex(())
    let logs: Mutex<CellLogs>
    let spin = SpinBudget()

    /// Spawns, shakes hands, and opens one lane for each action at a time. Blocks; throws after everything
    /// was ended again.
    init(
        _ plan: LaunchPlan, services: HostServices, purpose: Purpose = .run,
        onEnd: @escaping @Sendable (CellEnding) -> Void
    ) throws(CallFailure) {
        guard Reactor.shared.isUsable else {
            throw CallFailure(
                .unavailable, code: .cellStart, "The system gives no epoll descriptor.", effect: .notApplied)
        }
        self.plan = plan
        self.services = services
        spawn = try CellSpawn(plan)
        logs = Mutex(CellLogs(instance: plan.instanceName, sink: services.log))
        registration = Reactor.shared.add(self)
        Reactor.shared.watch(spawn.pidfd, target: registration, channel: Channel.process, once: true)
        Reactor.shared.watch(spawn.log, target: registration, channel: Channel.log, once: true)
        Reactor.shared.watch(spawn.output, target: registration, channel: Channel.output, once: true)
        let deadline = tp_monotonic_nanoseconds() + UInt64(Limits.cellStart.wholeNanoseconds)
        do throws(CallFailure) {
            try shakeHands(deadline: deadline)
            try openLanes(purpose, deadline: deadline)
        } catch {
            terminate(.stopped)
            _ = ended.wait(until: tp_monotonic_nanoseconds() + 5_000_000_000)
            throw error
        }
        let isDead = state.withLock { state in
            state.onEnd = onEnd
            return state.ending
        }
        if let isDead { throw failure(isDead, callID: 0) }
    }

    enum Purpose {
        case run
        /// A look at a library: no instance stays.
        case probe
    }

    deinit {
        close(spawn.pidfd)
        close(spawn.log)
        close(spawn.output)
    }

    func failure(_ ending: CellEnding, callID: UInt64) -> CallFailure {
        ending.failure(instance: plan.instanceName, callID: callID)
    }

    // MARK: Start

    private func shakeHands(deadline: UInt64) throws(CallFailure) {
        let hello = try controlFrame(deadline: deadline)
        try obeying { () throws(ProtocolViolation) in
            guard hello.header.kind == .hello else { throw .frameUnexpected }
            try Hello.check(hello.body)
        }
        var writer = BodyWriter()
        Setup(plan, directory: spawn.directory).write(to: &writer)
        do throws(FrameError) { try spawn.control.send(writer.bytes) } catch {
            throw failureAfterClosedSocket()
        }
        let answer = try controlFrame(deadline: deadline)
        let refusal = try obeying { () throws(ProtocolViolation) -> CallFailure? in
            switch answer.header.kind {
            case .ready: ready = try Ready(reading: answer.body)
            case .refused: return try CallFailure(reading: answer.body)
            default: throw .frameUnexpected
            }
            return nil
        }
        if let refusal { throw refusal }
        Reactor.shared.watch(
            spawn.control.descriptor, target: registration, channel: Channel.control, once: true)
    }

    private func obeying<T>(_ body: () throws(ProtocolViolation) -> T) throws(CallFailure) -> T {
        do { return try body() } catch {
            terminate(.violation(error))
            throw failureAfterEnd()
        }
    }

    private func controlFrame(deadline: UInt64) throws(CallFailure) -> FrameSocket.Frame {
        while true {
            do throws(FrameError) {
                if let frame = try spawn.control.receive(wait: false) { return frame }
            } catch {
                if case .violation(let rule) = error { terminate(.violation(rule)) }
                throw failureAfterClosedSocket()
            }
            let now = tp_monotonic_nanoseconds()
            guard now < deadline else {
                throw CallFailure(
                    .timeout, code: .cellStart,
                    "The cell of \(plan.instanceName) was not ready within \(Limits.cellStart).",
                    effect: .notApplied)
            }
            _ = tp_wait(spawn.control.descriptor, Int16(POLLIN), Int64(deadline - now))
        }
    }

    private func openLanes(_ purpose: Purpose, deadline: UInt64) throws(CallFailure) {
        let concurrency = purpose == .probe ? 1 : max(1, plan.concurrency)
        guard concurrency == 1 || !ready.isSerial else {
            throw CallFailure(
                .invalidArgument, code: .libraryConcurrency,
                "The manifest says concurrency \(concurrency), but the library is serial. Say 1.",
                effect: .notApplied)
        }
        var open: [HostLane] = []
        for index in 0..<concurrency {
            if index == 0 {
                addLane(spawn.lane)
            } else {
                guard let (socket, _) = makeLane() else {
                    throw CallFailure(
                        .unavailable, code: .cellStart, "A lane cannot be made.", effect: .notApplied)
                }
                addLane(socket)
            }
            var call = OutgoingCall(purpose == .probe ? .probe : .open)
            call.first = plan.configurationJSON
            call.deadlineNanoseconds = deadline
            _ = try perform(call)
            // Kept aside, so that the next call opens the next lane.
            state.withLock { state in
                open += state.idle
                state.idle = []
            }
        }
        state.withLock { $0.idle = open }
    }

    private func addLane(_ socket: FrameSocket) {
        let lane = state.withLock { state in
            let lane = HostLane(socket, channel: Channel.firstLane + UInt64(state.lanes.count))
            state.lanes.append(lane)
            state.idle.append(lane)
            return lane
        }
        Reactor.shared.watch(
            socket.descriptor, target: registration, channel: lane.channel, once: true, isArmed: false)
    }

    /// A new lane of the cell: the host's end and the shared memory.
    func makeLane() -> (FrameSocket, SharedMemory)? {
        guard let memory = SharedMemory() else { return nil }
        var both: [Int32] = [-1, -1]
        guard tp_socket_pair(&both) >= 0 else { return nil }
        let socket = FrameSocket(descriptor: both[0])
        defer { close(both[1]) }
        var writer = BodyWriter()
        writer.begin(.lane, callID: 0)
        writer.finish()
        let result = controlLock.withLock { _ in
            tp_send_descriptors(
                spawn.control.descriptor, writer.bytes, UInt64(writer.bytes.count),
                [both[1], memory.descriptor], 2)
        }
        return result == 0 ? (socket, memory) : nil
    }

    /// Tells the cell to cancel a call. Where even that cannot be sent, the patience that runs decides.
    func sendCancel(callID: UInt64) {
        var writer = BodyWriter()
        writer.begin(.cancel, callID: callID)
        writer.finish()
        // `try?`: a cell that is gone or stuck is found out by its pidfd or by the deadline.
        controlLock.withLock { _ in _ = try? spawn.control.sendAvailable(writer.bytes) }
    }
}

extension Setup {
    fileprivate init(_ plan: LaunchPlan, directory: String) {
        self.init()
        instanceName = plan.instanceName
        libraryPath = plan.libraryPath
        libraryDigest = plan.libraryDigest?.rawValue ?? ""
        memoryBytes = UInt64(Limits.cellMemoryBytes)
        openFiles = UInt64(Limits.cellOpenFiles)
        writesLines = plan.accepts == ["ndjson"]
        deniedDirectory = plan.deniedDirectory
        guard !plan.deniedDirectory.isEmpty else { return }
        // Below the hidden directory the cell keeps its own directory, and the tree that the library lies in.
        let prefix = plan.deniedDirectory.hasSuffix("/") ? plan.deniedDirectory : plan.deniedDirectory + "/"
        if directory.hasPrefix(prefix) { ownDirectory = directory }
        if plan.libraryPath.hasPrefix(prefix) {
            let first = plan.libraryPath.dropFirst(prefix.count).prefix { $0 != "/" }
            readOnlyDirectory = prefix + first
        }
    }
}
