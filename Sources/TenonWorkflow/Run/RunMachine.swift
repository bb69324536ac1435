package import TenonJSON
package import TenonModel

/// Moves an execution from state to state and says what to do about it.
/// Pure: no clock, no randomness, no I/O.
///
/// An execution (terminal states take no event):
///
///     pending    --started-->          running
///     running    --last step settles-> completed | failed (a step without continueOnError failed)
///     running    --nothing in flight, a step in doubt--> waiting --resolved--> running
///     running, waiting --cancelRequested--> nothing new starts; when nothing is in flight: cancelled
///     running, waiting --timedOut(nil)----> the same; timed-out
///
/// A step (E: an effect for the runtime):
///
///     pending   --edges settled, taken-->  running (E call, transform); a condition: completed, failed
///     pending   --edges settled, not taken; another step failed--> skipped
///     running   --stepSucceeded-->         completed
///     running   --stepFailed, may be tried again--> waiting (E retry)
///     running   --stepFailed-->            failed
///     running   --stepFailed, uncertain--> in-doubt | failed | waiting, by onInDoubt
///     running   --timedOut-->              running (E cancelCall); it is not tried again
///     running   --stepLost, read or idempotent--> running (E call, next attempt)
///     running   --stepLost, write-->       as stepFailed, uncertain
///     waiting   --retryDue-->              running (E call)
///     waiting   --timedOut-->              failed
///     in-doubt  --resolved-->              completed | failed | running (E call)
///     pending, waiting --the execution ends early--> cancelled; running: E cancelCall, then cancelled
///
/// Every other pair changes nothing, except `resolved` for a step that is not in doubt, which is an error.
package struct RunMachine: Sendable {
    package let workflow: CompiledWorkflow
    package let executionID: ExecutionID
    package let context: JSON
    /// Gives those of the project's secrets that a workflow names, for the inputs of connectors; asked only by
    /// workflows that name some. No state keeps what it gives.
    package var secretSource: @Sendable (_ names: [String]) throws(TenonError) -> GivenSecrets = { _ in
        GivenSecrets()
    }
    package internal(set) var execution = ExecutionState()
    /// By index, as in `CompiledWorkflow.steps`.
    package internal(set) var steps: [StepState]

    // Derived from the states above; never stored.

    /// Edges into each step that have not settled.
    var waits: [Int32]
    /// Steps of each group that have not settled.
    var unsettledInGroup: [Int32]
    /// All groups before this one have settled.
    var frontier = 0
    var unsettledCount: Int
    /// Steps that are running or waiting.
    var activeCount = 0
    /// The lowest group with a condition after which the rest is skipped.
    var stopGroup = Int.max
    /// Steps to look at, in order.
    var ready: [Int] = []
    var nextReady = 0
    var changedSteps: [Int] = []
    var isChanged: [Bool]

    package init(_ workflow: CompiledWorkflow, executionID: ExecutionID, context: JSON) {
        self.workflow = workflow
        self.executionID = executionID
        self.context = context
        let count = workflow.steps.count
        steps = Array(repeating: StepState(), count: count)
        isChanged = Array(repeating: false, count: count)
        waits = workflow.waits
        unsettledInGroup = workflow.groups.map { Int32($0.count) }
        unsettledCount = count
    }

    package var status: ExecutionStatus { execution.status }
    package var warnings: [String] { execution.warnings }

    /// Takes one event in. Events that came too late (an answer for a step that has ended) change nothing;
    /// the only errors are a `resolved` for a step that is not in doubt (`workflow.not-in-doubt`) and a step
    /// that the workflow does not have (`workflow.unknown-step`).
    package mutating func apply(_ event: RunEvent, at now: Timestamp) throws(TenonError) -> [RunEffect] {
        if let step = event.step, !steps.indices.contains(step) {
            throw TenonError(.workflowUnknownStep, "the workflow has no step \(step)")
        }
        var turn = Turn(now: now)
        if case .resolved(let step, let resolution) = event {
            try resolve(step, resolution, &turn)
        } else if !execution.status.isTerminal {
            take(event, &turn)
        } else {
            return []
        }
        lookAtReadySteps(&turn)
        updateStatus(&turn)
        return turn.effects
    }

    private mutating func take(_ event: RunEvent, _ turn: inout Turn) {
        switch event {
        case .started: start(&turn)
        case .stepSucceeded(let step, let output, let response):
            guard steps[step].status == .running else { return }
            complete(step, output: output, response: response, turn.now)
        case .stepFailed(let step, let failure, let isUncertain):
            guard steps[step].status == .running else { return }
            callFailed(step, failure, isUncertain: isUncertain, &turn)
        case .retryDue(let step):
            guard steps[step].status == .waiting, execution.ending == nil else { return }
            begin(step, &turn)
        case .timedOut(let step?): stepTimedOut(step, &turn)
        case .timedOut(nil): endEarly(.timedOut, &turn)
        case .cancelRequested: endEarly(.cancelled, &turn)
        case .recovered: recover(&turn)
        case .stepLost(let step, let effect): lost(step, effect, &turn)
        case .resolved: break
        }
    }

    /// The steps that changed since the last call, each once: the rows to write.
    package mutating func takeChangedSteps() -> [Int] {
        for step in changedSteps { isChanged[step] = false }
        defer { changedSteps.removeAll(keepingCapacity: true) }
        return changedSteps
    }

    mutating func markChanged(_ step: Int) {
        guard !isChanged[step] else { return }
        isChanged[step] = true
        changedSteps.append(step)
    }

    mutating func warn(_ text: String) {
        if execution.warnings.count < Limits.warningsPerExecution { execution.warnings.append(text) }
    }

    // MARK: The execution

    private mutating func start(_ turn: inout Turn) {
        guard execution.status == .pending else { return }
        execution.status = .running
        execution.startedAt = turn.now
        if let timeout = workflow.definition.timeout {
            turn.effects.append(.deadline(step: nil, at: turn.now + timeout))
        }
        for (index, step) in workflow.steps.enumerated() where !step.isEnabled {
            settle(index, .skipped, turn.now)
        }
        enqueueFreeSteps()
    }

    /// Lets nothing new start and cancels what is in flight.
    private mutating func endEarly(_ ending: ExecutionState.Ending, _ turn: inout Turn) {
        guard execution.ending == nil else { return }
        execution.ending = ending
        if execution.startedAt == nil { execution.startedAt = turn.now }
        for step in steps.indices {
            switch steps[step].status {
            case .pending, .waiting: settle(step, .cancelled, turn.now)
            case .running: turn.effects.append(.cancelCall(step: step))
            default: break
            }
        }
    }

    private mutating func updateStatus(_ turn: inout Turn) {
        guard !execution.status.isTerminal else { return }
        let isOver = execution.ending == nil ? unsettledCount == 0 : activeCount == 0
        if isOver {
            switch execution.ending {
            case .cancelled: execution.status = .cancelled
            case .timedOut: execution.status = .timedOut
            case nil: execution.status = execution.failedStep == nil ? .completed : .failed
            }
            execution.finishedAt = turn.now
            turn.effects.append(.finished)
        } else if execution.status != .pending {
            execution.status = activeCount == 0 ? .waiting : .running
        }
    }
}

/// What one event leads to.
struct Turn {
    let now: Timestamp
    var effects: [RunEffect] = []
}

extension RunEvent {
    /// The step that the event is about.
    var step: Int? {
        switch self {
        case .started, .cancelRequested, .recovered: nil
        case .timedOut(let step): step
        case .stepSucceeded(let step, _, _), .stepFailed(let step, _, _), .retryDue(let step),
            .stepLost(let step, _),
            .resolved(let step, _):
            step
        }
    }
}
