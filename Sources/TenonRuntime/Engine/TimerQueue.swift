internal import Glibc
internal import TenonModel
internal import TenonStore

/// Runs short actions at their time, on one thread.
final class TimerQueue: @unchecked Sendable {
    private struct Timer {
        var due: UInt64
        var order: UInt64

        func precedes(_ other: Timer) -> Bool { (due, order) < (other.due, other.order) }
    }

    // Invariant: everything below is only touched while `condition` is locked.
    private let condition = Condition()
    private let time: any TimeSource
    /// A binary heap, the next one first.
    private var timers: [Timer] = []
    /// By order; a timer without one was removed and leaves the heap later.
    private var actions: [UInt64: @Sendable () -> Void] = [:]
    private var lastOrder: UInt64 = 0
    private var thread: pthread_t?
    private var isStopping = false

    init(time: any TimeSource) { self.time = time }

    /// Runs `action` at that moment of the wall clock, as seen now; at once where it has passed.
    @discardableResult
    func schedule(at moment: Timestamp, _ action: @escaping @Sendable () -> Void) -> UInt64 {
        schedule(after: moment - time.now(), action)
    }

    /// Answers what `remove` takes.
    @discardableResult
    func schedule(after delay: Duration, _ action: @escaping @Sendable () -> Void) -> UInt64 {
        let due = time.monotonicNanoseconds() &+ UInt64(max(0, delay.wholeNanoseconds))
        condition.lock()
        defer { condition.unlock() }
        guard !isStopping else { return 0 }
        lastOrder += 1
        timers.append(Timer(due: due, order: lastOrder))
        actions[lastOrder] = action
        siftUp(timers.count - 1)
        if thread == nil { thread = startThread { [self] in run() } }
        if timers[0].order == lastOrder { condition.signal() }
        return lastOrder
    }

    /// Takes timers back that have not run yet.
    func remove(_ orders: [UInt64]) {
        guard !orders.isEmpty else { return }
        condition.withLock {
            for order in orders { actions[order] = nil }
            // Once the heap is mostly removed ones: so that removing costs little and leaves little behind.
            guard timers.count > 2 * actions.count + 64 else { return }
            timers = timers.filter { actions[$0.order] != nil }.sorted { $0.precedes($1) }
        }
    }

    /// How many entries there are, removed ones included.
    var count: Int { condition.withLock { timers.count } }

    /// Says that an injected clock was moved.
    func clockMoved() { condition.withLock { condition.signal() } }

    func stop() {
        let running = condition.withLock {
            isStopping = true
            timers = []
            actions = [:]
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
            guard let action = actions.removeValue(forKey: next.order) else { continue }
            condition.unlock()
            action()
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
