internal import TenonExpression
internal import TenonJSON
internal import TenonModel

/// Turns a definition's steps into a graph and reports every mistake in it.
struct GraphCompiler {
    let definition: WorkflowDefinition
    let stepNames: StepNames
    /// Every name and id, for suggestions.
    let allNames: [String]
    let names: ScopeNames
    /// What expressions may name, and what those in a connector's input may.
    private let known: KnownNames
    private let knownToConnectors: KnownNames

    static func compile(_ definition: WorkflowDefinition, _ reader: inout DefinitionReader) -> [CompiledStep]
    {
        let compiler = GraphCompiler(definition)
        let steps = compiler.compiledSteps(&reader)
        CycleCheck(definition.steps, steps).report(&reader)
        if reader.mistakes.isEmpty {
            ReachabilityCheck(definition.steps, steps).report(&reader)
            ReferenceCheck(definition.steps, steps, compiler.names).report(&reader)
            compiler.checkIntegrations(steps, &reader)
        }
        return steps
    }

    private init(_ definition: WorkflowDefinition) {
        self.definition = definition
        stepNames = StepNames(definition.steps)
        let names = ScopeNames(definition)
        self.names = names
        allNames = names.steps
        known = names.known(allowsSecrets: false)
        knownToConnectors = names.known(allowsSecrets: true)
    }

    private func compiledSteps(_ reader: inout DefinitionReader) -> [CompiledStep] {
        let orders = Set(definition.steps.map(\.order)).sorted()
        let groupByOrder = Dictionary(uniqueKeysWithValues: orders.enumerated().map { ($1, $0) })
        checkOutputNames(&reader)
        let parameters = definition.steps.map { StepParameters.compile($0, self, &reader) }
        let gates = gates(parameters)
        var steps = definition.steps.enumerated().map { index, step in
            CompiledStep(
                name: step.name, id: step.id, type: step.type, parameters: parameters[index],
                retry: step.retry,
                timeout: step.timeout, continuesOnError: step.continuesOnError, isEnabled: step.isEnabled,
                onInDoubt: step.onInDoubt ?? .wait, outputName: step.outputName,
                runRule: runRule(step, &reader), group: groupByOrder[step.order] ?? 0,
                hasBarrier: definition.mode == .order && step.dependencies.isEmpty,
                dependencies: dependencies(step, &reader), gates: gates[index] ?? [])
        }
        for index in steps.indices {
            for dependency in steps[index].dependencies { steps[dependency].successors.append(index) }
            for gate in steps[index].gates { steps[gate.condition].successors.append(index) }
        }
        addReads(to: &steps)
        return steps
    }

    private func addReads(to steps: inout [CompiledStep]) {
        var outputs: [String: Int] = [:]
        for (index, step) in steps.enumerated() {
            if let name = step.outputName { outputs[name] = index }
        }
        for index in steps.indices {
            steps[index].reads = StepReads(steps[index].references, stepNames, outputs: outputs)
        }
    }

    private func checkOutputNames(_ reader: inout DefinitionReader) {
        var seen: Set<String> = []
        for step in definition.steps {
            guard let name = step.outputName, !seen.insert(name).inserted else { continue }
            reader.refuse(
                step.pointer.appending("outputAs"), "the name \"\(name)\" is given to two outputs",
                .workflowDuplicateStep)
        }
    }

    /// The indices of a step's dependencies, each once and without disabled steps, which are as if they were
    /// not there.
    private func dependencies(_ step: StepDefinition, _ reader: inout DefinitionReader) -> [Int] {
        var indices: [Int] = []
        var seen: Set<Int> = []
        for (position, text) in step.dependencies.enumerated() {
            guard let index = stepNames.exact(text) else {
                if reader.isFull { break }
                let suggestion = reader.suggestion(for: text, among: allNames)
                reader.refuse(
                    step.pointer.appending("dependencies").appending(position),
                    "no step is called \"\(text)\"." + suggestion,
                    .workflowUnknownDependency)
                continue
            }
            if definition.steps[index].isEnabled, seen.insert(index).inserted { indices.append(index) }
        }
        return indices
    }

    /// The gates of each step that an enabled condition names.
    private func gates(_ parameters: [StepParameters]) -> [Int: [Gate]] {
        var gates: [Int: [Gate]] = [:]
        for (index, step) in definition.steps.enumerated() where step.isEnabled {
            guard case .condition(let condition) = parameters[index] else { continue }
            for (branch, targets) in condition.branches.map(\.targets).enumerated() {
                for target in targets {
                    gates[target, default: []].append(Gate(condition: index, branch: branch))
                }
            }
        }
        return gates
    }

    private func runRule(_ step: StepDefinition, _ reader: inout DefinitionReader) -> RunRule {
        switch step.runIf {
        case nil, "success": return .graph
        case "failure": return .failure
        case "always": return .always
        case let text?:
            let pointer = step.pointer.appending("runIf")
            return condition(text, at: pointer, &reader).map { .when($0) } ?? .graph
        }
    }

    // MARK: Expressions

    /// An expression that gives any value.
    func expression(
        _ text: String, at pointer: JSONPointer, _ reader: inout DefinitionReader
    ) -> Expression? {
        expression(at: pointer, &reader) { () throws(TenonError) in
            try Expression.compile(unwrapped(text), names: known)
        }
    }

    /// An expression that is true or false.
    func condition(
        _ text: String, at pointer: JSONPointer, _ reader: inout DefinitionReader
    ) -> Expression? {
        expression(at: pointer, &reader) { () throws(TenonError) in
            try Expression.compileCondition(unwrapped(text), names: known)
        }
    }

    private func expression(
        at pointer: JSONPointer, _ reader: inout DefinitionReader,
        _ compile: () throws(TenonError) -> Expression
    ) -> Expression? {
        do throws(TenonError) {
            return try compile()
        } catch {
            reader.refuse(pointer, error.message, error.code)
            return nil
        }
    }

    /// People write conditions as templates too: `{{ a == b }}`.
    private func unwrapped(_ text: String) -> String {
        guard text.hasPrefix("{{"), text.hasSuffix("}}"), text.utf8.count >= 4 else { return text }
        let inner = String(text.dropFirst(2).dropLast(2))
        return inner.contains("}}") ? text : inner
    }

    func template(_ json: JSON, at pointer: JSONPointer, _ reader: inout DefinitionReader) -> Template? {
        template(json, known, at: pointer, &reader)
    }

    /// A part of what a connector gets, which alone may hold secrets.
    func connectorInput(
        _ json: JSON, at pointer: JSONPointer, _ reader: inout DefinitionReader
    ) -> Template? {
        template(json, knownToConnectors, at: pointer, &reader)
    }

    private func template(
        _ json: JSON, _ names: KnownNames, at pointer: JSONPointer, _ reader: inout DefinitionReader
    ) -> Template? {
        do throws(TenonError) {
            return try Template.compile(json, names: names, at: pointer)
        } catch {
            reader.refuse(error.fields)
            return nil
        }
    }

    // MARK: Integrations

    private func checkIntegrations(_ steps: [CompiledStep], _ reader: inout DefinitionReader) {
        let used = Set(steps.compactMap(\.integrationID))
        let listed = Set(definition.integrationIDs)
        for (index, id) in definition.integrationIDs.enumerated() where !used.contains(id) {
            reader.warn(
                JSONPointer(["integrationIds", "\(index)"]), "workflow.unused-integration",
                "no step uses the integration \"\(id)\"")
        }
        for (index, step) in steps.enumerated() {
            let pointer = definition.steps[index].pointer
            if let id = step.integrationID, !listed.isEmpty, !listed.contains(id) {
                reader.warn(
                    pointer.appending("parameters").appending("integrationId"),
                    "workflow.unlisted-integration",
                    "integrationIds does not list \"\(id)\"")
            }
            if step.isPlainWrite, definition.steps[index].onInDoubt == nil {
                reader.warn(
                    pointer, "workflow.write-without-idempotency",
                    "a crash during this write leaves it in doubt until somebody decides; give it an "
                        + "Idempotency-Key header that the other system heeds, or choose with onInDoubt")
            }
        }
    }
}

extension CompiledStep {
    /// A request whose method HTTP does not call idempotent and that carries no key of its own.
    fileprivate var isPlainWrite: Bool {
        guard case .call(let call) = parameters, case .request(let request) = call.input else { return false }
        return ["POST", "PATCH"].contains(request.method) && !request.hasIdempotencyKey
    }
}
