internal import Glibc

/// The clocks of the machine.
package struct SystemTime: TimeSource {
    package init() {}

    package func now() -> Timestamp {
        let nanoseconds = read(CLOCK_REALTIME)
        return Timestamp(microseconds: Int64(nanoseconds / 1000))
    }

    package func monotonicNanoseconds() -> UInt64 { read(CLOCK_MONOTONIC) }

    private func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        // Safe: the kernel writes one timespec that lives on this stack frame.
        unsafe clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
