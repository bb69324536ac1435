import Glibc
import Synchronization
import TenonColumns
import TenonConnectors
import TenonJSON
import TenonModel
import TenonPipeline
import TenonStore

/// A source of numbered rows and a target that keeps what was committed, in this process.
final class RecordBox: InstanceConnection {
    struct Plan: Sendable {
        var batchCount = 10
        var rowsPerBatch = 100
        /// Reading fails after so many batches.
        var failsAfter: Int?
        /// Reading answers after so many batches that the columns have changed.
        var changesAfter: Int?
        /// Writing fails with this after so many batches.
        var fullAfter: Int?
        /// The row of each batch that the target refuses.
        var refusedRow: Int64?
        /// Reading blocks after so many batches until it is cancelled.
        var blocksAfter: Int?
        /// What makes rows large.
        var padding = ""
        /// After its batches the source says for ever that it has nothing yet, also when it is cancelled.
        var isIdleAtEnd = false
        var streams = ["numbers"]
        /// The call that blocks until `hold` is let go: discover, reader, writer.
        var blocksIn = ""
    }

    struct Kept: Sendable {
        var committed: [JSON] = []
        var commits: [UInt64] = []
        var requests: [String] = []
        var abortCount = 0
        var maxUncommittedRows = 0
    }

    static let columns = Schema([Field("id", .int64), Field("status", .utf8)])
    let plan: Plan
    let kept = Mutex(Kept())
    /// Called before each commit with its sequence.
    let willCommit = Mutex<(@Sendable (UInt64) -> Void)?>(nil)

    /// False: calls that block may go on.
    let hold = Mutex(true)

    init(_ plan: Plan = Plan()) { self.plan = plan }

    private func blockIfPlanned(_ call: String) {
        while plan.blocksIn == call, hold.withLock({ $0 }) { usleep(5_000) }
    }

    var status: InstanceStatus { .ready }
    var protections: [String] { [] }
    func start() throws(CallFailure) {}
    func check() throws(CallFailure) -> [[UInt8]] { [] }
    func discover() throws(CallFailure) -> [[UInt8]] {
        blockIfPlanned("discover")
        return plan.streams.map { Array("{\"stream\":\"\($0)\"}".utf8) }
    }
    func invoke(_ request: ActionRequest, completion: @escaping ActionCompletion) -> any CancellableCall {
        completion(.failure(CallFailure(.notImplemented, "no actions")))
        return NoCall()
    }
    private struct NoCall: CancellableCall { func cancel() {} }
    func openReader(_ request: ReadRequest) throws(CallFailure) -> any BatchReader {
        blockIfPlanned("reader")
        return Reader(plan)
    }
    func openWriter(_ request: WriteRequest) throws(CallFailure) -> any BatchWriter {
        blockIfPlanned("writer")
        kept.withLock { $0.requests.append(String(decoding: request.requestJSON, as: UTF8.self)) }
        return Writer(self)
    }
    func stop() {}

    private final class Reader: BatchReader, @unchecked Sendable {
        // Invariant: one thread reads; the flag is guarded by the condition.
        let plan: Plan
        var position = 0
        let condition = Condition()
        var isCancelled = false
        init(_ plan: Plan) { self.plan = plan }

        var honoured: [UInt8] { [] }
        func next() throws(CallFailure) -> [RecordEvent]? {
            if position == plan.failsAfter { throw CallFailure(.unavailable, "the source has gone away.") }
            if position == plan.changesAfter { throw CallFailure(.schemaChanged, "other columns.") }
            if position == plan.blocksAfter {
                condition.withLock { while !isCancelled { condition.wait() } }
                throw CallFailure(.cancelled, "cancelled")
            }
            guard position < plan.batchCount else { return plan.isIdleAtEnd ? [] : nil }
            let first = position * plan.rowsPerBatch
            let records = (first..<first + plan.rowsPerBatch).map { row -> JSON in
                [
                    "id": .int(Int64(row)),
                    "status": .string((row % 2 == 0 ? "active" : "retired") + plan.padding),
                ]
            }
            let batch: Batch
            do {
                batch = try Batch(records: records, schema: RecordBox.columns)
            } catch {
                throw CallFailure(.internal, "\(error)")
            }
            let events: [RecordEvent] = position == 0 ? [.schema(RecordBox.columns)] : []
            position += 1
            return events + [.batch(batch), .checkpoint([UInt8(position % 256)])]
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
        var pending: [JSON] = []
        var batchCount = 0
        init(_ box: RecordBox) { self.box = box }

        var committedSequence: UInt64 { 0 }
        func write(_ batch: Batch) throws(CallFailure) -> [RejectedRecord] {
            if batchCount == box.plan.fullAfter { throw CallFailure(.resourceExhausted, "the disk is full.") }
            batchCount += 1
            pending += (0..<batch.rowCount).map { batch.json(row: $0) }
            box.kept.withLock { $0.maxUncommittedRows = max($0.maxUncommittedRows, pending.count) }
            return box.plan.refusedRow.map { [RejectedRecord(row: $0, reason: "not wanted.")] } ?? []
        }
        func commit(_ sequence: UInt64) throws(CallFailure) {
            box.willCommit.withLock { $0 }?(sequence)
            box.kept.withLock { kept in
                kept.committed += pending
                kept.commits.append(sequence)
            }
            pending = []
        }
        func abort() throws(CallFailure) {
            pending = []
            box.kept.withLock { $0.abortCount += 1 }
        }
        func cancel() {}
        func close() {}
    }
}
