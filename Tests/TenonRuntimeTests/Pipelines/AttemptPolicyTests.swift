import TenonModel
import Testing

@testable import TenonRuntime

struct AttemptPolicyTests {
    private static func failure(_ status: CallStatus, retryAfter: UInt64 = 0) -> TenonError {
        var failure = CallFailure(status, "no.")
        failure.retryAfterMilliseconds = retryAfter
        return TenonError(.pipelineSourceFailed, "no.", failure)
    }

    @Test func `a pause triples with each failure, and a commit forgets them`() {
        var policy = AttemptPolicy(attemptCount: 1, stalledCount: 1)
        func next() -> Duration? {
            defer { policy.begin() }
            return policy.delay(after: Self.failure(.unavailable), first: .milliseconds(100))
        }
        #expect(next() == .milliseconds(100))
        #expect(next() == .milliseconds(300))
        #expect(next() == .milliseconds(900))
        policy.noteCommit()
        #expect(next() == .milliseconds(100))
        for _ in 1..<Limits.pipelineAttempts - 1 { #expect(next() != nil) }
        #expect(next() == nil)
    }

    @Test(arguments: CallStatus.allCases.filter { $0.rawValue < 0 })
    func `only what may pass by itself is tried again`(_ status: CallStatus) {
        var policy = AttemptPolicy(attemptCount: 1, stalledCount: 1)
        let mayPass: [CallStatus] = [
            .conflict, .rateLimited, .timeout, .cancelled, .unavailable, .schemaChanged,
        ]
        let delay = policy.delay(after: Self.failure(status), first: .milliseconds(1))
        #expect((delay != nil) == mayPass.contains(status))
    }

    @Test func `the other system may ask for a longer pause, within limits`() {
        var policy = AttemptPolicy(attemptCount: 1, stalledCount: 1)
        let asked = policy.delay(after: Self.failure(.rateLimited, retryAfter: 7000), first: .milliseconds(1))
        #expect(asked == .seconds(7))
        let never = policy.delay(
            after: Self.failure(.rateLimited, retryAfter: 86_400_000), first: .milliseconds(1))
        #expect(never == nil)
    }

    @Test func `two points are kept, and the target decides between them`() throws {
        var points = CommittedPoints()
        points.promise(CommittedPoint(sequence: 1, position: [1]), isFinal: false)
        points.confirm()
        points.promise(CommittedPoint(sequence: 2, position: [2]), isFinal: true)
        var second = points
        try second.settle(on: 2, .exactlyOnce)
        #expect(second.last.position == [2] && second.isFinal)
        var first = points
        try first.settle(on: 1, .exactlyOnce)
        #expect(first.last.position == [1] && !first.isFinal)
        // What was sent twice is better than what was not sent.
        var unknown = points
        try unknown.settle(on: 0, .atLeastOnce)
        #expect(unknown.last.position == [1])
        for wrong: UInt64 in [0, 3] {
            var other = points
            #expect(throws: TenonError.self) { try other.settle(on: wrong, .exactlyOnce) }
        }
    }
}
