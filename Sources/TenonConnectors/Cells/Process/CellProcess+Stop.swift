internal import CPlatform
internal import Glibc
internal import Synchronization
internal import TenonModel
internal import TenonTransport

extension CellProcess {
    private static let stopPatience: UInt64 = 1_000_000_000

    /// Ends the cell in order: no new calls, calls in flight cancelled, instances closed, then the sockets.
    /// What does not follow in time is killed.
    func stop() {
        let deadline = tp_monotonic_nanoseconds() + Self.stopPatience
        let (running, streams) = state.withLock { state -> ([UInt64], [StreamLane]) in
            (state.lanes.compactMap { $0.call?.id }, state.streams)
        }
        for id in running { sendCancel(callID: id) }
        for stream in streams { stream.cancel(for: nil) }
        closeInstances(deadline: deadline)
        state.withLock { state in
            if state.cause == nil, state.ending == nil { state.cause = .stopped }
        }
        spawn.control.shutDown()
        if ended.wait(until: deadline) == nil { kill() }
        _ = ended.wait(until: tp_monotonic_nanoseconds() + 5_000_000_000)
    }

    /// Each lane that becomes idle in time closes its instance.
    private func closeInstances(deadline: UInt64) {
        let count = state.withLock { $0.lanes.count }
        let answers = (0..<count).map { _ in Latch<Void>() }
        for answer in answers {
            var call = OutgoingCall(.closeInstance)
            call.deadlineNanoseconds = deadline
            if !submit(PendingCall(call) { _ in answer.set(()) }) { answer.set(()) }
        }
        for answer in answers { _ = answer.wait(until: deadline) }
    }
}
