import Glibc
import Synchronization
import TenonColumns
import TenonConnectors
import TenonJSON
import TenonModel
import TenonPipeline
import TenonRuntime
import TenonStore

/// A source of numbered rows and a target that keeps what was committed, in this process.
final class RecordBox: InstanceConnection {
    struct Plan: Sendable {
        var batchCount = 10
        var rowsPerBatch = 100
        /// Reading fails with `failure` after so many batches, so many times.
        var failsAfter: Int?
        var failureCount = Int.max
        var failure = CallFailure(.unavailable, "the source has gone away.")
        /// Reading answers after so many batches that the columns have changed.
        var changesAfter: Int?
        var changeCount = Int.max
        /// The columns that discover announces, before and after a change.
        var announced: [Schema] = []
        /// What readers say that they follow, before and after a change.
        var honoured = [""]
        /// Writing fails with this after so many batches.
        var fullAfter: Int?
        /// The target breaks so many times: after so many batches of a writer, or in a commit, before or
        /// after it has stored the rows.
        var breaksAfter: Int?
        var breaksCommit: CommitBreak?
        var breakCount = Int.max
        /// From which commit on, and with which word.
        var breaksFrom: UInt64 = 1
        var breakStatus = CallStatus.unavailable
        /// The row of each batch that the target refuses.
        var refusedRow: Int64?
        /// The first batch of a writer that it refuses one of.
        var refusesFrom = 0
        /// Reading blocks after so many batches until it is cancelled.
        var blocksAfter: Int?
        /// What makes rows large.
        var padding = ""
        /// After its batches the source says for ever that it has nothing yet, also when it is cancelled.
        var isIdleAtEnd = false
        var hasCheckpoints = true
        /// The source says that it has so many bytes, a tenth of them in each batch.
        var announcedBytes: UInt64?
        var streams = ["numbers"]
        /// The call that blocks until `hold` is let go: discover, reader, writer, next, write, commit.
        var blocksIn = ""
        var guarantee = CommitGuarantee.exactlyOnce
    }

    enum CommitBreak: Sendable {
        case before, after
    }

    struct Kept: Sendable {
        var committed: [JSON] = []
        var commits: [UInt64] = []
        var requests: [String] = []
        var readRequests: [String] = []
        /// Where readers began.
        var positions: [Int] = []
        var abortCount = 0
        var maxUncommittedRows = 0
        var failureCount = 0
        var breakCount = 0
        var changeCount = 0
        /// The last sequence; an answer that is not the truth.
        var sequence: UInt64 = 0
        var saysSequence: UInt64?
    }

    static let columns = Schema([Field("id", .int64), Field("status", .utf8)])
    let plan: Plan
    let kept = Mutex(Kept())
    /// Called before each commit with its sequence.
    let willCommit = Mutex<(@Sendable (UInt64) -> Void)?>(nil)

    /// Called before each batch with its number.
    let willRead = Mutex<(@Sendable (Int) -> Void)?>(nil)

    /// The next reading fails; discover says nothing after a change.
    let failsOnce = Mutex(false)
    let forgetsStreams = Mutex(false)

    /// False: calls that block may go on.
    let hold = Mutex(true)

    init(_ plan: Plan = Plan()) { self.plan = plan }

    /// Whether the call that blocks was made.
    let isBlocking = Mutex(false)

    private func blockIfPlanned(_ call: String) {
        if plan.blocksIn == call { isBlocking.withLock { $0 = true } }
        while plan.blocksIn == call, hold.withLock({ $0 }) { usleep(5_000) }
    }

    var status: InstanceStatus { .ready }
    var protections: [String] { [] }
    func start() throws(CallFailure) {}
    func check() throws(CallFailure) -> [[UInt8]] { [] }
    func discover() throws(CallFailure) -> [[UInt8]] {
        blockIfPlanned("discover")
        if forgetsStreams.withLock({ $0 }), kept.withLock({ $0.changeCount > 0 }) { return [] }
        let columns = current(plan.announced).map { "," + $0.jsonText.dropFirst() } ?? "}"
        return plan.streams.map { Array("{\"stream\":\"\($0)\"\(columns)".utf8) }
    }
    /// Of what holds before and after the source has changed its columns.
    private func current<Value>(_ values: [Value]) -> Value? {
        values.isEmpty ? nil : values[min(values.count - 1, kept.withLock { $0.changeCount })]
    }
    func invoke(_ request: ActionRequest, completion: @escaping ActionCompletion) -> any CancellableCall {
        completion(.failure(CallFailure(.notImplemented, "no actions")))
        return NoCall()
    }
    private struct NoCall: CancellableCall { func cancel() {} }
    func openReader(_ request: ReadRequest) throws(CallFailure) -> any BatchReader {
        blockIfPlanned("reader")
        let position = request.checkpoint.reduce(0) { $0 * 256 + Int($1) }
        kept.withLock {
            $0.readRequests.append(String(decoding: request.requestJSON, as: UTF8.self))
            $0.positions.append(position)
        }
        return Reader(self, at: position)
    }
    func openWriter(_ request: WriteRequest) throws(CallFailure) -> any BatchWriter {
        blockIfPlanned("writer")
        let sequence = kept.withLock { kept in
            kept.requests.append(String(decoding: request.requestJSON, as: UTF8.self))
            return kept.saysSequence ?? kept.sequence
        }
        return Writer(self, sequence: plan.guarantee == .exactlyOnce ? sequence : 0)
    }
    func stop() {}

    private final class Reader: BatchReader, @unchecked Sendable {
        // Invariant: one thread reads; the flag is guarded by the condition.
        let box: RecordBox
        let plan: Plan
        var position: Int
        var isAnnounced = false
        let condition = Condition()
        var isCancelled = false
        init(_ box: RecordBox, at position: Int) {
            self.box = box
            plan = box.plan
            self.position = position
        }

        var honoured: [UInt8] { Array((box.current(plan.honoured) ?? "").utf8) }
        func next() throws(CallFailure) -> [RecordEvent]? {
            box.willRead.withLock { $0 }?(position)
            let fails = box.failsOnce.withLock { fails in
                defer { fails = false }
                return fails
            }
            if fails { throw plan.failure }
            if position == plan.changesAfter {
                let changes = box.kept.withLock { kept in
                    guard kept.changeCount < plan.changeCount else { return false }
                    kept.changeCount += 1
                    return true
                }
                if changes { throw CallFailure(.schemaChanged, "other columns.") }
            }
            if position == plan.failsAfter {
                let fails = box.kept.withLock { kept in
                    kept.failureCount += 1
                    return kept.failureCount <= plan.failureCount
                }
                if fails { throw plan.failure }
            }
            if position > 0 { box.blockIfPlanned("next") }
            if position == plan.blocksAfter {
                condition.withLock { while !isCancelled { condition.wait() } }
                throw CallFailure(.cancelled, "cancelled")
            }
            guard position < plan.batchCount else { return plan.isIdleAtEnd ? [] : nil }
            let batch = try batch()
            let events: [RecordEvent] = isAnnounced ? [] : [.schema(RecordBox.columns)]
            isAnnounced = true
            position += 1
            let bytes = [UInt8(position / 256), UInt8(position % 256)]
            let progress = plan.announcedBytes.map { total in
                RecordEvent.progress(done: total / 10 * UInt64(position), total: total)
            }
            return events + [.batch(batch)] + (progress.map { [$0] } ?? [])
                + (plan.hasCheckpoints ? [.checkpoint(bytes)] : [])
        }
        private func batch() throws(CallFailure) -> Batch {
            let first = position * plan.rowsPerBatch
            let records = (first..<first + plan.rowsPerBatch).map { row -> JSON in
                [
                    "id": .int(Int64(row)),
                    "status": .string((row % 2 == 0 ? "active" : "retired") + plan.padding),
                ]
            }
            do {
                return try Batch(records: records, schema: RecordBox.columns)
            } catch {
                throw CallFailure(.internal, "\(error)")
            }
        }
        func cancel() {
            condition.withLock {
                isCancelled = true
                condition.broadcast()
            }
        }
        func close() {}
    }

    private final class Writer: BatchWriter, @unchecked Sendable {
        // Invariant: one thread writes.
        let box: RecordBox
        let committedSequence: UInt64
        var pending: [JSON] = []
        var batchCount = 0
        init(_ box: RecordBox, sequence: UInt64) {
            self.box = box
            committedSequence = sequence
        }

        func write(_ batch: Batch) throws(CallFailure) -> [RejectedRecord] {
            box.blockIfPlanned("write")
            if batchCount == box.plan.fullAfter { throw CallFailure(.resourceExhausted, "the disk is full.") }
            if batchCount == box.plan.breaksAfter { try breakDown() }
            batchCount += 1
            pending += (0..<batch.rowCount).map { batch.json(row: $0) }
            box.kept.withLock { $0.maxUncommittedRows = max($0.maxUncommittedRows, pending.count) }
            if batchCount <= box.plan.refusesFrom { return [] }
            return box.plan.refusedRow.map { [RejectedRecord(row: $0, reason: "not wanted.")] } ?? []
        }
        private func breakDown() throws(CallFailure) {
            let breaks = box.kept.withLock { kept in
                kept.breakCount += 1
                return kept.breakCount <= box.plan.breakCount
            }
            if breaks { throw CallFailure(box.plan.breakStatus, "the target has gone away.") }
        }
        func commit(_ sequence: UInt64) throws(CallFailure) {
            box.willCommit.withLock { $0 }?(sequence)
            box.blockIfPlanned("commit")
            if box.plan.breaksCommit == .before, sequence >= box.plan.breaksFrom { try breakDown() }
            box.kept.withLock { kept in
                guard sequence > kept.sequence || box.plan.guarantee == .atLeastOnce else { return }
                kept.committed += pending
                kept.commits.append(sequence)
                kept.sequence = sequence
            }
            pending = []
            if box.plan.breaksCommit == .after { try breakDown() }
        }
        func abort() throws(CallFailure) {
            pending = []
            box.kept.withLock { $0.abortCount += 1 }
        }
        func cancel() {}
        func close() {}
    }
}
