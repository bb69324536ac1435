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

    var firstFailure: TenonError? { condition.withLock { failure } }
}
