internal import CTenon
internal import Glibc
internal import Synchronization
internal import TenonLoader
internal import TenonModel

/// An instance in the host with the frame and the lock of its calls.
///
/// Safe to share (`@unchecked Sendable`): instance, frame and text buffer are used under the lock.
final class HostedInstance: @unchecked Sendable {
    let instance: ConnectorInstance
    let frame: CallFrame
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    /// Inputs with the NUL that the ABI wants, used again for every call.
    private var input: [UInt8] = []

    init(
        _ library: ConnectorLibrary, host: HostTable, plan: LaunchPlan, services: HostServices
    ) throws(CallFailure) {
        let frame = CallFrame()
        self.frame = frame
        frame.stateService = { request throws(CallFailure) in
            try services.perform(request, instance: plan.instanceName)
        }
        frame.begin(CallFrame.Facts(callID: CallNumbers.next()))
        let made: Result<ConnectorInstance, CallFailure> = (plan.configurationJSON + [0])
            .withUnsafeBufferPointer {
                bytes in
                Result { () throws(CallFailure) in
                    try ConnectorInstance(
                        library, host: host, name: plan.instanceName, configuration: Self.text(bytes),
                        frame: frame)
                }
            }
        instance = try made.get()
        pthread_mutex_init(lock, nil)
    }

    deinit {
        pthread_mutex_destroy(lock)
        lock.deallocate()
    }

    /// All but the final NUL.
    static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> tenon_str_t {
        let count = max(0, bytes.count - 1)
        return UnsafeRawPointer(bytes.baseAddress).map {
            tenon_str_t(data: $0.assumingMemoryBound(to: CChar.self), size: UInt64(count))
        } ?? tenon_str_t()
    }

    func locked<T>(_ body: () throws(CallFailure) -> T) throws(CallFailure) -> T {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return try body()
    }

    /// Runs an action call under the lock with its texts in place.
    func withFrame<T>(
        _ request: ActionRequest, callID: UInt64,
        _ body: (ConnectorInstance, CallFrame, tenon_str_t, tenon_str_t) throws(CallFailure) -> T
    ) throws(CallFailure) -> T {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        input.removeAll(keepingCapacity: true)
        input.append(contentsOf: request.input)
        input.append(0)
        var action = request.action
        var key = request.idempotencyKey
        var trace = request.traceparent
        let result: Result<T, CallFailure> = action.withText { name in
            key.withText { key in
                trace.withText { trace in
                    input.withUnsafeBufferPointer { input in
                        var facts = CallFrame.Facts(callID: callID)
                        facts.attempt = request.attempt
                        facts.deadlineNanoseconds = request.deadlineNanoseconds
                        facts.idempotencyKey = key
                        facts.traceparent = trace
                        frame.begin(facts)
                        do throws(CallFailure) {
                            return .success(try body(instance, frame, name, Self.text(input)))
                        } catch {
                            return .failure(error)
                        }
                    }
                }
            }
        }
        return try result.get()
    }

    /// Runs a call that fills in a list.
    func items(
        _ body: (ConnectorInstance, CallFrame) throws(CallFailure) -> Void
    ) throws(CallFailure) -> [[UInt8]] {
        try locked { () throws(CallFailure) in
            frame.begin(CallFrame.Facts(callID: CallNumbers.next()))
            try body(instance, frame)
            var count = UInt32(frame.itemCount).littleEndian
            let head = withUnsafeBytes(of: &count) { Array($0) }
            return HostLane.items(in: head + Array(frame.written))
        }
    }

    func close() {
        // `try?`: the instance goes away in any case.
        try? locked { () throws(CallFailure) in
            frame.begin(CallFrame.Facts(callID: CallNumbers.next()))
            // `destroy` follows `close` whatever it answers.
            defer { instance.destroy() }
            try instance.close(frame: frame)
        }
    }
}

extension String {
    /// The text in place, followed by a NUL.
    fileprivate mutating func withText<T>(_ body: (tenon_str_t) -> T) -> T {
        let count = utf8.count
        return withCString { body(tenon_str_t(data: $0, size: UInt64(count))) }
    }
}
