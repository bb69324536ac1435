internal import Synchronization

/// Lets tasks wait for the end of an execution.
final class FinishSignal: Sendable {
    private struct State {
        var isFinished = false
        var nextWaiter = 0
        var waiters: [Int: CheckedContinuation<Bool, Never>] = [:]
        var actions: [@Sendable () -> Void] = []
    }
    private let state = Mutex(State())

    /// Wakes everybody who waits, and all who come later.
    func finish() {
        let (waiters, actions) = state.withLock { state in
            state.isFinished = true
            defer { (state.waiters, state.actions) = ([:], []) }
            return (state.waiters, state.actions)
        }
        for waiter in waiters.values { waiter.resume(returning: true) }
        for action in actions { action() }
    }

    /// Runs `action`, which must be quick, when the execution is finished: on the thread that ends it, or now.
    func whenFinished(_ action: @escaping @Sendable () -> Void) {
        let isFinished = state.withLock { state in
            if !state.isFinished { state.actions.append(action) }
            return state.isFinished
        }
        if isFinished { action() }
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
