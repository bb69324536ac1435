/// Where time comes from: the wall clock for records, the monotonic clock for waiting. They are never mixed.
package protocol TimeSource: Sendable {
    func now() -> Timestamp
    /// Nanoseconds of CLOCK_MONOTONIC.
    func monotonicNanoseconds() -> UInt64
}
