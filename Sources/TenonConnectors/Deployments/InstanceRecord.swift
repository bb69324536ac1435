package import TenonJSON
package import TenonModel

/// A deployed instance as the API shows it.
package struct InstanceRecord: Sendable {
    package var id: InstanceID
    package var connectorID: ConnectorID
    package var projectID: ProjectID
    package var integrationID: IntegrationID
    package var packageName: String
    package var packageVersion: String
    package var packageDigest: Digest
    /// The versions it may run.
    package var pin: String
    package var isolation: Isolation
    /// Secrets masked.
    package var configuration: JSON
    package var status: InstanceStatus
    /// What the last check said.
    package var checks: [JSON]
    /// The limits and protections in force.
    package var protections: [String]
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    /// Why it is not ready; also the check that failed, where everything else is well.
    package var reason: String { status.reason }

    package var json: JSON {
        [
            "id": .string(id.rawValue), "connectorId": .string(connectorID.rawValue),
            "projectId": .string(projectID.rawValue), "integrationId": .string(integrationID.rawValue),
            "status": .string(status.rawName), "reason": .string(reason),
            "package": [
                "name": .string(packageName), "version": .string(packageVersion),
                "digest": .string(packageDigest.rawValue), "pin": .string(pin),
            ],
            "isolation": .string(isolation.rawValue), "configuration": configuration,
            "checks": .array(checks),
            "protections": .array(protections.map(JSON.string)), "createdAt": .string(createdAt.iso8601),
            "updatedAt": .string(updatedAt.iso8601),
        ]
    }
}

/// An instance as steps and pipelines use it.
package struct DeployedInstance: Sendable {
    let live: LiveInstance

    package var record: InstanceRecord { live.record }
    package var manifest: Manifest { live.package.manifest }
    package var connection: any InstanceConnection { live.connection }
}
