package import TenonExpression
internal import TenonJSON
package import TenonModel

/// What steps read.
extension RunMachine {
    /// The names that a step's expressions see. `now()` is the moment at which the step began, which is recorded,
    /// so that computing it again gives the same.
    func scope(of step: Int, _ now: Timestamp) -> RunScope {
        RunScope(machine: self, now: steps[step].startedAt ?? now)
    }

    /// The names around the records of a step's transformation.
    package func scopeAroundRecords(of step: Int, _ now: Timestamp) -> any ExpressionScope {
        scope(of: step, now)
    }

    /// The output of the nearest earlier taken step that is not a condition; of several in one group an
    /// object by name; with none the context.
    func defaultInput(of index: Int) -> JSON {
        let step = workflow.steps[index]
        var sources: [Int] = []
        if step.hasBarrier {
            sources = nearest(below: step.group)
        } else {
            var visited: Set<Int> = [index]
            var row = step.dependencies
            while sources.isEmpty, !row.isEmpty {
                row = row.filter { visited.insert($0).inserted }
                sources = row.filter(isSource)
                row = row.flatMap { before($0) }
            }
        }
        if sources.count == 1 { return steps[sources[0]].output ?? .null }
        if sources.isEmpty { return context }
        var outputs = JSONObject()
        for source in sources.sorted() {
            outputs[workflow.steps[source].name] = steps[source].output ?? .null
        }
        return .object(outputs)
    }

    private func isSource(_ index: Int) -> Bool {
        steps[index].status == .completed && workflow.steps[index].type != .condition
    }

    private func nearest(below group: Int) -> [Int] {
        for earlier in stride(from: group - 1, through: 0, by: -1) {
            let sources = workflow.groups[earlier].filter(isSource)
            if !sources.isEmpty { return sources }
        }
        return []
    }

    /// The steps directly before a step that is no source itself.
    private func before(_ index: Int) -> [Int] {
        let step = workflow.steps[index]
        return step.hasBarrier ? nearest(below: step.group) : step.dependencies
    }
}

/// The names that a step's expressions see; values are looked up only when they are read.
struct RunScope: ExpressionScope {
    let machine: RunMachine
    let now: Timestamp?
    /// By name; only where a connector's input is made.
    var secrets: [String: String] = [:]

    func value(named name: String) -> JSON? {
        switch name {
        case "context": return .object(wholeContext)
        case "steps": return .object(allSteps)
        case "execution": return execution
        case "workflow":
            let definition = machine.workflow.definition
            return ["name": .string(definition.name), "projectId": .string(definition.projectID.rawValue)]
        case "trigger": return machine.context["trigger"] ?? ["type": "manual"]
        case "secret": return .object(JSONObject(secrets.map { (key: $0, value: .string($1)) }))
        default:
            if let step = machine.workflow.outputNames[name], let output = output(of: step) { return output }
            return machine.context[name]
        }
    }

    func value(named name: String, members: [String]) -> (value: JSON, used: Int)? {
        guard let first = members.first else { return value(named: name).map { ($0, 0) } }
        switch name {
        case "context": return inContext(first).map { ($0, 1) }
        case "steps":
            guard let step = machine.workflow.names.exact(first) else { return nil }
            return members.count > 1 ? field(members[1], of: step).map { ($0, 2) } : (json(of: step), 1)
        case "secret": return secrets[first].map { (.string($0), 1) }
        default: return value(named: name).map { ($0, 0) }
        }
    }

    private func inContext(_ name: String) -> JSON? {
        if let step = machine.workflow.names.exact(name) ?? machine.workflow.outputNames[name],
            let output = output(of: step)
        {
            return output
        }
        return machine.context[name]
    }

    private func output(of step: Int) -> JSON? {
        machine.steps[step].status == .completed ? machine.steps[step].output : nil
    }

    private func field(_ name: String, of step: Int) -> JSON? {
        let state = machine.steps[step]
        switch name {
        case "output": return output(of: step)
        case "status": return .string(state.status.rawValue)
        case "response": return state.response
        case "attempts": return .int(Int64(state.attempt))
        case "error":
            return state.error.map { ["message": .string($0.message), "class": .string($0.errorClass.name)] }
        default: return nil
        }
    }

    private func json(of step: Int) -> JSON {
        var object = JSONObject()
        for name in ["output", "status", "response", "attempts", "error"] {
            object[name] = field(name, of: step)
        }
        return .object(object)
    }

    private var wholeContext: JSONObject {
        var object = machine.context.object ?? JSONObject()
        for (index, step) in machine.workflow.steps.enumerated() {
            guard let output = output(of: index) else { continue }
            object[step.name] = output
            if let name = step.outputName { object[name] = output }
        }
        return object
    }

    private var allSteps: JSONObject {
        JSONObject(machine.workflow.steps.enumerated().map { (key: $1.name, value: json(of: $0)) })
    }

    private var execution: JSON {
        [
            "id": .string(machine.executionID.rawValue), "status": .string(machine.status.rawValue),
            "hasFailed": .bool(machine.execution.failedStep != nil),
            "startedAt": machine.execution.startedAt.map { .string($0.iso8601) } ?? .null,
        ]
    }

    var names: [String] {
        let outputs = machine.workflow.outputNames.filter { output(of: $0.value) != nil }.keys
        return ScopeNames.groups + (machine.context.object?.keys ?? []) + outputs
    }

    func names(in group: String) -> [String] { value(named: group)?.object?.keys ?? [] }
}

extension CallInput {
    /// The input of the action.
    func render(_ scope: RunScope) throws(TenonError) -> JSON {
        switch self {
        case .whole(let template): return try template.render(scope)
        case .request(let request): return try request.render(scope)
        }
    }
}

extension RequestParameters {
    fileprivate func render(_ scope: RunScope) throws(TenonError) -> JSON {
        var input = JSONObject()
        input["method"] = .string(method)
        input["endpoint"] = try endpoint.render(scope, encoding: .path)
        if let query { input["query"] = try query.render(scope) }
        if let headers { input["headers"] = try headers.render(scope, encoding: .header) }
        if let data { input["data"] = try data.render(scope) }
        if let successStatus { input["successStatus"] = successStatus }
        return .object(input)
    }
}
