internal import TenonJSON
internal import TenonModel

/// Finds steps that wait for each other, over dependencies, gates and barriers.
///
/// Barriers do not become an edge for each pair of steps: each group has a node that stands for "all lower
/// groups are settled", so the check is linear.
struct CycleCheck {
    private let definitions: [StepDefinition]
    private let steps: [CompiledStep]
    /// Steps first, then one node for each group.
    private var predecessors: [[Int]]

    init(_ definitions: [StepDefinition], _ steps: [CompiledStep]) {
        self.definitions = definitions
        self.steps = steps
        let groupCount = (steps.map(\.group).max() ?? -1) + 1
        predecessors = Array(repeating: [], count: steps.count + groupCount)
        for group in 1..<max(groupCount, 1) {
            predecessors[steps.count + group].append(steps.count + group - 1)
        }
        for (index, step) in steps.enumerated() where step.isEnabled {
            predecessors[index] += step.dependencies
            predecessors[index] += step.gates.map(\.condition)
            if step.hasBarrier { predecessors[index].append(steps.count + step.group) }
            if step.group + 1 < groupCount { predecessors[steps.count + step.group + 1].append(index) }
        }
    }

    func report(_ reader: inout DefinitionReader) {
        let rest = nodesThatNeverSettle()
        guard let start = rest.indices.first(where: { rest[$0] }) else { return }
        let cycle = cycle(from: start, within: rest).filter { $0 < steps.count }
        guard let first = cycle.min() else { return }
        let turn = cycle.drop { $0 != first } + cycle.prefix { $0 != first }
        let names = (turn + [first]).map { "\"\(steps[$0].name)\"" }.joined(separator: " waits for ")
        reader.refuse(
            definitions[first].pointer,
            "these steps wait for each other: \(names). Steps without dependencies also wait for all steps "
                + "of lower order; remove a dependency, or set \"mode\": \"dag\".", .workflowCycle)
    }

    /// Kahn's algorithm: what is left after everything that can settle has been taken away.
    private func nodesThatNeverSettle() -> [Bool] {
        var successors: [[Int]] = Array(repeating: [], count: predecessors.count)
        for (node, before) in predecessors.enumerated() {
            for predecessor in before { successors[predecessor].append(node) }
        }
        var waits = predecessors.map(\.count)
        var ready = waits.indices.filter { waits[$0] == 0 }
        var isLeft = Array(repeating: true, count: predecessors.count)
        while let node = ready.popLast() {
            isLeft[node] = false
            for successor in successors[node] {
                waits[successor] -= 1
                if waits[successor] == 0 { ready.append(successor) }
            }
        }
        return isLeft
    }

    /// Walks back over nodes that never settle until one comes again.
    private func cycle(from start: Int, within rest: [Bool]) -> [Int] {
        var path: [Int] = []
        var positions: [Int: Int] = [:]
        var node = start
        while positions[node] == nil {
            positions[node] = path.count
            path.append(node)
            guard let next = predecessors[node].first(where: { rest[$0] }) else { return path }
            node = next
        }
        return Array(path[(positions[node] ?? 0)...])
    }
}
