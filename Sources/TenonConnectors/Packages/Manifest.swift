package import TenonVersion
package import TenonJSON
internal import TenonModel
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
