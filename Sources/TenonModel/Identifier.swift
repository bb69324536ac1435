/// An id behind its own type, so that a workflow's id cannot be given where an execution's is asked for.
package protocol Identifier: RawRepresentable, Hashable, Sendable, Comparable, CustomStringConvertible
where RawValue == String {
    init(rawValue: String)
}

extension Identifier {
    package init(_ text: String) { self.init(rawValue: text) }
    package var description: String { rawValue }
    package static func < (left: Self, right: Self) -> Bool { left.rawValue.utf8Precedes(right.rawValue) }
}

package struct ProjectID: Identifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}
/// The name under which a project's definitions address a deployed instance (`integrationId`).
package struct IntegrationID: Identifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}
package struct WorkflowID: Identifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}
package struct PipelineID: Identifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}
package struct ExecutionID: Identifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}
package struct TriggerID: Identifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}
package struct ConnectorID: Identifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}
package struct InstanceID: Identifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}
/// Lower-case hexadecimal SHA-256 of a file's bytes.
package struct Digest: Identifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}

extension String {
    /// Order by UTF-8 bytes, the order of every comparison of strings in Tenon.
    package func utf8Precedes(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }
}

/// Text that a person chose as an id or a name: 1 to 128 characters, no controls.
package enum UserGivenText {
    /// Why `text` cannot be an id or a name, or nil where it can.
    package static func problem(with text: String) -> String? {
        if text.isEmpty { return "must not be empty" }
        if text.unicodeScalars.count > Limits.userGivenTextScalars {
            return "must not be longer than \(Limits.userGivenTextScalars) characters"
        }
        let hasControl = text.unicodeScalars.contains { $0.properties.generalCategory == .control }
        return hasControl ? "must not contain control characters" : nil
    }
}
