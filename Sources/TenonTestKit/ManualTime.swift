internal import Synchronization
package import TenonModel

/// A clock that stands still until a test moves it.
package final class ManualTime: TimeSource {
    private let microseconds: Mutex<Int64>

    package init(start: Timestamp = Timestamp(milliseconds: 1_700_000_000_000)) {
        microseconds = Mutex(start.microseconds)
    }

    package func now() -> Timestamp { microseconds.withLock { Timestamp(microseconds: $0) } }
    package func monotonicNanoseconds() -> UInt64 { microseconds.withLock { UInt64($0) * 1000 } }
    package func advance(by duration: Duration) { microseconds.withLock { $0 += duration.wholeMicroseconds } }
}
