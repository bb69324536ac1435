package import TenonJSON
package import TenonModel
internal import TenonSchema

/// An action as its manifest describes it.
package struct ActionDescription: Sendable {
    package var name: String
    package var description: String
    /// JSON Schemas; nil where the manifest gives none.
    package var input: JSON?
    package var output: JSON?
    /// `input` and `output`, compiled.
    var inputSchema: JSONSchema?
    var outputSchema: JSONSchema?
    private let effectRule: EffectRule

    /// What a call with `input` does to the other system.
    package func effect(input: JSON) -> ActionEffect { effectRule.effect(input: input) }

    init(name: String, description: String, input: JSON?, output: JSON?, effectRule: EffectRule) {
        self.name = name
        self.description = description
        self.input = input
        self.output = output
        self.effectRule = effectRule
    }

    /// Throws `action.input-invalid` with pointers from `/input` where the action's schema does not allow an
    /// input; nothing of the input but its keys stands in the message. `masked` takes out of a problem what
    /// nobody may see, before the message cuts it.
    package func check(
        input: JSON, masked: (FieldError) -> FieldError = { $0 }
    ) throws(TenonError) {
        let problems = (inputSchema?.problems(in: input, at: JSONPointer(["input"])) ?? []).map(masked)
        guard !problems.isEmpty else { return }
        throw TenonError(
            .actionInputInvalid,
            "The action \"\(name)\" does not take this input: \(Self.words(problems)). Correct the input.",
            fields: problems)
    }

    /// Throws `action.output-invalid` where the connector gave what its own schema does not allow.
    package func check(
        output: JSON, masked: (FieldError) -> FieldError = { $0 }
    ) throws(TenonError) {
        let problems = (outputSchema?.problems(in: output, at: JSONPointer(["output"])) ?? []).map(masked)
        guard !problems.isEmpty else { return }
        throw TenonError(
            .actionOutputInvalid,
            "The action \"\(name)\" answered what its own manifest does not allow: \(Self.words(problems)). "
                + "This is a mistake of the connector; tell its author.",
            fields: problems)
    }

    private static func words(_ problems: [FieldError]) -> String {
        let shown = problems.prefix(3).map { "\($0.pointer.prefix(200)) \($0.message.prefix(500))" }.joined(
            separator: "; ")
        return problems.count > 3 ? "\(shown); and \(problems.count - 3) more" : shown
    }
}

/// How the effect of an action follows from its input.
enum EffectRule: Sendable, Equatable {
    case always(ActionEffect)
    case byField(String, [String: ActionEffect], otherwise: ActionEffect)

    func effect(input: JSON) -> ActionEffect {
        switch self {
        case .always(let effect): effect
        case .byField(let field, let effects, let otherwise):
            input[field]?.string.flatMap { effects[$0] ?? effects[$0.uppercased()] } ?? otherwise
        }
    }
}
