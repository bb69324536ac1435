package import TenonJSON
package import TenonModel

/// Execution and steps as rows, and back.
extension RunMachine {
    /// The machine as its last committed rows have it. Steps without a row are pending. Next: `started` where
    /// it is pending, else `recovered`, then `stepLost` for each api-call step that is `running`.
    package init(
        restoring workflow: CompiledWorkflow, executionID: ExecutionID, context: JSON,
        execution: ExecutionState, rows: [StepRow]
    ) throws(TenonError) {
        self.init(workflow, executionID: executionID, context: context)
        self.execution = execution
        for row in rows {
            guard steps.indices.contains(row.step) else {
                throw TenonError(
                    .workflowRowsInvalid, "a row is of step \(row.step), which the workflow does not have")
            }
            steps[row.step] = try StepState(row)
        }
        deriveCounters()
    }

    /// Computes what is derived from the states of the steps.
    private mutating func deriveCounters() {
        for (index, state) in steps.enumerated() {
            let step = workflow.steps[index]
            if state.status == .running || state.status == .waiting { activeCount += 1 }
            if state.branch == StepState.stops { stopGroup = min(stopGroup, step.group) }
            guard state.status.isSettled else { continue }
            unsettledCount -= 1
            unsettledInGroup[step.group] -= 1
            for successor in step.successors { waits[successor] -= 1 }
        }
        while frontier < unsettledInGroup.count, unsettledInGroup[frontier] == 0 { frontier += 1 }
    }

    /// The row of a step as it is now.
    package func row(of step: Int) -> StepRow {
        let state = steps[step]
        return StepRow(
            step: step, status: state.status.rawValue, attempt: state.attempt, startedAt: state.startedAt,
            finishedAt: state.finishedAt, output: state.output?.text, detail: state.detail?.text)
    }

    /// A step as the REST API shows it.
    package func json(of index: Int) -> JSON {
        let step = workflow.steps[index]
        let state = steps[index]
        var object: JSONObject = [
            "id": .string(step.id), "name": .string(step.name), "type": .string(step.type.rawValue),
            "status": .string(state.status.rawValue), "attempts": .int(Int64(state.attempt)),
        ]
        object["output"] = state.output
        object["response"] = state.response
        object["error"] = state.error.map(\.publicJSON)
        object["startedAt"] = state.startedAt.map { .string($0.iso8601) }
        object["finishedAt"] = state.finishedAt.map { .string($0.iso8601) }
        object["retryAt"] = state.retryAt.map { .string($0.iso8601) }
        return .object(object)
    }

    /// Why the execution failed, was cancelled or timed out; nil while it runs or when it completed.
    package var failure: TenonError? {
        switch execution.status {
        case .cancelled: return TenonError(.workflowCancelled, "the execution was cancelled")
        case .timedOut:
            let seconds = workflow.definition.timeout.map { Double($0.wholeMilliseconds) / 1000 } ?? 0
            return TenonError(.workflowTimedOut, "the execution took longer than its timeout of \(seconds) s")
        case .failed:
            guard let index = execution.failedStep, steps.indices.contains(index) else { return nil }
            let failure = steps[index].error
            let code = failure?.code ?? ErrorCode.workflowStepFailed.rawValue
            return TenonError(
                ErrorCode(code, 422),
                "step \"\(workflow.steps[index].name)\" failed: \(failure?.message ?? "no reason was given")")
        default: return nil
        }
    }
}

extension CallFailure {
    /// The stable code in `detailsJSON`, if the host found the mistake itself; a connector's details may be
    /// any text.
    package var code: String? {
        guard !detailsJSON.isEmpty, let details = try? JSONParser.parse(detailsJSON) else { return nil }
        return details["code"]?.string
    }

    /// As the REST API shows it.
    package var publicJSON: JSON {
        var object: JSONObject = [
            "code": .string(code ?? ErrorCode.workflowStepFailed.rawValue), "status": .string(status.name),
            "class": .string(errorClass.name), "effect": .string(effect.name), "message": .string(message),
        ]
        if vendorCode != 0 { object["vendorCode"] = .int(Int64(vendorCode)) }
        if retryAfterMilliseconds > 0 {
            object["retryAfterMs"] = .int(Int64(clamping: retryAfterMilliseconds))
        }
        if !fieldPath.isEmpty { object["fieldPath"] = .string(fieldPath) }
        // A connector's details are free text where they are no JSON.
        if !detailsJSON.isEmpty {
            object["details"] = (try? JSONParser.parse(detailsJSON)) ?? .string(detailsJSON)
        }
        return .object(object)
    }
}

extension Effect {
    fileprivate var name: String {
        switch self {
        case .unknown: "unknown"
        case .notApplied: "not-applied"
        case .applied: "applied"
        }
    }
}
