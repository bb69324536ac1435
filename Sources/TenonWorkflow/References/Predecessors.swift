/// The steps that have settled before another begins: over its dependencies, the conditions that gate it, and
/// barriers.
struct Predecessors {
    private let steps: [CompiledStep]
    private var members: [[Int]] = []
    private var visitsLeft: Int
    /// Of the step that was asked about last.
    private var last: (step: Int, before: Set<Int>)?

    init(_ steps: [CompiledStep], visits: Int) {
        self.steps = steps
        visitsLeft = visits
        members = Array(repeating: [], count: (steps.map(\.group).max() ?? -1) + 1)
        for (index, step) in steps.enumerated() { members[step.group].append(index) }
    }

    /// Nil where looking would take too long.
    mutating func contain(_ step: Int, before index: Int) -> Bool? {
        // Most steps wait for everything of lower order.
        if steps[index].hasBarrier, steps[step].group < steps[index].group { return true }
        if last?.step != index {
            guard let before = before(index) else { return nil }
            last = (index, before)
        }
        return last?.before.contains(step)
    }

    private mutating func before(_ index: Int) -> Set<Int>? {
        var found: Set<Int> = []
        var waiting = [index]
        // All steps of lower groups are found already.
        var foundBelow = 0
        while let next = waiting.popLast() {
            let step = steps[next]
            var before = step.dependencies + step.gates.map(\.condition)
            if step.hasBarrier, step.group > foundBelow {
                for group in foundBelow..<step.group { before += members[group] }
                foundBelow = step.group
            }
            visitsLeft -= 1 + before.count
            guard visitsLeft > 0 else { return nil }
            for step in before where found.insert(step).inserted { waiting.append(step) }
        }
        return found
    }
}
