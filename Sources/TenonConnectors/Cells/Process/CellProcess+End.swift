internal import CPlatform
internal import Foundation
internal import Glibc
internal import TenonLoader
internal import Synchronization
internal import TenonModel
internal import TenonTransport

extension CellProcess {
    /// Ends the cell for this reason, unless it is ending already.
    func terminate(_ cause: CellEnding) {
        state.withLock { state in
            if state.cause == nil, state.ending == nil { state.cause = cause }
        }
        kill()
    }

    func kill() { _ = tp_pidfd_kill(spawn.pidfd, SIGKILL) }

    /// The failure of a call after its socket was closed.
    func failureAfterClosedSocket(callID: UInt64 = 0) -> CallFailure {
        state.withLock { if $0.ending == nil { $0.sawClosedSocket = true } }
        return failureAfterEnd(callID: callID)
    }

    /// Waits for the end, which it brings about, and answers what a call fails with. Not on the reactor's
    /// thread.
    func failureAfterEnd(callID: UInt64 = 0) -> CallFailure {
        kill()
        let ending = ended.wait(until: tp_monotonic_nanoseconds() + 5_000_000_000)
        return failure(ending ?? .signalled(SIGKILL), callID: callID)
    }

    // MARK: On the reactor's thread

    func ready(channel: UInt64) {
        switch channel {
        case Channel.process: end()
        case Channel.control: controlReady()
        case Channel.log: readLog(isLast: false)
        case Channel.output: readOutput(isLast: false)
        default: laneReady(channel: channel)
        }
    }

    /// After the handshake a cell has nothing to say on the control socket.
    private func controlReady() {
        do throws(FrameError) {
            if try spawn.control.receive(wait: false) != nil {
                return terminate(.violation(.frameUnexpected))
            }
            Reactor.shared.arm(spawn.control.descriptor, target: registration, channel: Channel.control)
        } catch {
            if case .violation(let rule) = error { return terminate(.violation(rule)) }
            state.withLock { if $0.ending == nil { $0.sawClosedSocket = true } }
            kill()
        }
    }

    private func end() {
        // The group first: while the leader is not reaped, nobody else can have its number.
        Glibc.kill(-spawn.process, SIGKILL)
        var status: Int32 = 0
        guard tp_pidfd_reap(spawn.pidfd, &status) != 0 else {
            return Reactor.shared.arm(spawn.pidfd, target: registration, channel: Channel.process)
        }
        readLog(isLast: true)
        readOutput(isLast: true)
        let (ending, calls, streams, onEnd) = state.withLock { state in
            let ending = Self.ending(state, status: status)
            state.ending = ending
            let armed = state.lanes.filter(\.isArmed)
            let calls = armed.compactMap(\.call)
            for lane in armed {
                lane.isArmed = false
                lane.call = nil
            }
            let waiting = state.waiting
            state.waiting = []
            defer { state.streams = [] }
            return (ending, (calls, waiting), state.streams, state.onEnd)
        }
        forgetAll()
        removeDirectory()
        // The connection first: who hears of the end and calls again waits for the next cell.
        onEnd?(ending)
        for stream in streams { stream.socket.shutDown() }
        ended.set(ending)
        for call in calls.0 { call.completion(.failure(failure(ending, callID: call.id))) }
        for call in calls.1 {
            var unsent = failure(ending, callID: 0)
            unsent.effect = .notApplied
            call.completion(.failure(unsent))
        }
    }

    private static func ending(_ state: State, status: Int32) -> CellEnding {
        if let cause = state.cause { return cause }
        if status == -SIGKILL, state.sawClosedSocket { return .violation(.frameTruncated) }
        return status < 0 ? .signalled(-status) : .exited(status)
    }

    private func forgetAll() {
        let sockets = state.withLock { state in
            defer {
                state.lanes = []
                state.idle = []
                state.idleStreams = []
            }
            return state.lanes.map(\.socket.descriptor)
        }
        for descriptor in sockets + [spawn.pidfd, spawn.log, spawn.output, spawn.control.descriptor] {
            Reactor.shared.forget(descriptor)
        }
        Reactor.shared.remove(registration)
    }

    private func removeDirectory() {
        guard rmdir(spawn.directory) != 0, errno == ENOTEMPTY || errno == EEXIST else { return }
        // `try?`: what a connector left behind may be beyond us; the next start of the host sweeps `run/`.
        Thread.start { [directory = spawn.directory] in try? FileManager.default.removeItem(atPath: directory)
        }
    }

    // MARK: Logs

    private static let chunkBytes = 64 << 10
    private static let pause: UInt64 = 20_000_000

    private func readLog(isLast: Bool) {
        var buffer = [UInt8](repeating: 0, count: Self.chunkBytes)
        let count = read(spawn.log, &buffer, buffer.count)
        var isFlooding = false
        if count > 0 {
            do throws(ProtocolViolation) {
                isFlooding = try logs.withLock { logs throws(ProtocolViolation) in
                    try logs.take(records: buffer[..<count])
                    return logs.isFlooding
                }
            } catch {
                return terminate(.violation(error))
            }
        }
        if count != 0, !isLast { readAgain(Channel.log, isFlooding) }
    }

    private func readOutput(isLast: Bool) {
        var buffer = [UInt8](repeating: 0, count: Self.chunkBytes)
        let count = read(spawn.output, &buffer, buffer.count)
        let isFlooding = logs.withLock { logs in
            if count > 0 { logs.take(output: buffer[..<count]) }
            if isLast { logs.finish() }
            return logs.isFlooding
        }
        if count != 0, !isLast { readAgain(Channel.output, isFlooding) }
    }

    /// A cell that floods its pipes is read slowly: it waits or drops lines, the host does not work for it.
    private func readAgain(_ channel: UInt64, _ isFlooding: Bool) {
        if isFlooding {
            state.withLock { _ = $0.pausedPipes.insert(channel) }
            Reactor.shared.wake(at: tp_monotonic_nanoseconds() + Self.pause)
        } else {
            let descriptor = channel == Channel.log ? spawn.log : spawn.output
            Reactor.shared.arm(descriptor, target: registration, channel: channel)
        }
    }

    func resumePipes() {
        let paused = state.withLock { state in
            defer { state.pausedPipes = [] }
            return state.pausedPipes
        }
        for channel in paused { readAgain(channel, false) }
    }
}
