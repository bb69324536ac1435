internal import Synchronization
internal import TenonModel

extension LiveExecution {
    /// Runs `action` at that moment, unless the step, nil for the execution, is over before.
    func schedule(at moment: Timestamp, step: Int?, _ action: @escaping @Sendable (LiveExecution) -> Void) {
        let timer = engine.timers.schedule(at: moment) { [weak self] in if let self { action(self) } }
        inbox.withLock { $0.timers[step ?? -1, default: []].append(timer) }
    }

    /// The step is over: nothing will happen at its times.
    func unschedule(_ step: Int) {
        guard let timers = inbox.withLock({ $0.timers.removeValue(forKey: step) }) else { return }
        engine.timers.remove(timers)
    }

    func unscheduleAll() {
        let timers = inbox.withLock { inbox in
            defer { inbox.timers = [:] }
            return inbox.timers
        }
        engine.timers.remove(timers.values.flatMap { $0 })
    }
}
