import TenonJSON
import TenonModel
import TenonTestKit
import TenonWorkflow
import Testing

/// Random graphs under random events: what holds always.
@Suite struct RestoreTests {
    @Test(arguments: 0..<150)
    func `a machine restored from its rows at any point behaves as the one that went on`(seed: UInt64) throws
    {
        var random = SeededGenerator(seed: seed)
        let workflow = try CompiledWorkflow(
            try WorkflowDefinition.parse(RandomGraph.definition(&random)).definition)
        var original = Simulation(workflow, context: ["yes": true, "no": false])
        try original.start()
        var rows = RowTable(original.machine)
        for _ in 0..<200 where !original.machine.status.isTerminal {
            rows.write(&original.machine)
            var restored = original
            restored.machine = try rows.machine(of: original.machine)
            #expect(restored.machine.steps == original.machine.steps)
            original.now = original.now + .milliseconds(Int64.random(in: 1...500, using: &random))
            restored.now = original.now
            let event = RandomGraph.event(original, &random)
            let left = try? original.apply(event)
            let right = try? restored.apply(event)
            #expect(left == right, "after \(event)")
            #expect(restored.machine.steps == original.machine.steps, "after \(event)")
            #expect(restored.machine.execution == original.machine.execution)
            #expect(Set(restored.machine.takeChangedSteps()).isSubset(of: original.machine.steps.indices))
        }
    }

    @Test(arguments: 0..<150)
    func `every execution whose calls are answered ends, with every step settled`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed &+ 10_000)
        let workflow = try CompiledWorkflow(
            try WorkflowDefinition.parse(RandomGraph.definition(&random)).definition)
        var simulation = Simulation(workflow, context: ["yes": true, "no": false])
        try simulation.start()
        for _ in 0..<2000 where !simulation.machine.status.isTerminal {
            try simulation.apply(RandomGraph.answer(simulation, &random))
            for (index, step) in simulation.machine.steps.enumerated() where step.status == .completed {
                let definition = workflow.definition.steps[index]
                for dependency in definition.dependencies {
                    let before = simulation.machine.steps[try #require(workflow.step(named: dependency))]
                    #expect(
                        before.status.isSettled, "\(definition.name) ran before \(dependency) had settled")
                }
            }
        }
        #expect(simulation.machine.status.isTerminal)
        #expect(simulation.machine.steps.allSatisfy { $0.status.isSettled })
        #expect(simulation.effects.filter { $0 == .finished }.count == 1)
    }

    @Test(arguments: ["", "{", "[]", "{\"status\":\"gone\"}", "{\"status\":5}"])
    func `an execution's text that is not one is refused`(text: String) {
        #expect(throws: TenonError.self) { try ExecutionState(text: text) }
    }

    @Test func `rows that do not fit are refused`() throws {
        let workflow = try CompiledWorkflow(try WorkflowDefinition.parse(.workflow([.call("A")])).definition)
        let good = StepRow(
            step: 0, status: "running", attempt: 1, startedAt: nil, finishedAt: nil, output: nil, detail: nil)
        var bad = [good, good, good, good, good]
        bad[0].step = 1
        bad[1].status = "gone"
        bad[2].output = "{"
        bad[3].detail = "{\"error\":{}}"
        bad[4].step = -1
        for row in bad {
            let error = #expect(throws: TenonError.self) {
                try RunMachine(
                    restoring: workflow, executionID: ExecutionID("e"), context: nil,
                    execution: ExecutionState(),
                    rows: [row])
            }
            #expect(error?.code == .workflowRowsInvalid)
        }
    }
}

/// The rows of an execution as a journal would keep them: only what changed is written.
private struct RowTable {
    private var rows: [Int: StepRow] = [:]
    private var execution = ""

    init(_ machine: RunMachine) {}

    mutating func write(_ machine: inout RunMachine) {
        for step in machine.takeChangedSteps() { rows[step] = machine.row(of: step) }
        execution = machine.execution.text
    }

    func machine(of original: RunMachine) throws -> RunMachine {
        try RunMachine(
            restoring: original.workflow, executionID: original.executionID, context: original.context,
            execution: try ExecutionState(text: execution), rows: Array(rows.values))
    }
}

private enum RandomGraph {
    static func definition(_ random: inout SeededGenerator) -> JSON {
        let count = Int.random(in: 1...12, using: &random)
        var steps: [JSON] = []
        for index in 0..<count { steps.append(.object(step(index, of: count, &random))) }
        var more: JSONObject = [:]
        if Bool.random(using: &random) { more["mode"] = "dag" }
        if Int.random(in: 0..<4, using: &random) == 0 { more["timeout"] = "1h" }
        return .workflow(steps, more)
    }

    private static func step(_ index: Int, of count: Int, _ random: inout SeededGenerator) -> JSONObject {
        var step: JSONObject = ["name": .string("S\(index)"), "order": .int(Int64(index / 2))]
        let kind = Int.random(in: 0..<6, using: &random)
        if kind == 0 {
            var parameters: JSONObject = [
                "condition": Bool.random(using: &random) ? "context.yes" : "context.no"
            ]
            for key in ["trueStep", "falseStep"] where Bool.random(using: &random) {
                // Only later orders, so that there is no cycle.
                let first = (index / 2 + 1) * 2
                if first < count {
                    parameters[key] = .string("S\(Int.random(in: first..<count, using: &random))")
                }
            }
            step["type"] = "condition"
            step["parameters"] = .object(parameters)
        } else if kind == 1 {
            step["type"] = "data-transform"
            step["parameters"] = ["transformation": ["type": "map", "mapping": [:]]]
        } else {
            step["type"] = "api-call"
            step["parameters"] = ["integrationId": "i", "action": "x", "input": "{{context.yes}}"]
        }
        if index > 1, Int.random(in: 0..<3, using: &random) == 0 {
            let before = (0..<(index / 2) * 2).shuffled(using: &random).prefix(2)
            step["dependencies"] = .array(before.map { .string("S\($0)") })
        }
        switch Int.random(in: 0..<10, using: &random) {
        case 0: step["runIf"] = "always"
        case 1: step["runIf"] = "failure"
        case 2: step["runIf"] = "execution.hasFailed or context.no"
        case 3: step["continueOnError"] = true
        case 4: step["enabled"] = false
        case 5: step["onInDoubt"] = "retry"
        case 6: step["timeout"] = "2s"
        default: break
        }
        return step
    }

    /// Any event, sensible or not.
    static func event(_ simulation: Simulation, _ random: inout SeededGenerator) -> RunEvent {
        let step = Int.random(in: simulation.machine.steps.indices, using: &random)
        switch Int.random(in: 0..<60, using: &random) {
        case 0: return .cancelRequested
        case 1: return .timedOut(step: nil)
        case 2...6: return .timedOut(step: step)
        case 7...10:
            return .stepLost(
                step: step, effect: [.read, .idempotent, .write].randomElement(using: &random) ?? .read)
        case 11...20: return .retryDue(step: step)
        case 21...24: return .resolved(step: step, .retry)
        case 25...26: return .resolved(step: step, .completed(output: ["n": 1.5]))
        case 27: return .recovered
        default: return answer(simulation, &random)
        }
    }

    /// An answer to something that is outstanding.
    static func answer(_ simulation: Simulation, _ random: inout SeededGenerator) -> RunEvent {
        let outstanding = simulation.machine.steps.indices.filter { index in
            [.running, .waiting, .inDoubt].contains(simulation.machine.steps[index].status)
        }
        guard let step = outstanding.randomElement(using: &random) else { return .started }
        switch simulation.machine.steps[step].status {
        case .waiting: return .retryDue(step: step)
        case .inDoubt:
            return .resolved(step: step, Bool.random(using: &random) ? .retry : .failed(message: "no"))
        default: break
        }
        var failure = CallFailure(
            [.unavailable, .badData, .rateLimited].randomElement(using: &random) ?? .badData, "x")
        failure.retryAfterMilliseconds = UInt64.random(in: 0...3, using: &random)
        failure.detailsJSON = "{\"a\":1}"
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return .stepFailed(step: step, failure, isUncertain: true)
        case 1...3: return .stepFailed(step: step, failure, isUncertain: false)
        default: return .stepSucceeded(step: step, output: ["n": .int(Int64(step))], response: nil)
        }
    }
}
