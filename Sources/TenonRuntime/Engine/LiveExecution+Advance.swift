internal import Synchronization
internal import TenonConnectors
internal import TenonJSON
internal import TenonModel
internal import TenonPipeline
internal import TenonStore
internal import TenonWorkflow

/// What some messages have led to.
struct Advance {
    var changes: [JournalChange] = []
    var effects: [DeferredEffect] = []
    var isFinished = false
    /// Nothing of the execution is recorded yet, so that no effect waits for a commit.
    var isUnrecorded = false
}

extension LiveExecution {
    /// Feeds the machine. Transformations are applied at once: they touch nothing outside and would come out
    /// the same again, so that they need no commit of their own.
    func advance(_ messages: [Message]) -> Advance {
        run.withLock { run in
            var advance = Advance()
            var events = messages.map(Self.event)
            var position = 0
            while position < events.count {
                let now = engine.time.now()
                // The one error is a decision about a step that is not in doubt any more: somebody else was
                // faster.
                let effects = (try? run.machine.apply(events[position], at: now)) ?? []
                position += 1
                for effect in effects {
                    switch effect {
                    case .transform(let step, let transformation, let input):
                        events.append(transformed(step, transformation, input, run.machine))
                    case .call(let call):
                        switch prepare(call) {
                        case .success(let prepared):
                            run.effects[call.step] = prepared.target.effect
                            advance.effects.append(.call(prepared))
                        case .failure(let failure):
                            events.append(.stepFailed(step: call.step, failure, isUncertain: false))
                        }
                    case .cancelCall(let step): cancelCall(step)
                    case .retry(let step, let at): advance.effects.append(.retry(step: step, at: at))
                    case .deadline(let step, let at): advance.effects.append(.deadline(step: step, at: at))
                    case .finished:
                        advance.isFinished = true
                        advance.effects.append(.finished)
                    }
                }
            }
            advance.changes = changes(&run, isFinished: advance.isFinished)
            advance.isUnrecorded = durability == .ephemeral && run.creation != nil
            return advance
        }
    }

    private static func event(_ message: Message) -> RunEvent {
        guard case .answer(let step, let result, let target, let mask) = message else {
            guard case .event(let event) = message else { return .recovered }
            return event
        }
        switch result {
        case .success(let bytes):
            switch StepOutput.read(bytes, of: target.action, mask: mask) {
            case .success(let output):
                return .stepSucceeded(step: step, output: mask.masked(output), response: nil)
            case .failure(let failure):
                return .stepFailed(step: step, mask.masked(failure), isUncertain: false)
            }
        case .failure(let failure):
            let isUncertain = target.effect == .write && failure.effect == .unknown
            return .stepFailed(step: step, mask.masked(failure), isUncertain: isUncertain)
        }
    }

    private func transformed(
        _ step: Int, _ transformation: JSON, _ input: JSON, _ machine: RunMachine
    ) -> RunEvent {
        do {
            let output = try Transformations.apply(
                transformation, to: input, in: machine.scopeAroundRecords(of: step, engine.time.now()),
                machine.workflow.namesAroundRecords)
            return .stepSucceeded(step: step, output: output, response: nil)
        } catch {
            let failure = CallFailure(error, .badData, errorClass: .data)
            return .stepFailed(step: step, failure, isUncertain: false)
        }
    }

    private func prepare(_ call: StepCall) -> Result<PreparedCall, CallFailure> {
        do {
            let target = try engine.directory.target(
                projectID, call.integrationID, action: call.action, input: call.input)
            try target.action?.check(input: call.input, masked: call.mask.masked)
            return .success(PreparedCall(call: call, target: target, input: JSONWriter.bytes(call.input)))
        } catch {
            let isInputWrong = error.code == .actionInputInvalid
            var failure = CallFailure(error, isInputWrong ? .invalidArgument : .notFound, errorClass: .config)
            if isInputWrong { failure.fieldPath = error.fields.first?.pointer ?? "" }
            return .failure(call.mask.masked(failure))
        }
    }

    private func changes(_ run: inout Run, isFinished: Bool) -> [JournalChange] {
        let steps = run.machine.takeChangedSteps()
        if let creation = run.creation {
            guard durability == .ephemeral else { return changes(creating: creation, steps: steps, &run) }
            // A write in doubt must not be sent again: from there on it records its way as others do.
            guard isFinished || steps.contains(where: { run.machine.steps[$0].status == .inDoubt }) else {
                return []
            }
            return changes(creating: creation, steps: Array(run.machine.steps.indices), &run)
        }
        var changes: [JournalChange] = []
        changes.reserveCapacity(steps.count + 1)
        for step in steps { append(step, &run, to: &changes) }
        if run.machine.execution != run.recordedState {
            run.recordedState = run.machine.execution
            changes.append(.execution(progress(of: run.machine)))
        }
        return changes
    }

    private func changes(
        creating creation: NewExecution, steps: [Int], _ run: inout Run
    ) -> [JournalChange] {
        var creation = creation
        creation.progress = progress(of: run.machine)
        run.creation = nil
        run.recordedState = run.machine.execution
        var changes: [JournalChange] = run.isCreated ? [] : [.created(creation)]
        for step in steps { append(step, &run, to: &changes) }
        if run.isCreated { changes.append(.execution(creation.progress)) }
        return changes
    }

    private func append(_ step: Int, _ run: inout Run, to changes: inout [JournalChange]) {
        let state = run.machine.row(of: step)
        if run.machine.steps[step].status != .running { run.effects[step] = nil }
        var row = JournalStep(execution: number, step: step, status: state.status, attempt: state.attempt)
        row.effect = run.effects[step]
        row.detail = state.detail
        row.startedAt = state.startedAt
        row.finishedAt = state.finishedAt
        row.output = state.output
        if state.finishedAt != nil { unschedule(step) }
        if let output = state.output, output.utf8.count > StepOutput.inlineBytes {
            let bytes = Array(output.utf8)
            let digest = StepOutput.digest(bytes)
            changes.append(.blob(digest, bytes))
            row.output = StepOutput.reference(digest)
        }
        changes.append(.step(row))
    }

    func progress(of machine: RunMachine) -> ExecutionProgress {
        var progress = ExecutionProgress(number: number, status: machine.status.rawValue)
        progress.state = machine.execution.text
        progress.error = machine.failure?.recorded.text
        progress.startedAt = machine.execution.startedAt
        progress.finishedAt = machine.execution.finishedAt
        return progress
    }
}
