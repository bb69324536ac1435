internal import Foundation
package import GRDB
package import TenonModel

/// A deployed instance.
package struct InstanceRow: Sendable, Equatable {
    package var id: InstanceID
    package var connectorID: ConnectorID
    package var projectID: ProjectID
    package var integrationID: IntegrationID
    /// The versions it may run (`^1.2`).
    package var pin: String
    package var packageDigest: Digest
    /// `cell` or `host`.
    package var isolation: String
    /// Sealed.
    package var configuration: [UInt8]
    /// What the last check said: a JSON array.
    package var checks: String
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    package var epoch: Int64

    package init(id: InstanceID, connectorID: ConnectorID, projectID: ProjectID, integrationID: IntegrationID)
    {
        self.id = id
        self.connectorID = connectorID
        self.projectID = projectID
        self.integrationID = integrationID
        pin = ""
        packageDigest = Digest("")
        isolation = "cell"
        configuration = []
        checks = "[]"
        createdAt = Timestamp(microseconds: 0)
        updatedAt = createdAt
        epoch = 0
    }

    fileprivate init(_ row: Row) {
        self.init(
            id: InstanceID(row["id"]), connectorID: ConnectorID(row["connector_id"]),
            projectID: ProjectID(row["project_id"]), integrationID: IntegrationID(row["integration_id"]))
        pin = row["pin"]
        packageDigest = Digest(row["package_digest"])
        isolation = row["isolation"]
        configuration = [UInt8](row["configuration"] as Data)
        checks = row["checks"]
        createdAt = Timestamp(microseconds: row["created_at"])
        updatedAt = Timestamp(microseconds: row["updated_at"])
        epoch = row["epoch"]
    }
}

/// The table `instances`.
package enum InstanceTable {
    package static func insert(_ instance: InstanceRow, in database: Database) throws {
        try database.execute(
            sql: "INSERT INTO instances VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                instance.id.rawValue, instance.connectorID.rawValue, instance.projectID.rawValue,
                instance.integrationID.rawValue, instance.pin, instance.packageDigest.rawValue,
                instance.isolation, Data(instance.configuration), instance.checks,
                instance.createdAt.microseconds, instance.updatedAt.microseconds, instance.epoch,
            ])
    }

    package static func all(in database: Database) throws -> [InstanceRow] {
        try Row.fetchAll(database, sql: "SELECT * FROM instances ORDER BY id").map(InstanceRow.init)
    }

    package static func find(
        _ project: ProjectID, _ integration: IntegrationID, in database: Database
    ) throws -> InstanceRow? {
        try Row.fetchOne(
            database, sql: "SELECT * FROM instances WHERE project_id = ? AND integration_id = ?",
            arguments: [project.rawValue, integration.rawValue]
        ).map(InstanceRow.init)
    }

    /// Instances that run the package.
    package static func users(of package: Digest, in database: Database) throws -> [InstanceRow] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM instances WHERE package_digest = ? ORDER BY id",
            arguments: [package.rawValue]
        ).map(InstanceRow.init)
    }

    package static func setChecks(
        _ checks: String, of id: InstanceID, at time: Timestamp, in database: Database
    ) throws {
        try database.execute(
            sql: "UPDATE instances SET checks = ?, updated_at = ? WHERE id = ?",
            arguments: [checks, time.microseconds, id.rawValue])
    }

    /// Also removes the instance's state.
    package static func remove(_ id: InstanceID, in database: Database) throws {
        try database.execute(sql: "DELETE FROM instances WHERE id = ?", arguments: [id.rawValue])
    }
}
