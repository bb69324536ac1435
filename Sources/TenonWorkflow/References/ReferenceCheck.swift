internal import TenonExpression
internal import TenonJSON
internal import TenonModel

/// Warns of values that a step reads and that are probably not there when it does.
struct ReferenceCheck {
    private let definitions: [StepDefinition]
    private let steps: [CompiledStep]
    /// Names that exist for certain, for suggestions and for looking up.
    private let topLevel: [String]
    private let declared: Set<String>
    private let stepNames: Set<String>
    /// Steps that may still be visited in search of those before another: of a graph with very many edges the
    /// last are not checked.
    private static let visits = 2_000_000

    init(_ definitions: [StepDefinition], _ steps: [CompiledStep], _ names: ScopeNames) {
        self.definitions = definitions
        self.steps = steps
        topLevel = names.topLevel
        declared = Set(topLevel)
        stepNames = Set(names.steps)
    }

    func report(_ reader: inout DefinitionReader) {
        var predecessors = Predecessors(steps, visits: Self.visits)
        for index in steps.indices where steps[index].isEnabled {
            for read in steps[index].reads.steps {
                guard let problem = problem(index, reads: read, &predecessors) else { continue }
                reader.warn(definitions[index].pointer, "workflow.reads-what-is-not-there", problem)
            }
            checkNames(index, &reader)
        }
    }

    private func problem(_ index: Int, reads read: Int, _ predecessors: inout Predecessors) -> String? {
        let name = steps[index].name
        let other = steps[read].name
        if index == read {
            return "the step \"\(name)\" reads its own output, which is not there before it ends"
        }
        if !steps[read].isEnabled { return "the step \"\(name)\" reads \"\(other)\", which is disabled" }
        guard predecessors.contain(read, before: index) == false else { return nil }
        return "the step \"\(name)\" reads \"\(other)\", which need not have ended before it begins; add "
            + "\"\(other)\" to its dependencies"
    }

    // MARK: Names

    private func checkNames(_ index: Int, _ reader: inout DefinitionReader) {
        var seen: Set<String> = []
        for reference in steps[index].references where seen.insert(reference.name).inserted {
            guard let problem = problem(withName: reference.name, &reader) else { continue }
            reader.warn(definitions[index].pointer, "workflow.unknown-name", problem)
        }
    }

    /// A name that nobody has declared may still be a key of the context.
    private func problem(withName name: String, _ reader: inout DefinitionReader) -> String? {
        if declared.contains(name) { return nil }
        if ScopeNames.loopNames.contains(name) {
            return
                "\"\(name)\" is there in loops only; here it would have to be a key of the execution's context"
        }
        if stepNames.contains(name) {
            return "\"\(name)\" is a step, whose output is context.\(name), or has a name of its own with "
                + "outputAs; \"\(name)\" alone would have to be a key of the execution's context"
        }
        let suggestion = reader.suggestion(for: name, among: topLevel)
        guard !suggestion.isEmpty else { return nil }
        return
            "nothing in this workflow is called \"\(name)\", so it would have to be a key of the execution's "
            + "context." + suggestion
    }
}
