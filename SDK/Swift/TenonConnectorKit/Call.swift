public import CTenon

/// What the host says about one request; valid until the function that received it returns.
public struct Call {
    let pointer: UnsafePointer<tenon_call_t>

    /// Wraps the call of a table's function.
    public init(_ pointer: UnsafePointer<tenon_call_t>) { self.pointer = pointer }

    /// 1 for the first attempt.
    public var attempt: Int { Int(pointer.pointee.attempt) }

    /// Unique among the calls of this process; appears in logs.
    public var id: UInt64 { pointer.pointee.call_id }

    /// CLOCK_MONOTONIC of this process in nanoseconds, nil for none.
    public var deadline: UInt64? {
        pointer.pointee.deadline_ns == 0 ? nil : pointer.pointee.deadline_ns
    }

    /// The same for every attempt of one step, empty where there is none.
    public var idempotencyKey: String { String(tenon: pointer.pointee.idempotency_key) }

    /// W3C trace context, or empty.
    public var traceparent: String { String(tenon: pointer.pointee.traceparent) }

    public var isCancelled: Bool { pointer.pointee.is_cancelled(pointer) != 0 }

    /// Gives up where the host has cancelled the call.
    public func checkCancelled() throws(ConnectorError) {
        if isCancelled { throw ConnectorError(.cancelled, "The call was cancelled.", effect: .notApplied) }
    }

    /// Tells people how far a long call is, in units of the connector's; `total` 0 where unknown.
    public func progress(done: UInt64, total: UInt64, note: String = "") {
        withStr(note) { pointer.pointee.progress(pointer, done, total, $0) }
    }

    /// Runs `body`, and `wake` once on another thread if the call is cancelled meanwhile. `wake` must neither
    /// block nor use the call.
    public func withCancellation<Answer>(
        _ wake: @escaping @Sendable () -> Void, _ body: () throws(ConnectorError) -> Answer
    ) throws(ConnectorError) -> Answer {
        let waker = Unmanaged.passRetained(Waker(wake))
        // Unregistering waits for a running `wake`: only then may the waker go.
        defer {
            pointer.pointee.on_cancel(pointer, nil, nil)
            waker.release()
        }
        pointer.pointee.on_cancel(
            pointer,
            { context in
                guard let context else { return }
                Unmanaged<Waker>.fromOpaque(context).takeUnretainedValue().wake()
            }, waker.toOpaque())
        return try body()
    }
}

private final class Waker {
    let wake: @Sendable () -> Void
    init(_ wake: @escaping @Sendable () -> Void) { self.wake = wake }
}
