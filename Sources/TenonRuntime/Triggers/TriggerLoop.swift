internal import Glibc
internal import Synchronization
internal import TenonModel
internal import TenonStore

/// Holds the triggers of a host, and the thread that fires them.
final class TriggerLoop: @unchecked Sendable {
    /// All triggers that are not manual, by id.
    struct Book {
        var triggers: [TriggerID: Trigger] = [:]
        /// What is recorded about triggers that could not be read when the host started.
        var unread: [TriggerID: Trigger] = [:]
        /// When it is time to remove old rows of the ledger; nil: now.
        var prunesAt: Timestamp?
        /// The ticks from which on there may be more of them now.
        var pruneStarts: [TickOutcome: Timestamp] = [:]
        /// False before the host has started: definitions that are saved then are read at the start.
        var isLoaded = false
    }

    /// Whoever fires, or changes what is fired, holds this lock while it records that.
    let book = Mutex(Book())

    // Invariant: everything below is only touched while `condition` is locked.
    private let condition = Condition()
    private var ended: [(trigger: TriggerID, execution: ExecutionID)] = []
    private var isWoken = false
    private var stops = false
    private var thread: pthread_t?

    /// Whether nothing is to be fired any more.
    var isStopping: Bool { condition.withLock { stops } }

    /// Calls `turn` again and again until `stop`; it answers after how long it wants to be called next, or
    /// nil where only `wake` matters. Throws where there is no thread for it.
    func start(_ turn: @escaping @Sendable () -> Duration?) throws(TenonError) {
        let isStarted = condition.withLock {
            if thread == nil, !stops { thread = startThread { [self] in run(turn) } }
            return thread != nil || stops
        }
        guard isStarted else {
            throw TenonError(
                .storeUnavailable, "The system gives no thread for the triggers; see its limit of threads.")
        }
    }

    private func run(_ turn: () -> Duration?) {
        condition.lock()
        while !stops {
            isWoken = false
            condition.unlock()
            let pause = turn()
            condition.lock()
            let deadline = pause.map { monotonicNanoseconds() &+ UInt64(max(0, $0.wholeNanoseconds)) }
            while !isWoken, !stops {
                guard let deadline else {
                    condition.wait()
                    continue
                }
                if !condition.wait(until: deadline) { break }
            }
        }
        condition.unlock()
    }

    /// Something has changed: there may be something to do.
    func wake() {
        condition.withLock {
            isWoken = true
            condition.signal()
        }
    }

    /// Fires nothing more; returns when the thread has ended.
    func stop() {
        let running = condition.withLock {
            stops = true
            condition.signal()
            defer { thread = nil }
            return thread
        }
        if let running { pthread_join(running, nil) }
    }

    /// An execution that a trigger has started is over.
    func note(end execution: ExecutionID, of trigger: TriggerID) {
        condition.withLock {
            ended.append((trigger, execution))
            isWoken = true
            condition.signal()
        }
    }

    /// What `note` has collected since the last call.
    func takeEnded() -> [(trigger: TriggerID, execution: ExecutionID)] {
        condition.withLock {
            defer { ended = [] }
            return ended
        }
    }
}
