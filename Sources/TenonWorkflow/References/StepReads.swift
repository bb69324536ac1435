internal import TenonExpression
internal import TenonModel

/// What the expressions of a step read, as found when they were compiled.
package struct StepReads: Sendable, Equatable {
    /// The steps whose output or state it reads, by index, in the order of the definition.
    package var steps: [Int] = []
    /// The names of the secrets in its input.
    package var secrets: [String] = []

    init(_ references: [Reference], _ names: StepNames, outputs: [String: Int]) {
        var found: Set<Int> = []
        var secrets: Set<String> = []
        for reference in references {
            if let step = reference.step(names, outputs: outputs) { found.insert(step) }
            if reference.name == "secret", let name = reference.members.first { secrets.insert(name) }
        }
        steps = found.sorted()
        self.secrets = secrets.sorted { $0.utf8Precedes($1) }
    }
}

extension Reference {
    /// The step that it reads, if it says which.
    func step(_ names: StepNames, outputs: [String: Int]) -> Int? {
        switch name {
        case "steps": members.first.flatMap { names.exact($0) }
        case "context": members.first.flatMap { names.exact($0) ?? outputs[$0] }
        default: outputs[name]
        }
    }
}

extension CompiledStep {
    /// Everything that its expressions read.
    var references: [Reference] {
        var references = parameters.references
        if case .when(let expression) = runRule { references += expression.references }
        return references
    }
}

extension StepParameters {
    fileprivate var references: [Reference] {
        switch self {
        case .call(let call):
            switch call.input {
            case .whole(let template): template.references
            case .request(let request):
                [request.endpoint, request.query, request.headers, request.data].compactMap { $0 }
                    .flatMap(\.references)
            }
        case .transform(let parameters): (parameters.input?.references ?? []) + parameters.references
        case .condition(let parameters):
            switch parameters.selector {
            case .test(let expression), .match(let expression, _): expression.references
            case .first(let conditions): conditions.flatMap(\.references)
            }
        }
    }
}
