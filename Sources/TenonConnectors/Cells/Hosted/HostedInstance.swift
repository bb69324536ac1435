internal import CTenon
internal import Synchronization
internal import TenonLoader
internal import TenonModel
internal import TenonTransport

/// An instance in the host with the frame and the gate of its calls.
///
/// Safe to share (`@unchecked Sendable`): instance, frame and text buffer belong to the call that has passed
/// the gate; the frame takes cancels from any thread.
final class HostedInstance: @unchecked Sendable {
    let instance: ConnectorInstance
    let frame: CallFrame
    private let gate = CallGate()
    /// The action under way; its deadline, `.max` where there is none; and the one cancelled for its deadline.
    private let current = Atomic<UInt64>(0)
    private let deadline = Atomic<UInt64>(.max)
    private let late = Atomic<UInt64>(0)
    /// Set once: no call reaches the connector any more.
    private let isStopping = Atomic<Bool>(false)
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
        frame.progressHost = host
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
    }

    /// All but the final NUL.
    static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> tenon_str_t {
        let count = max(0, bytes.count - 1)
        return UnsafeRawPointer(bytes.baseAddress).map {
            tenon_str_t(data: $0.assumingMemoryBound(to: CChar.self), size: UInt64(count))
        } ?? tenon_str_t()
    }

    func locked<T>(_ body: () throws(CallFailure) -> T) throws(CallFailure) -> T {
        let callID = CallNumbers.next()
        if !gate.enter(callID) {
            _ = gate.wait(callID, until: 0)
            _ = gate.settle(callID)
        }
        defer { gate.leave() }
        return try body()
    }

    // MARK: Actions

    /// Performs an action; `onStart` gets the handle before anything blocks.
    func invoke(
        _ request: ActionRequest, watch: DeadlineWatch?, onStart: (any CancellableCall) -> Void
    ) throws(CallFailure) -> [UInt8] {
        let callID = CallNumbers.next()
        let call = HostedCall(instance: self, callID: callID)
        let hasWaited = !gate.enter(callID)
        if hasWaited {
            onStart(call)
            if let refusal = gate.wait(callID, until: request.deadlineNanoseconds) {
                throw Self.failure(refusal)
            }
        }
        defer { gate.leave() }
        return try withFrame(request, callID: callID) { (name, input) throws(CallFailure) in
            let isCancelled = hasWaited && gate.settle(callID)
            begin(callID, request.deadlineNanoseconds, watch)
            defer { deadline.store(.max, ordering: .releasing) }
            if !hasWaited { onStart(call) }
            if isCancelled || isStopping.load(ordering: .sequentiallyConsistent) {
                frame.end()
                throw isCancelled ? Self.failure(.cancelled) : Self.stopped
            }
            do throws(CallFailure) { try instance.invoke(name: name, input: input, frame: frame) } catch {
                throw late.load(ordering: .acquiring) == callID ? error.late : error
            }
            return frame.written.isEmpty ? [] : Array(frame.written)
        }
    }

    private static var stopped: CallFailure {
        CallFailure(.unavailable, code: .cellStopped, "The instance was stopped.", effect: .notApplied)
    }

    private static func failure(_ refusal: CallGate.Refusal) -> CallFailure {
        switch refusal {
        case .cancelled: CallFailure(.cancelled, "The call was cancelled.", effect: .notApplied)
        case .late:
            CallFailure(
                .timeout, "The call waited for the instance until its deadline.", effect: .notApplied)
        }
    }

    private func begin(_ callID: UInt64, _ due: UInt64, _ watch: DeadlineWatch?) {
        current.store(callID, ordering: .sequentiallyConsistent)
        guard due != 0, let watch else { return }
        deadline.store(due, ordering: .sequentiallyConsistent)
        watch.expect(due)
    }

    /// Cancels a call that waits or runs; one that is over stays as it is. From any thread.
    fileprivate func cancel(_ callID: UInt64) {
        if !gate.cancel(callID) { frame.cancel(callID: callID) }
    }

    /// Lets no call begin any more and cancels the one under way, which sees one or the other.
    func prepareToStop() {
        isStopping.store(true, ordering: .sequentiallyConsistent)
        frame.cancel(callID: current.load(ordering: .sequentiallyConsistent))
    }

    /// Cancels the call under way if it is past its deadline; answers when to look again. The connector's
    /// function runs on a thread of its own: here it would keep everybody's clock.
    func cancelIfLate(now: UInt64) -> UInt64 {
        let due = deadline.load(ordering: .sequentiallyConsistent)
        guard due <= now else { return due }
        let callID = current.load(ordering: .acquiring)
        // Where the exchange succeeds the deadline still stood, so the id was that of its call.
        guard
            deadline.compareExchange(expected: due, desired: .max, ordering: .acquiringAndReleasing).exchanged
        else { return .max }
        late.store(callID, ordering: .releasing)
        Thread.start { [self] in frame.cancel(callID: callID) }
        return .max
    }

    /// Begins an action call with its texts in place.
    private func withFrame<T>(
        _ request: ActionRequest, callID: UInt64,
        _ body: (tenon_str_t, tenon_str_t) throws(CallFailure) -> T
    ) throws(CallFailure) -> T {
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
                            return .success(try body(name, Self.text(input)))
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
            guard !isStopping.load(ordering: .acquiring) else { throw Self.stopped }
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

/// The handle on a call in the host.
private struct HostedCall: CancellableCall {
    let instance: HostedInstance
    let callID: UInt64
    func cancel() { instance.cancel(callID) }
}

extension String {
    /// The text in place, followed by a NUL.
    fileprivate mutating func withText<T>(_ body: (tenon_str_t) -> T) -> T {
        let count = utf8.count
        return withCString { body(tenon_str_t(data: $0, size: UInt64(count))) }
    }
}
