internal import Synchronization

/// Lets tasks wait for the end of an execution.
final class FinishSignal: Sendable {
    private struct State {
        var isFinished = false
        var nextWaiter = 0
        var waiters: [Int: CheckedContinuation<Bool, Never>] = [:]
    }
    private let state = Mutex(State())

    /// Wakes everybody who waits, and all who come later.
    func finish() {
        let waiters = state.withLock { state in
            state.isFinished = true
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume(returning: true) }
    }

    /// True when the execution is finished; false when `giveUp` came first or the task was cancelled.
    /// `giveUp` is told the number of the waiter to be given to `abandon`.
    func wait(_ giveUp: @Sendable (Int) -> Void) async -> Bool {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isFinished: Bool? = state.withLock { state in
                    if state.isFinished || Task.isCancelled { return state.isFinished }
                    state.waiters[number] = continuation
                    return nil
                }
                if let isFinished { continuation.resume(returning: isFinished) } else { giveUp(number) }
            }
        } onCancel: {
            abandon(number)
        }
    }

    func abandon(_ number: Int) {
        state.withLock { $0.waiters.removeValue(forKey: number) }?.resume(returning: false)
    }
}
