internal import TenonExpression
package import TenonJSON
package import TenonModel

/// A step ready to run: its place in the graph and its compiled parameters.
package struct CompiledStep: Sendable {
    package let name: String
    package let id: String
    package let type: StepType
    package let parameters: StepParameters
    package let retry: RetryPolicy
    package let timeout: Duration?
    package let continuesOnError: Bool
    package let isEnabled: Bool
    package let onInDoubt: StepDefinition.InDoubtPolicy
    package let outputName: String?
    let runRule: RunRule

    // The graph, by index.

    /// The place of its `order` among all orders of the workflow.
    let group: Int
    /// Whether it waits for all steps of lower groups.
    let hasBarrier: Bool
    let dependencies: [Int]
    let gates: [Gate]
    /// The steps that wait for this one by a dependency or a gate, once per edge.
    var successors: [Int] = []

    package internal(set) var reads = StepReads([], StepNames([]), outputs: [:])

    /// The instance that an api-call step addresses.
    package var integrationID: IntegrationID? {
        if case .call(let call) = parameters { call.integrationID } else { nil }
    }

    /// The action that an api-call step invokes; "" for other steps.
    package var action: String {
        if case .call(let call) = parameters { call.action } else { "" }
    }
}

/// What lets a step begin beside its edges.
enum RunRule: Sendable {
    /// The rule of barriers, gates and dependencies; also what `runIf: success` says.
    case graph
    /// A step failed: one of its dependencies if it has any, else any.
    case failure
    case always
    case when(Expression)

    /// Whether the step may begin although another failed.
    var overrides: Bool { if case .graph = self { false } else { true } }
}

/// A condition that names a step, and the branch by which.
struct Gate: Sendable, Equatable {
    var condition: Int
    var branch: Int
}

/// What a step does.
package enum StepParameters: Sendable {
    case call(CallParameters)
    case transform(TransformParameters)
    case condition(ConditionParameters)
}

/// An api-call's address and input.
package struct CallParameters: Sendable {
    package var integrationID: IntegrationID
    package var action: String
    var input: CallInput
}

enum CallInput: Sendable {
    /// `input` as written, for any action.
    case whole(Template)
    /// The fields of the action `request`.
    case request(RequestParameters)
}

struct RequestParameters: Sendable {
    var method: String
    var endpoint: Template
    var query: Template?
    var headers: Template?
    var data: Template?
    var successStatus: JSON?
}

/// A data-transform's input and operators.
package struct TransformParameters: Sendable {
    /// Nil: the output of the nearest earlier step.
    var input: Template?
    /// As written: one transformation or a list of them.
    package var transformation: JSON
    /// What it reads of the execution, beside its records.
    var references: [Reference] = []
}

/// A condition's branches.
package struct ConditionParameters: Sendable {
    /// What decides: the first branch that holds.
    enum Selector: Sendable {
        /// Branch 0 where it holds, else branch 1.
        case test(Expression)
        /// The first case whose value the expression gives; the last branch is the default.
        case match(Expression, [JSON])
        /// The first case whose condition holds; the last branch is the default.
        case first([Expression])
    }

    struct Branch: Sendable {
        /// For messages and the step's output: `true`, `false`, a case's step, `default`.
        var name: String
        var targets: [Int]
        /// Whether the rest is skipped where the branch has no targets.
        var stopsWithoutTarget: Bool
    }

    var selector: Selector
    var branches: [Branch]
}
