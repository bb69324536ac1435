internal import Foundation
package import GRDB
package import TenonModel

/// A named text of a project, sealed.
package struct SecretRow: Sendable, Equatable {
    package var project: ProjectID
    package var name: String
    package var value: [UInt8]
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    package init(project: ProjectID, name: String, value: [UInt8], at moment: Timestamp) {
        self.project = project
        self.name = name
        self.value = value
        createdAt = moment
        updatedAt = moment
    }

    init(_ row: Row) {
        project = ProjectID(row["project_id"])
        name = row["name"]
        value = [UInt8](row["value"] as Data)
        createdAt = Timestamp(microseconds: row["created_at"])
        updatedAt = Timestamp(microseconds: row["updated_at"])
    }
}

/// The table `secrets`.
package enum SecretTable {
    static let statements = [
        """
        CREATE TABLE secrets (
            project_id TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL, created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL, PRIMARY KEY (project_id, name)
        ) STRICT, WITHOUT ROWID
        """
    ]

    /// Stores a secret; an earlier one of its name keeps the moment at which it was made.
    package static func put(_ secret: SecretRow, in database: Database) throws -> SecretRow {
        try database.execute(
            sql: """
                INSERT INTO secrets VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
                SET value = excluded.value, updated_at = excluded.updated_at
                """,
            arguments: [
                secret.project.rawValue, secret.name, Data(secret.value), secret.createdAt.microseconds,
                secret.updatedAt.microseconds,
            ])
        return try find(secret.project, secret.name, in: database) ?? secret
    }

    package static func find(
        _ project: ProjectID, _ name: String, in database: Database
    ) throws -> SecretRow? {
        try Row.fetchOne(
            database, sql: "SELECT * FROM secrets WHERE project_id = ? AND name = ?",
            arguments: [project.rawValue, name]
        ).map(SecretRow.init)
    }

    /// By name.
    package static func all(of project: ProjectID, in database: Database) throws -> [SecretRow] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM secrets WHERE project_id = ? ORDER BY name",
            arguments: [project.rawValue]
        ).map(SecretRow.init)
    }

    package static func remove(_ project: ProjectID, _ name: String, in database: Database) throws {
        try database.execute(
            sql: "DELETE FROM secrets WHERE project_id = ? AND name = ?",
            arguments: [project.rawValue, name])
    }

    /// Of one project; of all where `project` is nil.
    package static func count(of project: ProjectID?, in database: Database) throws -> Int {
        try Int.fetchOne(
            database, sql: "SELECT count(*) FROM secrets WHERE ?1 IS NULL OR project_id = ?1",
            arguments: [project?.rawValue]) ?? 0
    }
}
