package import TenonConnectors
package import TenonJSON
package import TenonModel

/// Where a call goes, and whether it may be repeated.
package struct CallTarget: Sendable {
    package var connection: any InstanceConnection
    package var effect: ActionEffect

    package init(connection: any InstanceConnection, effect: ActionEffect) {
        self.connection = connection
        self.effect = effect
    }
}

/// Finds the instance behind an integration id. Asked before every call, on engine threads: it must be quick.
package protocol CallDirectory: Sendable {
    /// Throws `integration.not-deployed`.
    func target(_ project: ProjectID, _ integration: IntegrationID, action: String, input: JSON)
        throws(TenonError) -> CallTarget
}
