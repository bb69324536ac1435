package import TenonJSON
package import TenonModel

/// What happened to an execution.
package enum RunEvent: Sendable {
    /// The execution begins; once.
    case started
    /// A call or a transformation answered. `response` is for api-calls whose answer the caller has already
    /// taken apart; with nil the machine takes `status`, `headers` and `body` from the `output` of an action
    /// `request`.
    case stepSucceeded(step: Int, output: JSON, response: JSON?)
    /// `isUncertain`: the action's effect is `write` and nobody knows whether it was applied.
    case stepFailed(step: Int, CallFailure, isUncertain: Bool)
    /// The pause before the next attempt is over.
    case retryDue(step: Int)
    /// A deadline that the machine asked for has passed: a step's, or the execution's (nil).
    case timedOut(step: Int?)
    case cancelRequested
    /// The host was restored from its rows; before the `stepLost` of the steps that were running.
    case recovered
    /// The host went away while the step's call was in flight.
    case stepLost(step: Int, effect: ActionEffect)
    /// Somebody decided about a step in doubt.
    case resolved(step: Int, Resolution)
}

/// What a person decides about a step in doubt.
package enum Resolution: Sendable, Equatable {
    /// The effect happened; `output` stands for the answer that was lost.
    case completed(output: JSON)
    /// The effect did not happen, and the step counts as failed.
    case failed(message: String)
    /// Send it again.
    case retry
}
