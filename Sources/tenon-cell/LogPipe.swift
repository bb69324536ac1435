internal import CPlatform
internal import Glibc
internal import Synchronization
internal import TenonModel
internal import TenonTransport

/// Sends lines of the log service to the host without ever waiting: what does not fit is dropped and counted.
final class LogPipe: Sendable {
    private struct State {
        var dropped: UInt64 = 0
        var windowStart: UInt64 = 0
        var linesInWindow = 0
    }

    private let descriptor: Int32
    private let state = Mutex(State())

    init(descriptor: Int32) {
        self.descriptor = descriptor
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    func write(level: UInt32, message: String, fields: String) {
        state.withLock { state in
            let now = tp_monotonic_nanoseconds()
            if now &- state.windowStart > 1_000_000_000 {
                state.windowStart = now
                state.linesInWindow = 0
            }
            state.linesInWindow += 1
            guard state.linesInWindow <= Limits.cellLogLinesPerSecond else {
                state.dropped += 1
                return
            }
            let bytes = LogRecord.encode(
                level: min(level, 4), message: message, fields: fields, dropped: state.dropped)
            // At most PIPE_BUF bytes: written whole or not at all.
            let count = Glibc.write(descriptor, bytes, bytes.count)
            state.dropped = count == bytes.count ? 0 : state.dropped + 1
        }
    }
}
