internal import Synchronization
internal import TenonConnectors
internal import TenonModel
internal import TenonStore
internal import TenonWorkflow

extension LiveExecution {
    /// Does what a commit has set free.
    func perform(_ effects: [DeferredEffect], _ worker: Worker) {
        var isFirstCall = true
        for effect in effects {
            switch effect {
            case .call where isFirstCall:
                isFirstCall = false
                // Last, so that the other calls do not wait for one that blocks.
                continue
            case .call(let call):
                register(call.call)
                engine.enqueue(.call(self, call))
            case .retry(let step, let moment):
                schedule(at: moment, step: step) { $0.post(.event(.retryDue(step: step))) }
            case .deadline(let step, let moment):
                schedule(at: moment, step: step) { $0.interrupt(.timedOut(step: step), step: step) }
            case .finished:
                unscheduleAll()
                engine.forget(self)
            }
        }
        for case .call(let call) in effects {
            register(call.call)
            perform(call, worker)
            break
        }
    }

    private func register(_ call: StepCall) {
        inbox.withLock { inbox in
            inbox.calls.append(
                CallInFlight(step: call.step, attempt: call.attempt, isCancelRequested: inbox.isEnding))
        }
    }

    /// Makes a registered call on this thread; its answer becomes a message.
    func perform(_ prepared: PreparedCall, _ worker: Worker) {
        let call = prepared.call
        let now = monotonicNanoseconds()
        let request = ActionRequest(
            action: call.action, input: prepared.input,
            deadlineNanoseconds: now &+ UInt64(max(0, call.timeout.wholeNanoseconds)),
            idempotencyKey: call.idempotencyKey, attempt: UInt32(clamping: call.attempt))
        let target = prepared.target
        if inbox.withLock({ $0.calls.first { $0.step == call.step }?.isCancelRequested ?? false }) {
            let failure = CallFailure(.cancelled, "cancelled before it was sent", effect: .notApplied)
            return answered(call, .failure(failure), target)
        }
        worker.callBegan.store(now, ordering: .relaxed)
        let onStart = { [self] (handle: any CancellableCall) in started(call, handle) }
        target.connection.invoke(request, onStart: onStart) { [self] result in
            answered(call, result, target)
        }
        worker.callBegan.store(0, ordering: .relaxed)
    }

    /// The call can be cancelled from now on; maybe it should have been already, maybe it is over.
    private func started(_ call: StepCall, _ handle: any CancellableCall) {
        let isCancelled = inbox.withLock { inbox in
            guard
                let position = inbox.calls.firstIndex(where: {
                    $0.step == call.step && $0.attempt == call.attempt
                })
            else { return false }
            inbox.calls[position].handle = handle
            return inbox.calls[position].isCancelRequested
        }
        if isCancelled { handle.cancel() }
    }

    private func answered(
        _ call: StepCall, _ result: Result<[UInt8], CallFailure>, _ target: CallTarget
    ) {
        inbox.withLock { inbox in inbox.calls.removeAll { $0.step == call.step } }
        post(.answer(step: call.step, result, target: target, mask: call.mask))
    }

    /// Takes in an event that ends calls in flight: those of `step`, or all. A call that runs on the thread of
    /// this execution keeps the machine from seeing the event, so it is cancelled here.
    func interrupt(_ event: RunEvent, step: Int?) {
        post(.event(event))
        let steps = inbox.withLock { inbox in
            if step == nil { inbox.isEnding = true }
            return inbox.calls.map(\.step)
        }
        for running in steps where step == nil || running == step { cancelCall(running) }
    }

    func cancelCall(_ step: Int) {
        let handle = inbox.withLock { inbox -> (any CancellableCall)? in
            guard let position = inbox.calls.firstIndex(where: { $0.step == step && !$0.isCancelRequested })
            else { return nil }
            inbox.calls[position].isCancelRequested = true
            return inbox.calls[position].handle
        }
        handle?.cancel()
    }
}
