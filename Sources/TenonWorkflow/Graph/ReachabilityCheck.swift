internal import TenonExpression
internal import TenonJSON
internal import TenonModel

/// Warns of steps that no execution can ever run.
struct ReachabilityCheck {
    private let definitions: [StepDefinition]
    private let steps: [CompiledStep]

    init(_ definitions: [StepDefinition], _ steps: [CompiledStep]) {
        self.definitions = definitions
        self.steps = steps
    }

    func report(_ reader: inout DefinitionReader) {
        var canRun = Array(repeating: true, count: steps.count)
        // Each round only takes steps away: a handful of rounds in practice, bounded for the worst.
        for _ in 0..<min(steps.count, 64) {
            var hasChanged = false
            for index in steps.indices where canRun[index] && !mayRun(index, canRun) {
                canRun[index] = false
                hasChanged = true
            }
            if !hasChanged { break }
        }
        for (index, step) in steps.enumerated() where step.isEnabled && !canRun[index] {
            reader.warn(
                definitions[index].pointer, "workflow.unreachable-step",
                "the step \"\(step.name)\" can never run")
        }
    }

    private func mayRun(_ index: Int, _ canRun: [Bool]) -> Bool {
        let step = steps[index]
        guard step.isEnabled else { return false }
        switch step.runRule {
        case .always: return true
        case .when(let expression): return expression.constantTruth != false
        case .failure:
            return step.dependencies.isEmpty
                ? step.group > 0 || !step.hasBarrier : step.dependencies.contains { canRun[$0] }
        case .graph: break
        }
        let hasGate = step.gates.contains { canRun[$0.condition] && mayTake($0.branch, of: $0.condition) }
        if !step.gates.isEmpty, !hasGate { return false }
        return step.dependencies.isEmpty || step.dependencies.contains { canRun[$0] }
    }

    private func mayTake(_ branch: Int, of condition: Int) -> Bool {
        guard case .condition(let parameters) = steps[condition].parameters,
            case .test(let expression) = parameters.selector, let isTrue = expression.constantTruth
        else { return true }
        return branch == (isTrue ? 0 : 1)
    }
}
