internal import TenonJSON
internal import TenonModel
internal import TenonWorkflow

/// What was found in the expressions of a workflow's steps, as its answers show it.
struct StepFindings: Sendable {
    /// What the host adds to a step; not part of what is stored.
    static let addedKeys = ["inferredDependencies", "secrets"]

    /// The steps that each step reads, by name, and the names of its secrets.
    private let steps: [(dependencies: [String], secrets: [String])]

    init(_ workflow: CompiledWorkflow) {
        steps = workflow.steps.map { step in
            (step.reads.steps.map { workflow.steps[$0].name }, step.reads.secrets)
        }
    }

    /// A workflow with them in its steps.
    func added(to workflow: JSON) -> JSON {
        guard var object = workflow.object, let given = object["steps"]?.array, given.count == steps.count
        else {
            return workflow
        }
        object["steps"] = .array(
            zip(given, steps).map { step, found in
                guard var fields = step.object else { return step }
                fields["inferredDependencies"] = .array(found.dependencies.map(JSON.string))
                if !found.secrets.isEmpty { fields["secrets"] = .array(found.secrets.map(JSON.string)) }
                return .object(fields)
            })
        return .object(object)
    }

    /// Steps as they are stored, so that what was answered can be sent back.
    static func removed(from steps: JSON?) -> JSON? {
        guard let elements = steps?.array else { return steps }
        return .array(
            elements.map { step in
                guard var fields = step.object else { return step }
                for key in addedKeys { fields[key] = nil }
                return .object(fields)
            })
    }
}
