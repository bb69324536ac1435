package import TenonVersion
package import TenonJSON
package import TenonModel
package import TenonSchema

/// `connector.json`: everything that is known of a connector without running it.
package struct Manifest: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case source, target, bidirectional, action
    }

    package var name: String
    package var version: SemanticVersion
    package var title: String
    package var description: String
    package var type: Kind
    package var runtime: String
    package var abi: String
    /// Path in the package by platform (`linux-x86_64`).
    package var libraries: [String: String]
    package var configSchema: JSON
    /// `configSchema`, compiled.
    package var configuration: JSONSchema
    package var actions: [ActionDescription]
    package var streams: [JSON]
    /// `exactlyOnce` or `atLeastOnce`.
    package var commit: String
    /// The column types that the target takes.
    package var accepts: [String]
    package var concurrency: Int
    /// Where the author would like it to run: `cell` or `host`.
    package var isolation: String
    package var capabilities: [String]
    /// The document itself.
    package var json: JSON

    /// The platform of this machine, as manifests name it.
    package static var platform: String {
        #if arch(x86_64)
            "linux-x86_64"
        #elseif arch(arm64)
            "linux-aarch64"
        #else
            "unknown"
        #endif
    }

    package func action(_ name: String) -> ActionDescription? { actions.first { $0.name == name } }
}

/// An action as its manifest describes it.
package struct ActionDescription: Sendable {
    package var name: String
    package var description: String
    /// JSON Schemas; nil where the manifest gives none.
    package var input: JSON?
    package var output: JSON?
    fileprivate(set) var effectRule: EffectRule

    /// What a call with `input` does to the other system.
    package func effect(input: JSON) -> ActionEffect { effectRule.effect(input: input) }

    init(name: String, description: String, input: JSON?, output: JSON?, effectRule: EffectRule) {
        self.name = name
        self.description = description
        self.input = input
        self.output = output
        self.effectRule = effectRule
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
