internal import Glibc
internal import TenonColumns
internal import TenonModel
internal import TenonStore

/// What the reading side of a pipeline hands to the writing side.
enum PipelineItem: Sendable {
    /// The columns that all batches will have; first, and once for each reader.
    case columns(Schema)
    case batch(Batch)
    /// Everything sent so far is covered by this position of the source; what the reading side counted up to
    /// here.
    case position([UInt8], PipelineTally.Counts)
    case end
}

/// Carries items from one thread to another, at most so many bytes at a time.
final class BatchChannel: @unchecked Sendable {
    // Invariant: everything below is only touched while `condition` is locked.
    private let condition = Condition()
    private let maxBytes: Int
    private var items: [(item: PipelineItem, byteCount: Int)] = []
    private var byteCount = 0
    private var failure: TenonError?

    init(maxBytes: Int) { self.maxBytes = maxBytes }

    /// Blocks while the channel is full; a single item larger than the channel passes alone.
    func send(_ item: PipelineItem) throws(TenonError) {
        let size = if case .batch(let batch) = item { batch.byteCount } else { 0 }
        condition.lock()
        defer { condition.unlock() }
        while failure == nil, byteCount > 0, byteCount + size > maxBytes { condition.wait() }
        if let failure { throw failure }
        items.append((item, size))
        byteCount += size
        condition.broadcast()
    }

    /// Blocks until there is an item.
    func receive() throws(TenonError) -> PipelineItem {
        condition.lock()
        defer { condition.unlock() }
        while failure == nil, items.isEmpty { condition.wait() }
        if let failure { throw failure }
        let (item, size) = items.removeFirst()
        byteCount -= size
        condition.broadcast()
        return item
    }

    /// Makes both sides stop with `failure`; the first one counts.
    func fail(_ failure: TenonError) {
        condition.withLock {
            self.failure = self.failure ?? failure
            condition.broadcast()
        }
    }

    /// Makes the channel empty and usable again after a failure. Neither side may be using it.
    func reopen() {
        condition.withLock {
            items = []
            byteCount = 0
            failure = nil
        }
    }

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
        guard let thread else {
            throw TenonError(.pipelineSourceFailed, "The host cannot start another thread.")
        }
        pthread_detach(thread)
        condition.lock()
        defer { condition.unlock() }
        while failure == nil, pending.result == nil { condition.wait() }
        if let result = pending.result { return result }
        pending.isAbandoned = true
        throw failure ?? LivePipeline.cancellation
    }

    var firstFailure: TenonError? { condition.withLock { failure } }
}

/// What a call on another thread has answered.
private final class PendingAnswer<Answer: Sendable>: @unchecked Sendable {
    // Invariant: both are only touched while the channel's condition is locked.
    var result: Result<Answer, CallFailure>?
    var isAbandoned = false
}
