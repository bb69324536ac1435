internal import TenonModel

/// Decides whether a pipeline of which one end has failed is tried again, and how much later (`first`: after
/// the first failure in a row).
///
///     running --transient failure--> waiting (three times as long each time) --over--> running
///     running --transient failure, too often in a row without a commit--> given up
///     running --a commit--> the failures before it are forgotten
///     running --any other failure--> given up
struct AttemptPolicy: Sendable, Equatable {
    private static let longestDelay: Duration = .seconds(10)

    /// How often the pipeline was begun, from 1.
    private(set) var attemptCount: Int
    /// How many attempts in a row have committed nothing, those that ended with their host included.
    private(set) var stalledCount: Int
    /// How many attempts in a row have failed in this start of the host.
    private var failureCount = 0

    init(attemptCount: Int, stalledCount: Int) {
        self.attemptCount = attemptCount
        self.stalledCount = stalledCount
    }

    /// Whether an attempt may begin at all: one that ends the host each time may not for ever.
    var mayBegin: Bool { stalledCount < Limits.pipelineStalls }

    mutating func begin() {
        attemptCount += 1
        stalledCount += 1
    }

    mutating func noteCommit() {
        stalledCount = 0
        failureCount = 0
    }

    /// How long to wait before the next attempt; nil: there is none.
    mutating func delay(after failure: TenonError, first: Duration) -> Duration? {
        failureCount += 1
        guard failure.isWorthAnotherAttempt, mayBegin, failureCount < Limits.pipelineAttempts else {
            return nil
        }
        let asked = failure.retryAfter
        guard asked <= Limits.pipelineRetryAfter else { return nil }
        var delay = first
        for _ in 1..<failureCount where delay < Self.longestDelay { delay = delay * 3 }
        return max(min(delay, Self.longestDelay), asked)
    }
}

extension TenonError {
    private static let statusKey = "status"
    private static let classKey = "class"
    private static let retryKey = "retryAfterMs"

    /// A failure of one end of a pipeline.
    init(_ code: ErrorCode, _ message: String, _ failure: CallFailure) {
        self.init(
            code, message,
            context: [Self.statusKey: failure.status.name, Self.classKey: failure.errorClass.name])
        if failure.retryAfterMilliseconds > 0 {
            context[Self.retryKey] = String(failure.retryAfterMilliseconds)
        }
    }

    fileprivate var isWorthAnotherAttempt: Bool {
        // A full target stays full until a person makes room.
        context[Self.classKey] == ErrorClass.transient.name
            && context[Self.statusKey] != CallStatus.resourceExhausted.name
    }

    fileprivate var retryAfter: Duration {
        .milliseconds(context[Self.retryKey].flatMap { Int64($0) } ?? 0)
    }

    /// Whether a source has said that its columns have changed; what a target says of columns is a failure.
    var isSchemaChange: Bool {
        code == .pipelineSourceFailed && context[Self.statusKey] == CallStatus.schemaChanged.name
    }
}
