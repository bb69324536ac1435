internal import TenonExpression
internal import TenonModel

/// Which steps may be looked at, and whether they run.
extension RunMachine {
    /// Queues every pending step that nothing holds back.
    mutating func enqueueFreeSteps() {
        moveFrontier(enqueuing: false)
        for index in steps.indices where isFree(index) { ready.append(index) }
    }

    private func isFree(_ index: Int) -> Bool {
        guard steps[index].status == .pending, waits[index] == 0 else { return false }
        let step = workflow.steps[index]
        return !step.hasBarrier || step.group <= frontier
    }

    /// Ends a step and lets those that waited for it be looked at.
    mutating func settle(_ index: Int, _ status: StepStatus, _ now: Timestamp) {
        if steps[index].status == .running || steps[index].status == .waiting { activeCount -= 1 }
        steps[index].status = status
        steps[index].retryAt = nil
        steps[index].finishedAt = now
        markChanged(index)
        unsettledCount -= 1
        let step = workflow.steps[index]
        unsettledInGroup[step.group] -= 1
        for successor in step.successors {
            waits[successor] -= 1
            if isFree(successor) { ready.append(successor) }
        }
        moveFrontier(enqueuing: true)
    }

    /// Goes over groups that have settled; each group is passed once in an execution.
    private mutating func moveFrontier(enqueuing: Bool) {
        while frontier < unsettledInGroup.count, unsettledInGroup[frontier] == 0 {
            frontier += 1
            guard enqueuing, frontier < workflow.groups.count else { continue }
            for index in workflow.groups[frontier] where workflow.steps[index].hasBarrier && isFree(index) {
                ready.append(index)
            }
        }
    }

    mutating func lookAtReadySteps(_ turn: inout Turn) {
        while nextReady < ready.count {
            let index = ready[nextReady]
            nextReady += 1
            guard steps[index].status == .pending, execution.ending == nil else { continue }
            if shouldRun(index, &turn) {
                begin(index, &turn)
            } else if steps[index].status == .pending {
                settle(index, .skipped, turn.now)
            }
        }
        ready.removeAll(keepingCapacity: true)
        nextReady = 0
    }

    private mutating func shouldRun(_ index: Int, _ turn: inout Turn) -> Bool {
        let step = workflow.steps[index]
        switch step.runRule {
        case .always: return true
        case .failure:
            return step.dependencies.isEmpty
                ? execution.failedStep != nil : step.dependencies.contains { steps[$0].status == .failed }
        case .when(let expression): return isTrue(expression, for: index, "runIf", &turn) ?? false
        case .graph: return execution.failedStep == nil && isTaken(step)
        }
    }

    private func isTaken(_ step: CompiledStep) -> Bool {
        if step.hasBarrier, stopGroup < step.group { return false }
        if !step.gates.isEmpty, !step.gates.contains(where: isTaken) { return false }
        if step.dependencies.isEmpty { return true }
        return step.dependencies.contains(where: isTakenDependency)
            && !step.dependencies.contains(where: isFailedDependency)
    }

    private func isTaken(_ gate: Gate) -> Bool {
        steps[gate.condition].status == .completed && steps[gate.condition].branch == gate.branch
    }

    private func isTakenDependency(_ index: Int) -> Bool {
        switch steps[index].status {
        case .completed: steps[index].branch != StepState.stops
        case .failed: workflow.steps[index].continuesOnError
        default: false
        }
    }

    private func isFailedDependency(_ index: Int) -> Bool {
        switch steps[index].status {
        case .failed: !workflow.steps[index].continuesOnError
        case .cancelled: true
        default: false
        }
    }

    /// Whether a condition holds; nil where evaluating it failed, and the step with it.
    mutating func isTrue(
        _ expression: Expression, for index: Int, _ field: String, _ turn: inout Turn
    ) -> Bool? {
        do throws(TenonError) {
            let outcome = try expression.test(scope(of: index, turn.now))
            if let path = outcome.missingPath {
                warn(
                    "\(field) of step \"\(workflow.steps[index].name)\" reads `\(path)`, which is not there, "
                        + "and so is false")
            }
            return outcome.isTrue
        } catch {
            fail(index, CallFailure(error), turn.now)
            return nil
        }
    }
}
