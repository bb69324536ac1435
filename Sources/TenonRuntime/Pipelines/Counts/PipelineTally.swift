internal import Synchronization

/// Counts what passes through a pipeline while it runs. The reading and the writing thread both add to it,
/// once a batch.
final class PipelineTally: Sendable {
    /// How far the source says that it has come.
    struct Progress: Sendable, Equatable {
        /// Bytes or records of `total`, which is 0 where unknown.
        var done: UInt64 = 0
        var total: UInt64 = 0
        /// The first word of this attempt.
        var first: UInt64 = 0
    }

    /// An attempt as it runs.
    struct Snapshot: Sendable {
        var counts = PipelineCounts()
        var progress: Progress?
        /// When it began to move records, in monotonic nanoseconds, and how many there were before it.
        var beganAt: UInt64 = 0
        var earlierCount: Int64 = 0
    }

    private let state = Mutex(Snapshot())

    var current: PipelineCounts { state.withLock { $0.counts } }
    var snapshot: Snapshot { state.withLock { $0 } }

    func update(_ body: (inout sending PipelineCounts) -> Void) { state.withLock { body(&$0.counts) } }

    /// Begins an attempt at `now`: forgets what came after `earlier` and is done again.
    func restore(_ earlier: PipelineCounts, at now: UInt64) {
        state.withLock {
            $0 = Snapshot(counts: earlier, beganAt: now, earlierCount: earlier.extractedCount)
        }
    }

    func report(done: UInt64, total: UInt64) {
        state.withLock { state in
            var progress = state.progress ?? Progress(first: done)
            progress.done = done
            progress.total = total
            state.progress = progress
        }
    }
}
