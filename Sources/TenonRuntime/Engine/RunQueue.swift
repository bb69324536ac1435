internal import TenonStore

/// Work for an engine thread.
enum RunItem: Sendable {
    case execution(LiveExecution)
    /// One of several calls of an execution that may run side by side.
    case call(LiveExecution, PreparedCall)
}

/// What has to be done, and the threads that wait for such.
final class RunQueue: @unchecked Sendable {
    // Invariant: everything below is only touched while `condition` is locked.
    private let condition = Condition()
    private var items: [RunItem?] = []
    private var head = 0
    private var sleeperCount = 0
    /// Wake-ups that no sleeper has taken yet; they make sure that none is lost.
    private var tokens = 0
    private var maxTokens: Int
    private var isClosed = false

    init(threadCount: Int) { maxTokens = threadCount }

    var waitingCount: Int { condition.withLock { items.count - head } }

    func push(_ item: RunItem) {
        condition.withLock { items.append(item) }
    }

    /// Lets up to `count` threads look for work. False: all are busy.
    func wake(_ count: Int) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        let added = min(count, maxTokens - tokens)
        tokens += max(0, added)
        if sleeperCount > 0 { added == 1 ? condition.signal() : condition.broadcast() }
        return sleeperCount > 0
    }

    func take() -> RunItem? {
        condition.lock()
        defer { condition.unlock() }
        guard head < items.count else { return nil }
        let item = items[head]
        items[head] = nil
        head += 1
        if head == items.count {
            items.removeAll(keepingCapacity: head <= 4096)
            head = 0
        } else if head > 4096, head * 2 > items.count {
            items.removeFirst(head)
            head = 0
        }
        return item
    }

    /// Sleeps until somebody wakes the threads. False: the queue is closed.
    func sleep() -> Bool {
        condition.lock()
        defer { condition.unlock() }
        sleeperCount += 1
        while tokens == 0, !isClosed { condition.wait() }
        sleeperCount -= 1
        guard !isClosed else { return false }
        tokens -= 1
        return true
    }

    var isOpen: Bool { condition.withLock { !isClosed } }

    func close() {
        condition.withLock {
            isClosed = true
            condition.broadcast()
        }
    }
}
