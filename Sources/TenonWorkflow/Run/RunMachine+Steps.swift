internal import TenonExpression
internal import TenonJSON
internal import TenonModel

/// What happens to one step.
extension RunMachine {
    // MARK: Begin

    /// Begins a step, or its next attempt.
    mutating func begin(_ index: Int, _ turn: inout Turn) {
        let step = workflow.steps[index]
        if steps[index].startedAt == nil {
            steps[index].startedAt = turn.now
            if let timeout = step.timeout, step.type == .apiCall {
                turn.effects.append(.deadline(step: index, at: turn.now + timeout))
            }
        }
        switch step.parameters {
        case .call(let call): send(index, call, &turn)
        case .transform(let parameters): transform(index, parameters, &turn)
        case .condition(let parameters): decide(index, parameters, &turn)
        }
    }

    private mutating func run(_ index: Int) {
        switch steps[index].status {
        case .pending, .inDoubt: activeCount += 1
        default: break
        }
        steps[index].status = .running
        steps[index].attempt += 1
        steps[index].retryAt = nil
        markChanged(index)
    }

    private mutating func send(_ index: Int, _ call: CallParameters, _ turn: inout Turn) {
        // What any step of the workflow names: a connector may answer with what an earlier call has told it.
        var given = GivenSecrets()
        do throws(TenonError) {
            if !workflow.secrets.isEmpty { given = try secretSource(workflow.secrets) }
            var scope = scope(of: index, turn.now)
            let names = workflow.steps[index].reads.secrets
            scope.secrets = given.values.filter { names.contains($0.key) }
            let input = try call.input.render(scope)
            try checkSize(of: input, "input")
            run(index)
            var request = StepCall(
                step: index, attempt: steps[index].attempt, to: call.integrationID, action: call.action,
                input: input, idempotencyKey: "\(executionID.rawValue)/\(workflow.steps[index].id)",
                timeout: callTimeout(index, turn.now))
            request.mask = given.mask
            turn.effects.append(.call(request))
        } catch {
            fail(index, CallFailure(given.mask.masked(adviceOnSecrets(error))), turn.now)
        }
    }

    private func adviceOnSecrets(_ error: TenonError) -> TenonError {
        guard error.code == .templateMissing, let path = error.context["path"], path.hasPrefix("secret.")
        else { return error }
        let (name, project) = (path.dropFirst("secret.".count), workflow.definition.projectID)
        var error = error
        error.message =
            "the project \(project) has no secret \"\(name)\"; give it one with `tenon secret set \(name) "
            + "--project \(project)`"
        return error
    }

    private mutating func transform(_ index: Int, _ parameters: TransformParameters, _ turn: inout Turn) {
        do throws(TenonError) {
            let input = try parameters.input?.render(scope(of: index, turn.now)) ?? defaultInput(of: index)
            try checkSize(of: input, "input")
            run(index)
            turn.effects.append(
                .transform(step: index, transformation: parameters.transformation, input: input))
        } catch {
            fail(index, CallFailure(error), turn.now)
        }
    }

    /// Steps can put each other's outputs into their own; without a limit these grow without end.
    private func checkSize(of value: JSON, _ role: String) throws(TenonError) {
        let isFit = ValueMeter.fits(value, maxBytes: Limits.stepOutputBytes, maxDepth: Limits.valueDepth)
        guard !isFit else { return }
        throw TenonError(
            .workflowValueTooLarge,
            "the step's \(role) has more than \(Limits.stepOutputBytes) bytes or more than "
                + "\(Limits.valueDepth) levels; pass on only what the next steps need")
    }

    /// What is left of the times that bound a call.
    private func callTimeout(_ index: Int, _ now: Timestamp) -> Duration {
        let step = workflow.steps[index]
        var timeout = step.retry.attemptTimeout ?? step.timeout ?? Limits.callTimeout
        if let total = step.timeout, let start = steps[index].startedAt {
            timeout = min(timeout, total - (now - start))
        }
        if let total = workflow.definition.timeout, let start = execution.startedAt {
            timeout = min(timeout, total - (now - start))
        }
        return max(timeout, .milliseconds(1))
    }

    // MARK: Conditions

    private mutating func decide(_ index: Int, _ parameters: ConditionParameters, _ turn: inout Turn) {
        guard let branch = chooseBranch(index, parameters, &turn) else { return }
        let chosen = parameters.branches[branch]
        let stops = chosen.targets.isEmpty && chosen.stopsWithoutTarget
        steps[index].branch = stops ? StepState.stops : branch
        steps[index].attempt = 1
        if case .test = parameters.selector {
            steps[index].output = .bool(branch == 0)
        } else {
            steps[index].output = .string(chosen.name)
        }
        if stops {
            stopGroup = min(stopGroup, workflow.steps[index].group)
            warn(
                "the condition \"\(workflow.steps[index].name)\" went to \"\(chosen.name)\", which names no "
                    + "step, so the rest was skipped")
        }
        settle(index, .completed, turn.now)
    }

    /// The branch that holds, or nil where an expression failed and the step with it.
    private mutating func chooseBranch(
        _ index: Int, _ parameters: ConditionParameters, _ turn: inout Turn
    ) -> Int? {
        let last = parameters.branches.count - 1
        switch parameters.selector {
        case .test(let expression):
            return isTrue(expression, for: index, "the condition", &turn).map { $0 ? 0 : 1 }
        case .first(let conditions):
            for (branch, condition) in conditions.enumerated() {
                guard let holds = isTrue(condition, for: index, "case \(branch)", &turn) else { return nil }
                if holds { return branch }
            }
            return last
        case .match(let expression, let values):
            do throws(TenonError) {
                let subject = try expression.evaluate(scope(of: index, turn.now))
                return values.firstIndex { $0.isSame(as: subject) } ?? last
            } catch {
                fail(index, CallFailure(error), turn.now)
                return nil
            }
        }
    }

    // MARK: Ends

    mutating func complete(_ index: Int, output: JSON, response: JSON?, _ now: Timestamp) {
        do throws(TenonError) {
            try checkSize(of: output, "output")
        } catch {
            // The step has done its work: trying again would do it twice.
            var failure = CallFailure(error)
            failure.effect = .applied
            return fail(index, failure, now)
        }
        steps[index].output = output
        steps[index].response = response
        if response == nil, case .call(let call) = workflow.steps[index].parameters, call.action == "request",
            let answer = output.object, answer["status"] != nil, let body = answer["body"]
        {
            steps[index].output = body
            steps[index].response = [
                "status": answer["status"] ?? .null, "headers": answer["headers"] ?? [:],
            ]
        }
        steps[index].error = nil
        settle(index, .completed, now)
    }

    /// Ends a step as failed; the execution fails with it unless the step says otherwise.
    mutating func fail(_ index: Int, _ failure: CallFailure, _ now: Timestamp) {
        steps[index].error = failure
        settle(index, .failed, now)
        guard !workflow.steps[index].continuesOnError, execution.failedStep == nil else { return }
        execution.failedStep = index
        for other in steps.indices where steps[other].status == .pending {
            if !workflow.steps[other].runRule.overrides { settle(other, .skipped, now) }
        }
    }

    mutating func callFailed(
        _ index: Int, _ failure: CallFailure, isUncertain: Bool, _ turn: inout Turn
    ) {
        let policy = workflow.steps[index].onInDoubt
        if isUncertain, policy == .wait || execution.ending != nil {
            doubt(index, failure)
        } else if execution.ending != nil {
            steps[index].error = failure
            settle(index, .cancelled, turn.now)
        } else if let pause = pause(index, failure, isUncertain: isUncertain, turn.now) {
            steps[index].status = .waiting
            steps[index].error = failure
            steps[index].retryAt = turn.now + pause
            markChanged(index)
            turn.effects.append(.retry(step: index, at: turn.now + pause))
        } else {
            fail(index, steps[index].isTimedOut ? timeoutFailure(index, failure) : failure, turn.now)
        }
    }

    private mutating func doubt(_ index: Int, _ failure: CallFailure) {
        activeCount -= 1
        steps[index].status = .inDoubt
        steps[index].error = failure
        markChanged(index)
    }

    /// How long to wait before the next attempt, or nil where there is none.
    private func pause(
        _ index: Int, _ failure: CallFailure, isUncertain: Bool, _ now: Timestamp
    ) -> Duration? {
        let step = workflow.steps[index]
        let state = steps[index]
        guard !state.isTimedOut, state.attempt < step.retry.maxAttempts else { return nil }
        let mayRepeat =
            isUncertain
            ? step.onInDoubt == .retry
            : step.retry.classes.contains(failure.errorClass) && failure.effect != .applied
        guard mayRepeat else { return nil }
        let pause = Backoff.pause(
            step.retry, afterAttempt: state.attempt, failure, seed: "\(executionID.rawValue)/\(step.id)")
        let elapsed = now + pause - (state.startedAt ?? now)
        if let limit = step.retry.maxElapsed, elapsed > limit { return nil }
        if let limit = step.timeout, elapsed >= limit { return nil }
        return pause
    }

    private func timeoutFailure(_ index: Int, _ failure: CallFailure) -> CallFailure {
        var failure = failure
        let seconds =
            workflow.steps[index].timeout.map { "\(Double($0.wholeMilliseconds) / 1000) s" } ?? "its time"
        failure.status = .timeout
        failure.message = "the step took longer than \(seconds): \(failure.message)"
        return failure
    }

    // MARK: Time, loss, decisions

    mutating func stepTimedOut(_ index: Int, _ turn: inout Turn) {
        switch steps[index].status {
        case .running where !steps[index].isTimedOut && execution.ending == nil:
            steps[index].isTimedOut = true
            markChanged(index)
            turn.effects.append(.cancelCall(step: index))
        case .waiting:
            let last = steps[index].error ?? CallFailure(.timeout, "no attempt ended", effect: .notApplied)
            fail(index, timeoutFailure(index, last), turn.now)
        default: break
        }
    }

    mutating func lost(_ index: Int, _ effect: ActionEffect, _ turn: inout Turn) {
        // A transformation has no effect outside; `recovered` has already begun it again.
        guard steps[index].status == .running, case .call = workflow.steps[index].parameters else { return }
        let failure = CallFailure(.unavailable, "the host stopped while the call was in flight")
        if effect == .write {
            callFailed(index, failure, isUncertain: true, &turn)
        } else if execution.ending != nil || steps[index].isTimedOut {
            callFailed(index, failure, isUncertain: false, &turn)
        } else {
            begin(index, &turn)
        }
    }

    /// Says again what was outstanding when the host stopped.
    mutating func recover(_ turn: inout Turn) {
        if let timeout = workflow.definition.timeout, let start = execution.startedAt {
            turn.effects.append(.deadline(step: nil, at: start + timeout))
        }
        if execution.status != .pending { enqueueFreeSteps() }
        for (index, step) in workflow.steps.enumerated() {
            let state = steps[index]
            guard state.status == .running || state.status == .waiting else { continue }
            if let timeout = step.timeout, let start = state.startedAt, step.type == .apiCall {
                turn.effects.append(.deadline(step: index, at: start + timeout))
            }
            if let retryAt = state.retryAt { turn.effects.append(.retry(step: index, at: retryAt)) }
            if case .transform = step.parameters { begin(index, &turn) }
        }
    }

    mutating func resolve(_ index: Int, _ resolution: Resolution, _ turn: inout Turn) throws(TenonError) {
        guard steps[index].status == .inDoubt, !execution.status.isTerminal else {
            throw TenonError(
                .workflowNotInDoubt,
                "the step \"\(workflow.steps[index].name)\" is \(steps[index].status.rawValue), not in "
                    + "doubt; there is nothing to decide")
        }
        if resolution == .retry, execution.ending != nil {
            throw TenonError(
                .workflowNotInDoubt,
                "the execution is ending, so the step \"\(workflow.steps[index].name)\" is not sent again")
        }
        switch resolution {
        case .completed(let output): complete(index, output: output, response: nil, turn.now)
        case .failed(let message):
            fail(index, CallFailure(.unavailable, message, effect: .notApplied), turn.now)
        case .retry: begin(index, &turn)
        }
    }
}

extension CallFailure {
    /// A mistake that was found before anything was sent.
    init(_ error: TenonError) {
        self.init(.invalidArgument, error.message, errorClass: .config, effect: .notApplied)
        detailsJSON = JSON.object(["code": .string(error.code.rawValue)]).text
    }
}

extension JSON {
    /// Equal, with numbers by value.
    fileprivate func isSame(as other: JSON) -> Bool {
        if let left = double, let right = other.double { return self == other || left == right }
        return self == other
    }
}
