package import TenonModel

/// When a failed step is tried again.
package struct RetryPolicy: Sendable, Equatable {
    /// The first one included.
    package var maxAttempts = 3
    package var initialDelay: Duration = .milliseconds(500)
    package var factor = 2.0
    package var maxDelay: Duration = .seconds(60)
    /// From the start of the first attempt; nil: no limit.
    package var maxElapsed: Duration?
    /// The part of a pause that varies, 0 to 1; the same execution, step and attempt always give the same
    /// pause.
    package var jitter = 0.1
    package var classes: Set<ErrorClass> = [.transient]
    /// For one attempt; nil: what is left of the step's timeout, or `Limits.callTimeout`.
    package var attemptTimeout: Duration?

    package init() {}
}
