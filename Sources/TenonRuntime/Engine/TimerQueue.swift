internal import Glibc
internal import TenonModel
internal import TenonStore

/// Runs short actions at their time, on one thread.
final class TimerQueue: @unchecked Sendable {
    private struct Timer {
        var due: UInt64
        var order: UInt64
        var action: @Sendable () -> Void

        func precedes(_ other: Timer) -> Bool { (due, order) < (other.due, other.order) }
    }

    // Invariant: everything below is only touched while `condition` is locked.
    private let condition = Condition()
    private let time: any TimeSource
    /// A binary heap, the next one first.
    private var timers: [Timer] = []
    private var lastOrder: UInt64 = 0
    private var thread: pthread_t?
    private var isStopping = false

    init(time: any TimeSource) { self.time = time }

    /// Runs `action` at that moment of the wall clock, as seen now; at once where it has passed.
    func schedule(at moment: Timestamp, _ action: @escaping @Sendable () -> Void) {
        schedule(after: moment - time.now(), action)
    }

    func schedule(after delay: Duration, _ action: @escaping @Sendable () -> Void) {
        let due = time.monotonicNanoseconds() &+ UInt64(max(0, delay.wholeNanoseconds))
        condition.lock()
        defer { condition.unlock() }
        guard !isStopping else { return }
        lastOrder += 1
        timers.append(Timer(due: due, order: lastOrder, action: action))
        siftUp(timers.count - 1)
        if thread == nil { thread = startThread { [self] in run() } }
        if timers[0].order == lastOrder { condition.signal() }
    }

    /// Says that an injected clock was moved.
    func clockMoved() { condition.withLock { condition.signal() } }

    func stop() {
        let running = condition.withLock {
            isStopping = true
            timers = []
            condition.signal()
            defer { thread = nil }
            return thread
        }
        if let running { pthread_join(running, nil) }
    }

    private func run() {
        condition.lock()
        while !isStopping {
            guard let next = timers.first else {
                condition.wait()
                continue
            }
            let now = time.monotonicNanoseconds()
            guard next.due <= now else {
                _ = condition.wait(until: monotonicNanoseconds() + (next.due - now))
                continue
            }
            removeFirst()
            condition.unlock()
            next.action()
            condition.lock()
        }
        condition.unlock()
    }

    private func siftUp(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard timers[child].precedes(timers[parent]) else { return }
            timers.swapAt(child, parent)
            child = parent
        }
    }

    private func removeFirst() {
        timers.swapAt(0, timers.count - 1)
        timers.removeLast()
        var parent = 0
        while true {
            let children = [2 * parent + 1, 2 * parent + 2].filter { $0 < timers.count }
            guard let least = children.min(by: { timers[$0].precedes(timers[$1]) }),
                timers[least].precedes(timers[parent])
            else { return }
            timers.swapAt(least, parent)
            parent = least
        }
    }
}
