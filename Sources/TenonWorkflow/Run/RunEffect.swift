package import TenonJSON
package import TenonModel

/// What the runtime has to do for an execution, in this order.
package enum RunEffect: Sendable, Equatable {
    /// Call a connector, after the machine's changed rows are committed.
    case call(StepCall)
    /// Apply a transformation to `input` and report its result; no effect outside, so no commit before it.
    case transform(step: Int, transformation: JSON, input: JSON)
    /// Send `retryDue` at that time.
    case retry(step: Int, at: Timestamp)
    /// Send `timedOut` at that time, unless the step or the execution has ended by then.
    case deadline(step: Int?, at: Timestamp)
    /// Cancel the call in flight; its end is still reported.
    case cancelCall(step: Int)
    /// The status is terminal.
    case finished
}

/// One call of a connector's action.
package struct StepCall: Sendable, Equatable {
    package var step: Int
    /// From 1.
    package var attempt: Int
    package var integrationID: IntegrationID
    package var action: String
    package var input: JSON
    /// The same for every attempt of one step of one execution.
    package var idempotencyKey: String
    package var timeout: Duration
    /// Takes secrets out of the answer and of whatever is said about the call.
    package var mask = SecretMask.none

    package init(
        step: Int, attempt: Int, to integrationID: IntegrationID, action: String, input: JSON,
        idempotencyKey: String, timeout: Duration
    ) {
        self.step = step
        self.attempt = attempt
        self.integrationID = integrationID
        self.action = action
        self.input = input
        self.idempotencyKey = idempotencyKey
        self.timeout = timeout
    }
}
