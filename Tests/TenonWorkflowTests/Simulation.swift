import TenonJSON
import TenonModel
import TenonWorkflow

/// Runs a machine by answering its calls, with a clock that only moves when told to.
struct Simulation {
    var machine: RunMachine
    var now = Timestamp(milliseconds: 1_700_000_000_000)
    /// Calls that were not answered yet.
    var calls: [StepCall] = []
    /// Everything that the machine asked for, in order.
    var effects: [RunEffect] = []

    init(_ definition: JSON, context: JSON = [:], id: String = "execution-1") throws {
        let (definition, _) = try WorkflowDefinition.parse(definition)
        self.init(try CompiledWorkflow(definition), context: context, id: id)
    }

    init(_ workflow: CompiledWorkflow, context: JSON = [:], id: String = "execution-1") {
        machine = RunMachine(workflow, executionID: ExecutionID(id), context: context)
    }

    /// Applies an event; transformations give back their input under `transformed`.
    @discardableResult
    mutating func apply(_ event: RunEvent) throws -> [RunEffect] {
        var all = try machine.apply(event, at: now)
        var next = 0
        while next < all.count {
            if case .call(let call) = all[next] { calls.append(call) }
            if case .transform(let step, _, let input) = all[next] {
                all += try machine.apply(
                    .stepSucceeded(step: step, output: ["transformed": input], response: nil), at: now)
            }
            next += 1
        }
        effects += all
        return all
    }

    mutating func start() throws { try apply(.started) }

    func index(_ name: String) throws -> Int {
        guard let index = machine.workflow.step(named: name) else { throw Missing(name: name) }
        return index
    }

    func state(_ name: String) throws -> StepState { machine.steps[try index(name)] }

    /// Answers the call of a step.
    mutating func succeed(_ name: String, _ output: JSON = .null) throws {
        let step = try index(name)
        calls.removeAll { $0.step == step }
        try apply(.stepSucceeded(step: step, output: output, response: nil))
    }

    mutating func fail(
        _ name: String, _ failure: CallFailure = CallFailure(.badData, "no"), isUncertain: Bool = false
    ) throws {
        let step = try index(name)
        calls.removeAll { $0.step == step }
        try apply(.stepFailed(step: step, failure, isUncertain: isUncertain))
    }

    struct Missing: Error { var name: String }
}

extension JSON {
    /// A workflow with these steps.
    static func workflow(_ steps: [JSON], _ more: JSONObject = [:]) -> JSON {
        var object: JSONObject = ["projectId": "project-1", "name": "Workflow", "steps": .array(steps)]
        for member in more { object[member.key] = member.value }
        return .object(object)
    }

    /// An api-call step through the action `echo`.
    static func call(_ name: String, _ more: JSONObject = [:]) -> JSON {
        var object: JSONObject = [
            "name": .string(name), "type": "api-call",
            "parameters": ["integrationId": "i", "action": "echo"],
        ]
        for member in more { object[member.key] = member.value }
        return .object(object)
    }
}
