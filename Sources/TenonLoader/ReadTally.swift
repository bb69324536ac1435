internal import CTenon
internal import TenonModel

/// Counts what a reader has read, and holds back the small pieces of it: counts of records left out, and
/// records that could not be read.
struct ReadTally {
    /// Records handed over, in batches or lines.
    var read: Int64 = 0
    /// Records that came neither in batches nor in lines: left out or rejected by the connector.
    private(set) var besidesLines: Int64 = 0
    /// What was told of the progress last, where the throttle kept it back.
    private(set) var lastProgress: (done: UInt64, total: UInt64)?
    private var skipped: Int64 = 0
    private var rejected: [RejectedRecord] = []
    private var rejectedBytes = 0
    private var progressTime: UInt64 = 0

    private static let maxCount: UInt64 = 1 << 48
    private static let maxHeldBytes = 256 << 10
    private static let maxReasonBytes = 4096
    private static let maxRecordBytes = 64 << 10
    /// Twenty a second.
    private static let progressInterval: UInt64 = 50_000_000

    mutating func skip(_ count: UInt64) throws(CallFailure) {
        let total = UInt64(besidesLines).addingReportingOverflow(count)
        guard !total.overflow, total.partialValue <= Self.maxCount else {
            throw CallFailure(.invalidArgument, "The reader says that it left out \(count) records.")
        }
        skipped += Int64(count)
        besidesLines += Int64(count)
    }

    mutating func reject(
        _ status: tenon_status_t, _ reason: tenon_str_t, _ record: tenon_str_t
    ) throws(CallFailure) {
        guard status < 0 else {
            throw CallFailure(
                .invalidArgument, "The reader rejected a record with the status \(status), which is no error."
            )
        }
        let row = read &+ besidesLines
        besidesLines &+= 1
        let entry = RejectedRecord(
            row: row, status: CallStatus(code: status),
            reason: CallFrame.text(reason, limit: Self.maxReasonBytes),
            record: CallFrame.text(record, limit: Self.maxRecordBytes))
        rejectedBytes += 64 + entry.reason.utf8.count + entry.record.utf8.count
        rejected.append(entry)
    }

    /// Whether what is held back is to go on before more comes.
    var isFull: Bool { rejectedBytes > Self.maxHeldBytes }

    mutating func takeRejected() -> [RejectedRecord] {
        defer {
            rejected = []
            rejectedBytes = 0
        }
        return rejected
    }

    mutating func takeSkipped() -> Int64 {
        defer { skipped = 0 }
        return skipped
    }

    /// Whether this goes on; else it is kept for the reader's end.
    mutating func isProgressDue(done: UInt64, total: UInt64, now: UInt64) -> Bool {
        guard now &- progressTime >= Self.progressInterval else {
            lastProgress = (done, total)
            return false
        }
        progressTime = now
        lastProgress = nil
        return true
    }
}
