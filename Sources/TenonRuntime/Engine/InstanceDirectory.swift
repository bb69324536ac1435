package import TenonConnectors
package import TenonJSON
package import TenonModel

/// Finds the instance behind an integration id. Asked before every call, on engine threads: it must be quick.
package protocol InstanceDirectory: Sendable {
    /// Where a call of `action` goes. Throws `integration.not-deployed` and `action.unknown`.
    func target(_ project: ProjectID, _ integration: IntegrationID, action: String, input: JSON)
        throws(TenonError) -> CallTarget
    /// What a pipeline reads from or writes to. Throws `integration.not-deployed`.
    func end(_ project: ProjectID, _ integration: IntegrationID) throws(TenonError) -> PipelineEnd
}

/// Where a call goes, and whether it may be repeated.
package struct CallTarget: Sendable {
    package var connection: any InstanceConnection
    package var effect: ActionEffect
    /// What the connector's manifest says of the input and the answer.
    package var action: ActionDescription?

    package init(connection: any InstanceConnection, effect: ActionEffect) {
        self.connection = connection
        self.effect = effect
    }
}

/// What a target promises about records that are sent again after an interruption.
package enum CommitGuarantee: String, Sendable {
    case exactlyOnce
    /// It keeps no number of its commits, so that some records may come twice.
    case atLeastOnce
}

/// An instance as a pipeline's source or target.
package struct PipelineEnd: Sendable {
    package var connection: any InstanceConnection
    /// The column types that a target takes, as in its manifest.
    package var accepts: [String]
    /// The stream that is meant where a definition names none.
    package var defaultStream: String?
    package var guarantee = CommitGuarantee.exactlyOnce
    /// Another one where the instance was upgraded, or removed and deployed anew.
    package var identity = ""

    package init(connection: any InstanceConnection, accepts: [String], defaultStream: String?) {
        self.connection = connection
        self.accepts = accepts
        self.defaultStream = defaultStream
    }
}
