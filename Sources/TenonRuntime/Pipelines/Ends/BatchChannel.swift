internal import Glibc
internal import TenonColumns
internal import TenonJSON
internal import TenonModel
internal import TenonStore

/// What the reading side of a pipeline hands to the writing side.
enum PipelineItem: Sendable {
    /// The columns that all batches will have, and the request that the reader got; first, and once for each
    /// reader.
    case columns(Schema, request: JSON)
    case batch(Batch)
    /// Everything sent so far is covered by this position of the source; what the reading side counted up to
    /// here.
    case position([UInt8], PipelineCounts)
    case end(PipelineCounts)

    fileprivate var byteCount: Int {
        switch self {
        case .batch(let batch): batch.byteCount
        case .position(let position, _): position.count
        case .columns, .end: 0
        }
    }
}

/// Carries items from one thread to another, at most so many bytes at a time, and stops both when one of them
/// or somebody else fails.
final class BatchChannel: @unchecked Sendable {
    // Invariant: everything below is only touched while `condition` is locked.
    private let condition = Condition()
    private static let itemBytes = 256
    private let maxBytes: Int
    private var items: [(item: PipelineItem, byteCount: Int)] = []
    private var byteCount = 0
    private var failure: TenonError?
    private var isSenderWaiting = false
    private var runningSides = 0

    init(maxBytes: Int) { self.maxBytes = maxBytes }

    /// Blocks while the channel is full; a single item larger than the channel passes alone.
    func send(_ item: PipelineItem) throws(TenonError) {
        let size = Self.itemBytes + item.byteCount
        condition.lock()
        defer { condition.unlock() }
        while failure == nil, byteCount > 0, byteCount + size > maxBytes {
            isSenderWaiting = true
            condition.wait()
        }
        isSenderWaiting = false
        if let failure { throw failure }
        items.append((item, size))
        byteCount += size
        // Only an empty channel has somebody waiting at its end.
        if items.count == 1 { condition.broadcast() }
    }

    /// Blocks until there is an item.
    func receive() throws(TenonError) -> PipelineItem {
        condition.lock()
        defer { condition.unlock() }
        while failure == nil, items.isEmpty { condition.wait() }
        if let failure { throw failure }
        let (item, size) = items.removeFirst()
        byteCount -= size
        // A sender that waits is woken once half of the room is free, not for each batch.
        if isSenderWaiting, byteCount <= maxBytes / 2 { condition.broadcast() }
        return item
    }

    /// Makes both sides stop with `failure`; the first one counts.
    func fail(_ failure: TenonError) {
        condition.withLock {
            self.failure = self.failure ?? failure
            condition.broadcast()
        }
    }

    var firstFailure: TenonError? { condition.withLock { failure } }

    /// How many bytes are on their way.
    var waitingBytes: Int { condition.withLock { byteCount } }

    /// Sleeps, but no longer than until the channel fails: then it throws that.
    func pause(_ duration: Duration) throws(TenonError) {
        let deadline = monotonicNanoseconds() &+ UInt64(max(0, duration.wholeNanoseconds))
        condition.lock()
        defer { condition.unlock() }
        while failure == nil, condition.wait(until: deadline) {}
        if let failure { throw failure }
    }
}

// MARK: Threads

extension BatchChannel {
    /// Makes a call that cannot be cancelled on a thread of its own and waits for its answer, but no longer
    /// than until the channel fails. `discard` then gets what the call answers in the end.
    func wait<Answer: Sendable>(
        for call: @escaping @Sendable () throws(CallFailure) -> Answer,
        discard: @escaping @Sendable (Answer) -> Void = { _ in }
    ) throws(TenonError) -> Result<Answer, CallFailure> {
        let pending = PendingAnswer<Answer>()
        let thread = startThread { [condition] in
            let result = Result { () throws(CallFailure) in try call() }
            let isAbandoned = condition.withLock {
                pending.result = result
                condition.broadcast()
                return pending.isAbandoned
            }
            if isAbandoned, case .success(let answer) = result { discard(answer) }
        }
        guard let thread else { throw Self.noThread }
        pthread_detach(thread)
        condition.lock()
        defer { condition.unlock() }
        while failure == nil, pending.result == nil { condition.wait() }
        if let result = pending.result { return result }
        pending.isAbandoned = true
        throw failure ?? LivePipeline.cancellation
    }

    /// Runs `body` on a thread of its own; what it throws fails the channel.
    func run(_ body: @escaping @Sendable () throws(TenonError) -> Void) throws(TenonError) {
        condition.withLock { runningSides += 1 }
        let thread = startThread { [self] in
            do throws(TenonError) { try body() } catch { fail(error) }
            condition.withLock {
                runningSides -= 1
                condition.broadcast()
            }
        }
        guard let thread else {
            condition.withLock { runningSides -= 1 }
            throw Self.noThread
        }
        pthread_detach(thread)
    }

    /// Waits until everything that `run` has started is over. After a failure `stop` is asked again and again
    /// whether to give up what still runs `limit` later: a call that was about to begin may have missed an
    /// earlier cancel. False: something was given up.
    func waitForSides(within limit: Duration, stop: () -> Bool) -> Bool {
        var givingUp: UInt64?
        condition.lock()
        defer { condition.unlock() }
        while runningSides > 0 {
            if failure == nil {
                condition.wait()
                continue
            }
            condition.unlock()
            let mustStop = stop()
            condition.lock()
            let now = monotonicNanoseconds()
            if mustStop {
                let deadline = givingUp ?? now + UInt64(limit.wholeNanoseconds)
                givingUp = deadline
                if now >= deadline { return runningSides == 0 }
            }
            if runningSides > 0 { _ = condition.wait(until: now + Self.recheck) }
        }
        return true
    }

    private static let recheck: UInt64 = 50_000_000
    private static let noThread = TenonError(
        .pipelineSourceFailed, "The host cannot start another thread.")
}

/// What a call on another thread has answered.
private final class PendingAnswer<Answer: Sendable>: @unchecked Sendable {
    // Invariant: both are only touched while the channel's condition is locked.
    var result: Result<Answer, CallFailure>?
    var isAbandoned = false
}
